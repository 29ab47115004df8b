package wasmbpf.wasm;

/** The codes after 0xFE. */
final class AtomicOps {
    private AtomicOps() {
    }

    static long execute(int op, long w, long pc, long fp, GuestFunction f) {
        throw new IllegalStateException("instruction " + op);
    }
}
