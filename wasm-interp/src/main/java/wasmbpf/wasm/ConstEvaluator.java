package wasmbpf.wasm;

/** Evaluates the constant expressions of a module for an instance. The result of the last one is read from it. */
final class ConstEvaluator {
    private final Instance instance;
    private long low;
    private long high;
    private Object ref;

    ConstEvaluator(Instance instance) {
        this.instance = instance;
    }

    ConstEvaluator evaluate(ConstExpr expr) {
        throw new UnsupportedOperationException("constant at " + expr.offset() + " of " + instance.name());
    }

    long low() {
        return low;
    }

    long high() {
        return high;
    }

    Object ref() {
        return ref;
    }

    /** The result as an unsigned offset or index. */
    long index(boolean is64) {
        return is64 ? low : low & 0xFFFFFFFFL;
    }
}
