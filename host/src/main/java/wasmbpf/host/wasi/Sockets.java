package wasmbpf.host.wasi;



/**
 * {@code sock_*}: the calls preview 1 has on sockets the guest was given (a standard stream that is one) and on
 * connections accepted from them.
 */
final class Sockets {
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_PEEK = 2;
    private static final int MSG_WAITALL = 0x100;
    private static final int MSG_TRUNC = 0x20;
    private static final int NONBLOCK = 4;

    private final FdTable fds;
    private final FileCalls files;
    private final Scratch scratch;
    private final Interruption interruption;

    Sockets(FdTable fds, FileCalls files, Scratch scratch, Interruption interruption) {
        this.fds = fds;
        this.files = files;
        this.scratch = scratch;
        this.interruption = interruption;
    }

    int call(WasiFunction function, GuestMemory memory, long[] a) {
        Descriptor d = fds.require((int) a[0]);
        switch (function) {
            case SOCK_ACCEPT -> accept(memory, d, (int) a[1], (int) a[2]);
            case SOCK_RECV -> receive(memory, d, a);
            case SOCK_SEND -> send(memory, d, a);
            case SOCK_SHUTDOWN -> {
                int how = (int) a[1];
                if (how < 1 || how > 3) {
                    throw new WasiException(WasiErrno.INVAL);
                }
                // WASI's bits 1 = read, 2 = write; Linux counts 0 = read, 1 = write, 2 = both.
                WasiException.check(files.shutdown(d.hostFd(), how - 1));
            }
            default -> throw new IllegalStateException(function.wasmName);
        }
        return WasiErrno.SUCCESS;
    }

    private void accept(GuestMemory memory, Descriptor d, int flags, int opened) {
        memory.offset(opened, 4);
        await(d, FileCalls.POLLIN);
        int hostFd = (int) WasiException.check(files.accept(d.hostFd(), FdState.openFlags(flags & NONBLOCK)));
        Descriptor connection = new Descriptor(hostFd, true, FileType.SOCKET_STREAM, Rights.SOCKET, 0, null);
        connection.flags(flags & NONBLOCK);
        int fd = fds.add(connection);
        if (fd < 0) {
            files.close(hostFd);
            throw new WasiException(WasiErrno.MFILE);
        }
        memory.i32(opened, fd);
    }

    private void receive(GuestMemory memory, Descriptor d, long[] a) {
        int flags = (int) a[3];
        if ((flags & ~3) != 0) {
            throw new WasiException(WasiErrno.INVAL);
        }
        memory.offset((int) a[4], 4);
        memory.offset((int) a[5], 2);
        message(memory, (int) a[1], (int) a[2]);
        await(d, FileCalls.POLLIN);
        int linux = ((flags & 1) != 0 ? MSG_PEEK : 0) | ((flags & 2) != 0 ? MSG_WAITALL : 0);
        long n = WasiException.check(files.recvmsg(d.hostFd(), scratch.address(Scratch.MSGHDR), linux));
        memory.i32((int) a[4], (int) n);
        memory.u16((int) a[5], (scratch.i32(Scratch.MSGHDR + 48) & MSG_TRUNC) != 0 ? 1 : 0);
    }

    private void send(GuestMemory memory, Descriptor d, long[] a) {
        if ((int) a[3] != 0) {
            throw new WasiException(WasiErrno.INVAL);
        }
        memory.offset((int) a[4], 4);
        message(memory, (int) a[1], (int) a[2]);
        long n = WasiException.check(files.sendmsg(d.hostFd(), scratch.address(Scratch.MSGHDR), MSG_NOSIGNAL));
        memory.i32((int) a[4], (int) n);
    }

    private void await(Descriptor d, int events) {
        if ((d.flags() & NONBLOCK) == 0) {
            int ready = interruption.await(d.hostFd(), events, -1);
            if (ready < 0) {
                throw new WasiException(WasiErrno.fromLinux(-ready));
            }
        }
    }

    /** struct msghdr: 0 name, 8 name length, 16 iovecs, 24 count, 32 control, 40 control length, 48 flags. */
    private void message(GuestMemory memory, int iovs, int count) {
        memory.offset(iovs, 8L * Integer.toUnsignedLong(count));
        if (Integer.compareUnsigned(count, Scratch.MAX_IOVECS) > 0) {
            throw new WasiException(WasiErrno.INVAL);
        }
        for (int i = 0; i < count; i++) {
            long length = Integer.toUnsignedLong(memory.i32(iovs + 8 * i + 4));
            scratch.i64(Scratch.IOVECS + 16 * i, memory.address(memory.i32(iovs + 8 * i), length));
            scratch.i64(Scratch.IOVECS + 16 * i + 8, length);
        }
        for (int at = 0; at < 56; at += 8) {
            scratch.i64(Scratch.MSGHDR + at, 0);
        }
        scratch.i64(Scratch.MSGHDR + 16, scratch.address(Scratch.IOVECS));
        scratch.i64(Scratch.MSGHDR + 24, count);
    }
}
