package wasmbpf.host.wasi;

/** The error numbers of WASI preview 1 (typenames.witx, {@code errno}) and how Linux's numbers become them. */
public final class WasiErrno {
    public static final int SUCCESS = 0;
    public static final int AGAIN = 6;
    public static final int BADF = 8;
    public static final int EXIST = 20;
    public static final int FAULT = 21;
    public static final int INTR = 27;
    public static final int INVAL = 28;
    public static final int IO = 29;
    public static final int ISDIR = 31;
    public static final int LOOP = 32;
    public static final int MFILE = 33;
    public static final int NAMETOOLONG = 37;
    public static final int NOENT = 44;
    public static final int NOMEM = 48;
    public static final int NOSYS = 52;
    public static final int NOTDIR = 54;
    public static final int NOTSOCK = 57;
    public static final int NOTSUP = 58;
    public static final int OVERFLOW = 61;
    public static final int PERM = 63;
    public static final int PIPE = 64;
    public static final int RANGE = 68;
    public static final int SPIPE = 70;
    public static final int NOTCAPABLE = 76;

    /** Index: Linux errno (asm-generic, the same on x86-64 and aarch64); value: WASI's number; 0 = none, becomes IO. */
    private static final byte[] FROM_LINUX = new byte[134];

    static {
        // Pairs of Linux number, WASI number. A flat array: no map, no boxing at start.
        int[] pairs = {
            1, 63, 2, 44, 3, 71, 4, 27, 5, 29, 6, 60, 7, 1, 8, 45, 9, 8, 10, 12, 11, 6, 12, 48, 13, 2, 14, 21, 15, 58,
            16, 10, 17, 20, 18, 75, 19, 43, 20, 54, 21, 31, 22, 28, 23, 41, 24, 33, 25, 59, 26, 74, 27, 22, 28, 51,
            29, 70, 30, 69, 31, 34, 32, 64, 33, 18, 34, 68, 35, 16, 36, 37, 37, 46, 38, 52, 39, 55, 40, 32, 42, 49,
            43, 24, 62, 73, 67, 47, 71, 65, 72, 36, 74, 9, 75, 61, 84, 25, 88, 57, 89, 17, 90, 35, 91, 67,
            92, 50, 93, 66, 95, 58, 97, 5, 98, 3, 99, 4, 100, 38, 101, 40, 102, 39, 103, 13, 104, 15, 105, 42, 106, 30,
            107, 53, 110, 73, 111, 14, 113, 23, 114, 7, 115, 26, 116, 72, 122, 19, 125, 11, 130, 62, 131, 56,
        };
        for (int i = 0; i < pairs.length; i += 2) {
            FROM_LINUX[pairs[i]] = (byte) pairs[i + 1];
        }
    }

    private WasiErrno() {}

    /** The WASI number for a Linux errno (positive); IO for one WASI has no name for. */
    public static int fromLinux(int errno) {
        int wasi = errno > 0 && errno < FROM_LINUX.length ? FROM_LINUX[errno] : 0;
        return wasi == 0 ? IO : wasi;
    }
}
