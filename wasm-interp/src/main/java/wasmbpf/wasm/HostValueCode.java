package wasmbpf.wasm;

/**
 * The code of a host function over any types and any number of results, in the object form that {@link
 * WasmFunction#apply} describes.
 */
@FunctionalInterface
public interface HostValueCode {
    /**
     * @param caller the instance that imports the function
     * @return one object per result; null stands for none
     */
    Object[] call(Instance caller, Object[] args);
}
