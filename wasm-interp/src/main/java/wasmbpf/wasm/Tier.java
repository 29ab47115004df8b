package wasmbpf.wasm;

/**
 * A compiler of hot functions, as the rest of the engine sees it. One tier serves many instances; it is called on the
 * thread that runs the instance, between two guest instructions. It must not change what a function does, traps and
 * depth limit included. Implementations live in this package, as they meet its internals; see the package description.
 */
public interface Tier {
    /** How many calls a function is interpreted for before {@link #compile} is asked; at least 1. */
    int callThreshold();

    /** How many loop iterations a function is interpreted for before {@link #compileLoop} is asked; at least 1. */
    int loopThreshold();

    /** Whether it is time to ask for this function, or a loop of it; if not, this is asked again after as many calls or iterations. */
    default boolean affords(GuestFunction function) {
        return true;
    }

    /** Compiles a function; null leaves it to the interpreter for ever. */
    CompiledCode compile(GuestFunction function);

    /**
     * Compiles the rest of a function from the head of a loop on, to be run on the interpreter's frame: locals and
     * operands lie in their slots, see {@link Lowering}. Null leaves this call to the interpreter.
     *
     * @param offset where the loop instruction starts in the module's bytes
     */
    CompiledCode compileLoop(GuestFunction function, int offset);
}
