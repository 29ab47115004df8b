package wasmbpf.host.wasi;

/** WASI's file types (typenames.witx, {@code filetype}) and how Linux's {@code st_mode} and {@code d_type} become them. */
final class FileType {
    static final int UNKNOWN = 0;
    static final int BLOCK_DEVICE = 1;
    static final int CHARACTER_DEVICE = 2;
    static final int DIRECTORY = 3;
    static final int REGULAR_FILE = 4;
    static final int SOCKET_STREAM = 6;
    static final int SYMBOLIC_LINK = 7;

    private FileType() {}

    /** From {@code st_mode}; a FIFO is UNKNOWN, for which preview 1 has no name. */
    static int ofMode(int mode) {
        return ofDirentType(mode >> 12 & 0xf);
    }

    /** From {@code d_type}, whose values are the file type bits of {@code st_mode}. */
    static int ofDirentType(int type) {
        return switch (type) {
            case 2 -> CHARACTER_DEVICE;
            case 4 -> DIRECTORY;
            case 6 -> BLOCK_DEVICE;
            case 8 -> REGULAR_FILE;
            case 10 -> SYMBOLIC_LINK;
            case 12 -> SOCKET_STREAM;
            default -> UNKNOWN;
        };
    }
}
