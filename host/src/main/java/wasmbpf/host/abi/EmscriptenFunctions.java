package wasmbpf.host.abi;

import java.util.List;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ValType;

/**
 * What modules made by Emscripten without JavaScript ({@code -sSTANDALONE_WASM}) import from {@code env} beside WASI: with
 * {@code -sALLOW_MEMORY_GROWTH} they tell that their memory has grown. Nothing depends on it here, where a memory never moves
 * and its size is looked up at each use.
 */
final class EmscriptenFunctions {
    private static final String GROWN = "emscripten_notify_memory_growth";
    private static final FuncType GROWN_TYPE = new FuncType(List.of(ValType.I32), List.of());

    private EmscriptenFunctions() {}

    static boolean provides(String module, String name, FuncType type) {
        return module.equals("env") && name.equals(GROWN) && type.equals(GROWN_TYPE);
    }

    /** The function, or null if it is none of these. */
    static HostFunction resolve(String module, String name, FuncType type) {
        return provides(module, name, type)
                ? HostFunction.of(module, name, type, List.of("memory_index"), (caller, args) -> 0) : null;
    }
}
