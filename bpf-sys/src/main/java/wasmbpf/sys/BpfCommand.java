package wasmbpf.sys;

/** The commands of bpf(2): include/uapi/linux/bpf.h, {@code enum bpf_cmd}. */
public enum BpfCommand {
    MAP_CREATE, MAP_LOOKUP_ELEM, MAP_UPDATE_ELEM, MAP_DELETE_ELEM, MAP_GET_NEXT_KEY, PROG_LOAD, OBJ_PIN, OBJ_GET,
    PROG_ATTACH, PROG_DETACH, PROG_TEST_RUN, PROG_GET_NEXT_ID, MAP_GET_NEXT_ID, PROG_GET_FD_BY_ID, MAP_GET_FD_BY_ID,
    OBJ_GET_INFO_BY_FD, PROG_QUERY, RAW_TRACEPOINT_OPEN, BTF_LOAD, BTF_GET_FD_BY_ID, TASK_FD_QUERY,
    MAP_LOOKUP_AND_DELETE_ELEM, MAP_FREEZE, BTF_GET_NEXT_ID, MAP_LOOKUP_BATCH, MAP_LOOKUP_AND_DELETE_BATCH,
    MAP_UPDATE_BATCH, MAP_DELETE_BATCH, LINK_CREATE, LINK_UPDATE, LINK_GET_FD_BY_ID, LINK_GET_NEXT_ID, ENABLE_STATS,
    ITER_CREATE, LINK_DETACH, PROG_BIND_MAP, TOKEN_CREATE, PROG_STREAM_READ_BY_FD,
    PROG_ASSOC_STRUCT_OPS;

    private static final BpfCommand[] VALUES = values();

    /** The constant of that number, or null if this table does not know it (a kernel newer than it). */
    public static BpfCommand of(int number) {
        return number >= 0 && number < VALUES.length ? VALUES[number] : null;
    }

    /** The kernel's number. */
    public int number() {
        return ordinal();
    }

    /** The kernel's spelling. */
    public String kernelName() {
        return "BPF_" + name();
    }

    /** Whether a result that is no error is a new file descriptor. */
    public boolean returnsFd() {
        return switch (this) {
            case MAP_CREATE, PROG_LOAD, OBJ_GET, PROG_GET_FD_BY_ID, MAP_GET_FD_BY_ID, RAW_TRACEPOINT_OPEN, BTF_LOAD,
                    BTF_GET_FD_BY_ID, LINK_CREATE, LINK_GET_FD_BY_ID, ENABLE_STATS, ITER_CREATE, TOKEN_CREATE -> true;
            case MAP_LOOKUP_ELEM, MAP_UPDATE_ELEM, MAP_DELETE_ELEM, MAP_GET_NEXT_KEY, OBJ_PIN, PROG_ATTACH,
                    PROG_DETACH, PROG_TEST_RUN, PROG_GET_NEXT_ID, MAP_GET_NEXT_ID, OBJ_GET_INFO_BY_FD, PROG_QUERY,
                    TASK_FD_QUERY, MAP_LOOKUP_AND_DELETE_ELEM, MAP_FREEZE, BTF_GET_NEXT_ID, MAP_LOOKUP_BATCH,
                    MAP_LOOKUP_AND_DELETE_BATCH, MAP_UPDATE_BATCH, MAP_DELETE_BATCH, LINK_UPDATE, LINK_GET_NEXT_ID,
                    LINK_DETACH, PROG_BIND_MAP, PROG_STREAM_READ_BY_FD, PROG_ASSOC_STRUCT_OPS -> false;
        };
    }
}
