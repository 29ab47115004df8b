package wasmbpf.host.wasi;

/**
 * A version of WASI's core ABI. Both have the same functions of the same types; what differs lies in memory, and in how
 * {@code fd_seek} counts (wasi_unstable.witx and wasi_snapshot_preview1.witx).
 *
 * <pre>
 *                    filestat: nlink  size  bytes     subscription: clock's id  bytes     whence: set  cur  end
 *  preview 1                   24     32    64                      16          48                0    1    2
 *  wasi_unstable               20     24    56                      24          56                2    0    1
 * </pre>
 */
enum Snapshot {
    PREVIEW_1("wasi_snapshot_preview1", 64, 48),
    /** Snapshot 0, for modules of 2019: those of Rust 1.36 to 1.40 and of the first wasi-sdk. */
    UNSTABLE("wasi_unstable", 56, 56);

    final String module;
    final int filestatBytes;
    final int subscriptionBytes;

    Snapshot(String module, int filestatBytes, int subscriptionBytes) {
        this.module = module;
        this.filestatBytes = filestatBytes;
        this.subscriptionBytes = subscriptionBytes;
    }

    /** The version whose functions are imported from that module, or null. */
    static Snapshot of(String module) {
        for (Snapshot s : values()) {
            if (s.module.equals(module)) {
                return s;
            }
        }
        return null;
    }

    /** Linux's whence, which is preview 1's too; what is none stays none. */
    int linuxWhence(int whence) {
        return this == PREVIEW_1 || whence < 0 || whence > 2 ? whence : (whence + 1) % 3;
    }

    /** Where a subscription's clock begins; snapshot 0 has an identifier before it. */
    int clockOffset() {
        return 16 + subscriptionBytes - PREVIEW_1.subscriptionBytes;
    }

    /** Stores {@code filestat.nlink}, which has 32 bits in snapshot 0, and returns where what follows begins. */
    int links(GuestMemory memory, int filestat, int links) {
        if (this == UNSTABLE) {
            memory.i32(filestat + 20, links);
            return filestat + 24;
        }
        memory.i64(filestat + 24, links & 0xffffffffL);
        return filestat + 32;
    }
}
