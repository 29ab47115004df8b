package wasmbpf.host.wasi;



/** The functions that ask for or change a descriptor's state: flags, rights, size, times, syncing, closing. */
final class FdState {
    private static final int APPEND = 1;
    private static final int DSYNC = 2;
    private static final int NONBLOCK = 4;
    private static final int RSYNC = 8;
    private static final int SYNC = 16;

    private final FdTable fds;
    private final FileCalls files;
    private final Scratch scratch;
    private final Snapshot snapshot;

    FdState(FdTable fds, FileCalls files, Scratch scratch, Snapshot snapshot) {
        this.fds = fds;
        this.files = files;
        this.scratch = scratch;
        this.snapshot = snapshot;
    }

    int call(WasiFunction function, GuestMemory memory, long[] args) {
        int fd = (int) args[0];
        switch (function) {
            case FD_CLOSE -> fds.close(fd);
            case FD_RENUMBER -> fds.renumber(fd, (int) args[1]);
            case FD_FDSTAT_GET -> fdstat(memory, fds.require(fd), (int) args[1]);
            case FD_FDSTAT_SET_FLAGS -> setFlags(fds.require(fd, Rights.FD_FDSTAT_SET_FLAGS), (int) args[1] & 0xffff);
            case FD_FDSTAT_SET_RIGHTS -> setRights(fds.require(fd), args[1], args[2]);
            case FD_FILESTAT_GET -> {
                Descriptor d = fds.require(fd, Rights.FD_FILESTAT_GET);
                int flags = FileCalls.AT_EMPTY_PATH;
                FileStat.store(files, scratch, d.hostFd(), FileStat.emptyPath(scratch), flags, memory, (int) args[1],
                        snapshot);
                // The same answer as fd_fdstat_get gives, so that both ways of asking agree on a pipe.
                memory.u8((int) args[1] + 16, d.fileType());
            }
            case FD_FILESTAT_SET_SIZE -> {
                Descriptor d = fds.require(fd, Rights.FD_FILESTAT_SET_SIZE);
                WasiException.check(files.ftruncate(d.hostFd(), positive(args[1])));
            }
            case FD_FILESTAT_SET_TIMES -> {
                Descriptor d = fds.require(fd, Rights.FD_FILESTAT_SET_TIMES);
                long times = FileStat.times(scratch, args[1], args[2], (int) args[3]);
                WasiException.check(files.utimensat(d.hostFd(), 0, times, 0));
            }
            case FD_ADVISE -> advise(fds.require(fd, Rights.FD_ADVISE), args[1], args[2], (int) args[3]);
            case FD_ALLOCATE -> {
                Descriptor d = fds.require(fd, Rights.FD_ALLOCATE);
                WasiException.check(files.fallocate(d.hostFd(), 0, positive(args[1]), positive(args[2])));
            }
            case FD_SYNC -> WasiException.check(files.fsync(fds.require(fd, Rights.FD_SYNC).hostFd()));
            case FD_DATASYNC -> WasiException.check(files.fdatasync(fds.require(fd, Rights.FD_DATASYNC).hostFd()));
            default -> throw new IllegalStateException(function.wasmName);
        }
        return WasiErrno.SUCCESS;
    }

    private static long positive(long value) {
        if (value < 0) {
            throw new WasiException(WasiErrno.INVAL);
        }
        return value;
    }

    /** fdstat: 0 filetype u8, 2 flags u16, 8 rights u64, 16 inheriting rights u64 (24 bytes). */
    private static void fdstat(GuestMemory memory, Descriptor d, int out) {
        memory.offset(out, 24);
        memory.i64(out, (long) d.flags() << 16 | d.fileType());
        memory.i64(out + 8, d.rights());
        memory.i64(out + 16, d.inheriting());
    }

    /**
     * O_NONBLOCK of a standard stream belongs to every process that shares it, so there it only changes how we wait;
     * on the guest's own files the kernel is told.
     */
    private void setFlags(Descriptor d, int flags) {
        if ((flags & ~(APPEND | DSYNC | NONBLOCK | RSYNC | SYNC)) != 0) {
            throw new WasiException(WasiErrno.INVAL);
        }
        if ((flags & (DSYNC | RSYNC | SYNC)) != (d.flags() & (DSYNC | RSYNC | SYNC))) {
            // Linux ignores these bits in F_SETFL.
            throw new WasiException(WasiErrno.NOTSUP);
        }
        if (d.owned()) {
            WasiException.check(files.setStatusFlags(d.hostFd(), openFlags(flags)));
        }
        d.flags(flags);
    }

    /** WASI's {@code fdflags} as open(2) has them. */
    static int openFlags(int flags) {
        return ((flags & APPEND) != 0 ? FileCalls.O_APPEND : 0)
                | ((flags & NONBLOCK) != 0 ? FileCalls.O_NONBLOCK : 0)
                | ((flags & DSYNC) != 0 ? FileCalls.O_DSYNC : 0)
                | ((flags & (SYNC | RSYNC)) != 0 ? FileCalls.O_SYNC : 0);
    }

    private static void setRights(Descriptor d, long base, long inheriting) {
        if ((base & ~d.rights()) != 0 || (inheriting & ~d.inheriting()) != 0) {
            throw new WasiException(WasiErrno.NOTCAPABLE);
        }
        d.narrow(base, inheriting);
    }

    private void advise(Descriptor d, long offset, long length, int advice) {
        // WASI counts normal, sequential, random, willneed, dontneed, noreuse; Linux has random before sequential.
        int linux = switch (advice) {
            case 0 -> 0;
            case 1 -> 2;
            case 2 -> 1;
            case 3, 4, 5 -> advice;
            default -> throw new WasiException(WasiErrno.INVAL);
        };
        WasiException.check(files.fadvise(d.hostFd(), positive(offset), positive(length), linux));
    }
}
