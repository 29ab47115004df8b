package wasmbpf.host.wasi;


import wasmbpf.wasm.ProcExit;

/**
 * {@code fd_read}, {@code fd_write}, their positioned forms, {@code fd_seek} and {@code fd_tell}. Bytes go between the
 * kernel and the guest's memory in place, unbuffered: what a guest has written is out when the call returns.
 */
final class FdIo {
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int EPIPE = 32;
    private static final int NONBLOCK = 4;
    /** What a shell shows for a program that died of SIGPIPE. */
    private static final int STATUS_SIGPIPE = 128 + 13;

    private final FdTable fds;
    private final FileCalls files;
    private final Scratch scratch;
    private final Interruption interruption;
    private final Snapshot snapshot;

    FdIo(FdTable fds, FileCalls files, Scratch scratch, Interruption interruption, Snapshot snapshot) {
        this.fds = fds;
        this.files = files;
        this.scratch = scratch;
        this.interruption = interruption;
        this.snapshot = snapshot;
    }

    int call(WasiFunction function, GuestMemory memory, long[] args) {
        int fd = (int) args[0];
        switch (function) {
            case FD_READ -> read(memory, fd, (int) args[1], (int) args[2], -1, (int) args[3]);
            case FD_PREAD -> read(memory, fd, (int) args[1], (int) args[2], offset(args[3]), (int) args[4]);
            case FD_WRITE -> write(memory, fd, (int) args[1], (int) args[2], -1, (int) args[3]);
            case FD_PWRITE -> write(memory, fd, (int) args[1], (int) args[2], offset(args[3]), (int) args[4]);
            case FD_SEEK -> seek(memory, fd, args[1], snapshot.linuxWhence((int) args[2]), (int) args[3]);
            case FD_TELL -> seek(memory, fd, 0, 1, (int) args[1]);
            default -> throw new IllegalStateException(function.wasmName);
        }
        return WasiErrno.SUCCESS;
    }

    private static long offset(long offset) {
        if (offset < 0) {
            throw new WasiException(WasiErrno.INVAL);
        }
        return offset;
    }

    private Descriptor readable(int fd, long right, int linuxErrno) {
        Descriptor d = fds.require(fd);
        if (d.fileType() == FileType.DIRECTORY && right != Rights.FD_SEEK) {
            throw new WasiException(WasiErrno.ISDIR);
        }
        if (!d.has(right)) {
            throw new WasiException(linuxErrno);
        }
        return d;
    }

    private void read(GuestMemory memory, int fd, int iovs, int count, long offset, int nread) {
        Descriptor d = readable(fd, Rights.FD_READ, WasiErrno.BADF);
        memory.offset(nread, 4);
        gather(memory, iovs, count, 0, 0);
        if (offset < 0 && d.fileType() != FileType.REGULAR_FILE && (d.flags() & NONBLOCK) == 0) {
            // A terminal or pipe may stay silent for ever: wait where a signal can wake us, then read what is there.
            int ready = interruption.await(d.hostFd(), FileCalls.POLLIN, -1);
            if (ready < 0) {
                throw new WasiException(WasiErrno.fromLinux(-ready));
            }
        }
        long n;
        do {
            n = offset < 0 ? files.readv(d.hostFd(), scratch.address(Scratch.IOVECS), gathered)
                    : files.preadv(d.hostFd(), scratch.address(Scratch.IOVECS), gathered, offset);
        } while (n == -EINTR);
        memory.i32(nread, (int) WasiException.check(n));
    }

    /** Writes everything unless the kernel refuses; after a part was written the part's size is the result, not an error. */
    private void write(GuestMemory memory, int fd, int iovs, int count, long offset, int nwritten) {
        Descriptor d = readable(fd, Rights.FD_WRITE, WasiErrno.BADF);
        memory.offset(nwritten, 4);
        long total = 0;
        int index = 0;
        long skip = 0;
        while (true) {
            long size = gather(memory, iovs, count, index, skip);
            if (size == 0 && total > 0) {
                break;
            }
            long n = offset < 0 ? files.writev(d.hostFd(), scratch.address(Scratch.IOVECS), gathered)
                    : files.pwritev(d.hostFd(), scratch.address(Scratch.IOVECS), gathered, offset + total);
            if (n == -EINTR || n == -EAGAIN && (d.flags() & NONBLOCK) == 0 && awaitWritable(d)) {
                continue;
            }
            if (n < 0 && total > 0) {
                break;
            }
            if (n == -EPIPE && d instanceof StandardStream) {
                // The reader of our output is gone. A native program dies of SIGPIPE here; a guest knows no signals and
                // one that ignores printf's result would run for ever.
                throw new ProcExit(STATUS_SIGPIPE);
            }
            total += WasiException.check(n);
            if (n == 0) {
                break;
            }
            skip += n;
            while (index < count && skip >= length(memory, iovs, index)) {
                skip -= length(memory, iovs, index++);
            }
            if (index == count) {
                break;
            }
        }
        memory.i32(nwritten, (int) total);
    }

    /** Standard output may be a non-blocking pipe that another program made so; false when a signal ended the wait. */
    private boolean awaitWritable(Descriptor d) {
        return interruption.await(d.hostFd(), FileCalls.POLLOUT, -1) > 0;
    }

    private static long length(GuestMemory memory, int iovs, int index) {
        return Integer.toUnsignedLong(memory.i32(iovs + 8 * index + 4));
    }

    /** How many iovecs {@link #gather} left in the scratch. */
    private int gathered;

    /**
     * Turns the guest's (pointer, length) pairs of 4 bytes into the kernel's of 8, from byte {@code skip} of pair
     * {@code index} on, at most as many as the kernel takes at once. All are checked before any byte moves.
     */
    private long gather(GuestMemory memory, int iovs, int count, int index, long skip) {
        memory.offset(iovs, 8L * Integer.toUnsignedLong(count));
        int n = 0;
        long size = 0;
        for (int i = index; i < count && n < Scratch.MAX_IOVECS; i++) {
            long length = length(memory, iovs, i);
            long address = memory.address(memory.i32(iovs + 8 * i), length);
            if (i == index) {
                address += skip;
                length -= skip;
            }
            size += length;
            if (size > Integer.MAX_VALUE) {
                // The kernel moves no more in one call (MAX_RW_COUNT); keeps the sum a positive i32 for the guest too.
                throw new WasiException(WasiErrno.INVAL);
            }
            if (length > 0) {
                scratch.i64(Scratch.IOVECS + 16 * n, address);
                scratch.i64(Scratch.IOVECS + 16 * n + 8, length);
                n++;
            }
        }
        gathered = n;
        return size;
    }

    private void seek(GuestMemory memory, int fd, long offset, int whence, int out) {
        Descriptor d = readable(fd, Rights.FD_SEEK, WasiErrno.SPIPE);
        if (whence < 0 || whence > 2) {
            throw new WasiException(WasiErrno.INVAL);
        }
        memory.offset(out, 8);
        memory.i64(out, WasiException.check(files.lseek(d.hostFd(), offset, whence)));
    }
}
