package wasmbpf.wasm;

/** A guest function run by the interpreter; validated and lowered at its first call. */
final class InterpretedFunction extends WasmFunction {
    private final int index;

    InterpretedFunction(Instance instance, DefType type, int index) {
        super(instance, type);
        this.index = index;
    }

    @Override
    WasmFrame frame() {
        return new WasmFrame(instance.name(), index, instance.module().functionName(index), -1);
    }

    @Override
    WasmFunction enter(GuestStack stack, long frame, int depth) {
        throw new UnsupportedOperationException();
    }
}
