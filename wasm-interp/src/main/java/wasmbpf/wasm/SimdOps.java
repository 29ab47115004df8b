package wasmbpf.wasm;

/** The codes after 0xFD. */
final class SimdOps {
    private SimdOps() {
    }

    static long execute(int op, long w, long pc, long fp, GuestFunction f) {
        throw new IllegalStateException("instruction " + op);
    }
}
