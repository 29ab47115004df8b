package wasmbpf.host.wasi;



/**
 * Descriptor 0, 1 or 2. wasi-libc buffers output by lines when the descriptor is a CHARACTER_DEVICE without the rights
 * to seek and tell, by blocks otherwise, and a killed guest loses what a block holds. So terminals, pipes and sockets are
 * all shown as such a device; a regular file stays a file. {@code blockBuffered} shows only terminals so, as the
 * runtimes before this one do.
 */
final class StandardStream extends Descriptor {
    /** ioctl that succeeds on terminals only. */
    private static final long TCGETS = 0x5401;

    private StandardStream(int fd, int fileType, long rights) {
        super(fd, false, fileType, rights, 0, null);
    }

    /** Null when the host process has no such descriptor. */
    static StandardStream of(FileCalls files, Scratch scratch, int fd, boolean blockBuffered) {
        scratch.cString(Scratch.PATH_A, new byte[0], 0, 0);
        long statx = scratch.address(Scratch.STATX);
        if (files.statx(fd, scratch.address(Scratch.PATH_A), FileCalls.AT_EMPTY_PATH, statx) < 0) {
            return null;
        }
        int mode = scratch.u16(Scratch.STATX + FileStat.STATX_MODE);
        int type = FileType.ofMode(mode);
        boolean pipeOrSocket = (mode & 0xf000) == 0x1000 || type == FileType.SOCKET_STREAM;
        boolean line = pipeOrSocket && !blockBuffered
                || type == FileType.CHARACTER_DEVICE && files.ioctl(fd, TCGETS, scratch.address(Scratch.DIRENTS), 64) == 0;
        if (line) {
            return new StandardStream(fd, FileType.CHARACTER_DEVICE, Rights.STREAM);
        }
        return new StandardStream(fd, type, type == FileType.SOCKET_STREAM ? Rights.SOCKET : Rights.FILE);
    }
}
