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
    MAP_OPERATE_64("wasm_bpf_map_operate", false, "fd", "cmd", "key:l", "value:l", "next_key:l", "flags:l"),

    // Versions 2 and up of the ABI, module wasm_bpf alone: docs/abi.md. Descriptors are the guest's, results the kernel's numbers.
    QUERY("wasm_bpf_query", true, "what"),
    OPEN("wasm_bpf_object_open", true, "elf", "size", "options"),
    LOAD_OPENED("wasm_bpf_object_load", false, "object:l"),
    FIND("wasm_bpf_object_find", false, "object:l", "kind", "name"),
    GET("wasm_bpf_object_get", true, "object:l", "kind", "index", "property"),
    SET("wasm_bpf_object_set", false, "object:l", "kind", "index", "property", "value:l"),
    GET_TEXT("wasm_bpf_object_get_text", false, "object:l", "kind", "index", "property", "text", "size"),
    SET_TEXT("wasm_bpf_object_set_text", false, "object:l", "kind", "index", "property", "text"),
    GET_BYTES("wasm_bpf_object_get_bytes", false, "object:l", "kind", "index", "property", "data", "size"),
    SECTION("wasm_bpf_section", true, "name"),
    MAP_VALUE("wasm_bpf_map_value", false, "object:l", "map", "operation", "data", "size"),
    ATTACH_AS("wasm_bpf_attach", false, "object:l", "kind", "index", "options"),
    LINK("wasm_bpf_link", false, "link", "operation", "argument"),
    BUFFERS_NEW("wasm_bpf_buffers_new", false),
    BUFFERS_ADD("wasm_bpf_buffers_add", false, "buffers", "options"),
    BUFFERS_POLL("wasm_bpf_buffers_poll", false, "buffers", "timeout_ms"),
    BUFFERS_CONSUME("wasm_bpf_buffers_consume", false, "buffers", "buffer", "limit"),
    BUFFERS_GET("wasm_bpf_buffers_get", true, "buffers", "buffer", "property"),
    BUFFERS_FREE("wasm_bpf_buffers_free", false, "buffers"),
    USER_RING_NEW("wasm_bpf_user_ring_new", false, "map"),
    USER_RING_RESERVE("wasm_bpf_user_ring_reserve", true, "ring", "size", "timeout_ms"),
    USER_RING_COMMIT("wasm_bpf_user_ring_commit", false, "ring", "record:l", "data", "discard"),
    USER_RING_FREE("wasm_bpf_user_ring_free", false, "ring"),
    BPF("wasm_bpf_bpf", false, "cmd", "attr", "size"),
    NETLINK("wasm_bpf_netlink", false, "operation", "options"),
    KERNEL_BTF("wasm_bpf_kernel_btf", true, "module", "data", "size"),
    MESSAGE("wasm_bpf_message", false, "operation", "text", "size"),
    SIGNAL("wasm_bpf_signal", false, "operation", "signal"),
    PERF_EVENT_OPEN("wasm_bpf_perf_event_open", false, "attr", "pid", "cpu", "group_fd", "flags"),
    IOCTL("wasm_bpf_ioctl", false, "fd", "request", "argument"),
    SOCKET("wasm_bpf_socket", false, "domain", "type", "protocol"),
    BIND("wasm_bpf_bind", false, "fd", "address", "size"),
    SETSOCKOPT("wasm_bpf_setsockopt", false, "fd", "level", "name", "value", "size"),
    IF_NAMETOINDEX("wasm_bpf_if_nametoindex", false, "name"),
    IF_INDEXTONAME("wasm_bpf_if_indextoname", false, "index", "name");

    /** Of the ABI: what {@code wasm_bpf_query(0)} answers. Rises with each addition. */
    public static final int VERSION = 3;
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

    /** Whether it is of version 2 or later, which no module imports from {@link #OLD_MODULE}. */
    boolean isNew() {
        return ordinal() >= QUERY.ordinal();
    }

    /** Whether a module that imports this finds it here, under the modules' default names. */
    public static boolean provides(String module, String name, FuncType type) {
        boolean wrapper = module.equals(AbiOptions.CALLBACK_MODULE);
        if (!wrapper && !module.equals(MODULE) && !module.equals(OLD_MODULE)) {
            return false;
        }
        for (WasmBpfFunction f : values()) {
            if (f.wasmName.equals(name) && (!wrapper || f == POLL_EXPORT) && f.type().equals(type)
                    && (!f.isNew() || module.equals(MODULE))) {
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
