package wasmbpf.wasm;

/**
 * The code of a host function over numbers. {@code args} holds one long per parameter: i32 sign-extended, f32 and f64
 * as raw bits; it is valid during the call only. The result comes back the same way (i32: the low 32 bits count); a
 * function without result returns anything.
 */
@FunctionalInterface
public interface HostCode {
    /**
     * @param caller the instance that imports the function
     * @throws Trap to end the guest
     */
    long call(Instance caller, long[] args);
}
