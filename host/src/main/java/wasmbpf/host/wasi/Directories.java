package wasmbpf.host.wasi;

import java.nio.charset.StandardCharsets;


/** {@code fd_prestat_*} and {@code fd_readdir}. */
final class Directories {
    private static final int DIRENT_HEADER = 24;

    private final FdTable fds;
    private final FileCalls files;
    private final Scratch scratch;

    Directories(FdTable fds, FileCalls files, Scratch scratch) {
        this.fds = fds;
        this.files = files;
        this.scratch = scratch;
    }

    int call(WasiFunction function, GuestMemory memory, long[] args) {
        int fd = (int) args[0];
        switch (function) {
            case FD_PRESTAT_GET -> {
                // prestat: tag u8 (0 = directory), 4 length of the name u32.
                byte[] name = preopenName(fd);
                memory.i64((int) args[1], (long) name.length << 32);
            }
            case FD_PRESTAT_DIR_NAME -> {
                byte[] name = preopenName(fd);
                if (Integer.toUnsignedLong((int) args[2]) < name.length) {
                    throw new WasiException(WasiErrno.NAMETOOLONG);
                }
                memory.bytes((int) args[1], name, name.length);
            }
            case FD_READDIR -> readdir(memory, fd, (int) args[1], (int) args[2], args[3], (int) args[4]);
            default -> throw new IllegalStateException(function.wasmName);
        }
        return WasiErrno.SUCCESS;
    }

    /** BADF for anything that is not a preopen: it ends a guest's search for them, which counts up from 3. */
    private byte[] preopenName(int fd) {
        Descriptor d = fds.get(fd);
        if (d == null || d.preopenName() == null) {
            throw new WasiException(WasiErrno.BADF);
        }
        return d.preopenName().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Fills the guest's buffer with entries; the last may be cut off, which with {@code used == length} tells the guest to
     * come again with the last whole entry's cookie. Cookies are the kernel's own positions ({@code d_off}).
     *
     * <pre>
     *  dirent     0 next cookie u64  8 inode u64  16 name length u32  20 type u8  (24 bytes), then the name
     *  dirent64   0 inode u64  8 offset of the next u64  16 record length u16  18 type u8  19 name, NUL-terminated
     * </pre>
     */
    private void readdir(GuestMemory memory, int fd, int buffer, int length, long cookie, int bufused) {
        Descriptor d = fds.require(fd);
        if (d.fileType() != FileType.DIRECTORY) {
            throw new WasiException(WasiErrno.NOTDIR);
        }
        if (!d.has(Rights.FD_READDIR)) {
            throw new WasiException(WasiErrno.NOTCAPABLE);
        }
        long size = Integer.toUnsignedLong(length);
        memory.offset(buffer, size);
        memory.offset(bufused, 4);
        WasiException.check(files.lseek(d.hostFd(), cookie, 0));
        long used = 0;
        while (used < size) {
            long n = files.getdents(d.hostFd(), scratch.address(Scratch.DIRENTS), Scratch.DIRENTS_SIZE);
            WasiException.check(n);
            if (n == 0) {
                break;
            }
            for (int at = 0; at < n && used < size; at += scratch.u16(Scratch.DIRENTS + at + 16)) {
                byte[] entry = entry(Scratch.DIRENTS + at);
                int fits = (int) Math.min(entry.length, size - used);
                memory.bytes((int) (buffer + used), entry, fits);
                used += fits;
            }
        }
        memory.i32(bufused, (int) used);
    }

    private byte[] entry(int dirent) {
        int nameLength = 0;
        while (scratch.u8(dirent + 19 + nameLength) != 0) {
            nameLength++;
        }
        byte[] out = new byte[DIRENT_HEADER + nameLength];
        little(out, 0, scratch.i64(dirent + 8), 8);
        little(out, 8, scratch.i64(dirent), 8);
        little(out, 16, nameLength, 4);
        out[20] = (byte) FileType.ofDirentType(scratch.u8(dirent + 18));
        System.arraycopy(scratch.bytes(dirent + 19, nameLength), 0, out, DIRENT_HEADER, nameLength);
        return out;
    }

    private static void little(byte[] out, int at, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out[at + i] = (byte) (value >> 8 * i);
        }
    }
}
