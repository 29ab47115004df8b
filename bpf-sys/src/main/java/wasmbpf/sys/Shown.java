package wasmbpf.sys;

/** How a number is printed: which table of names the kernel's numbers come from. Loaded by printers only. */
public enum Shown {
    DECIMAL, HEX, MAP_TYPE, PROG_TYPE, ATTACH_TYPE, LINK_TYPE, MAP_FLAGS, MAP_ELEM_FLAGS, PROG_FLAGS, OBJ_FLAGS,
    ATTACH_FLAGS, MULTI_FLAGS, PERF_TYPE, PERF_SAMPLE, PERF_FLAGS
}
