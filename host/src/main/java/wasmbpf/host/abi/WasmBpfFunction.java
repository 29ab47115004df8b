package wasmbpf.host.abi;

import java.util.List;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.ValType;

/**
 * Every function of the wasm_bpf ABI, once: name, parameters, result. Parameters are written {@code name} for i32 and
 * {@code name:l} for i64. A name may have several rows: an import is bound by its declared type.
 */
public enum WasmBpfFunction {
    LOAD("wasm_load_bpf_object", true, "obj_buf", "obj_buf_sz"),
    CLOSE("wasm_close_bpf_object", false, "handle:l"),
    ATTACH("wasm_attach_bpf_program", false, "handle:l", "name", "attach_target"),
    ATTACH_FD("wasm_attach_bpf_program_fd", false, "handle:l", "name", "target_fd"),
    POLL("wasm_bpf_buffer_poll", false,
            "handle:l", "fd", "sample_func", "ctx", "data", "max_size", "timeout_ms"),
    /** TinyGo guests cannot name a function by its table index: the callback is an export. Its module is an option. */
    POLL_EXPORT("wasm_bpf_buffer_poll", false, "handle:l", "fd", "ctx", "data", "max_size", "timeout_ms"),
    MAP_FD_BY_NAME("wasm_bpf_map_fd_by_name", false, "handle:l", "name"),
    MAP_OPERATE("wasm_bpf_map_operate", false, "fd", "cmd", "key", "value", "next_key", "flags:l"),
    /** As the Rust and Go guest libraries declare it; the pointers' upper halves are zero. */
    MAP_OPERATE_64("wasm_bpf_map_operate", false, "fd", "cmd", "key:l", "value:l", "next_key:l", "flags:l");

    /** The import module of every function, and the name it had before February 2023. */
    public static final String MODULE = "wasm_bpf";
    static final String OLD_MODULE = "env";

    private final String wasmName;
    private final boolean wide;
    private final String[] parameters;

    /** @param wide whether the result is an i64 */
    WasmBpfFunction(String wasmName, boolean wide, String... parameters) {
        this.wasmName = wasmName;
        this.wide = wide;
        this.parameters = parameters;
    }

    /** Whether a module that imports this finds it here, under the modules' default names. */
    public static boolean provides(String module, String name, FuncType type) {
        boolean wrapper = module.equals(AbiOptions.CALLBACK_MODULE);
        if (!wrapper && !module.equals(MODULE) && !module.equals(OLD_MODULE)) {
            return false;
        }
        for (WasmBpfFunction f : values()) {
            if (f.wasmName.equals(name) && (!wrapper || f == POLL_EXPORT) && f.type().equals(type)) {
                return true;
            }
        }
        return false;
    }

    /** The name it is imported by. */
    public String wasmName() {
        return wasmName;
    }

    public FuncType type() {
        ValType[] types = new ValType[parameters.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = parameters[i].endsWith(":l") ? ValType.I64 : ValType.I32;
        }
        return new FuncType(List.of(types), List.of(wide ? ValType.I64 : ValType.I32));
    }

    public List<String> parameterNames() {
        String[] names = new String[parameters.length];
        for (int i = 0; i < names.length; i++) {
            String p = parameters[i];
            names[i] = p.endsWith(":l") ? p.substring(0, p.length() - 2) : p;
        }
        return List.of(names);
    }
}
