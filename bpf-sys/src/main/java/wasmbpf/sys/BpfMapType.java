package wasmbpf.sys;

/** Kinds of map: include/uapi/linux/bpf.h, {@code enum bpf_map_type}. */
public enum BpfMapType {
    UNSPEC, HASH, ARRAY, PROG_ARRAY, PERF_EVENT_ARRAY, PERCPU_HASH, PERCPU_ARRAY, STACK_TRACE, CGROUP_ARRAY,
    LRU_HASH, LRU_PERCPU_HASH, LPM_TRIE, ARRAY_OF_MAPS, HASH_OF_MAPS, DEVMAP, SOCKMAP, CPUMAP, XSKMAP, SOCKHASH,
    CGROUP_STORAGE, REUSEPORT_SOCKARRAY, PERCPU_CGROUP_STORAGE, QUEUE, STACK, SK_STORAGE, DEVMAP_HASH, STRUCT_OPS,
    RINGBUF, INODE_STORAGE, TASK_STORAGE, BLOOM_FILTER, USER_RINGBUF, CGRP_STORAGE, ARENA, INSN_ARRAY, RHASH;

    private static final BpfMapType[] VALUES = values();

    /** The constant of that number, or null if this table does not know it (a kernel newer than it). */
    public static BpfMapType of(int number) {
        return number >= 0 && number < VALUES.length ? VALUES[number] : null;
    }

    /** The kernel's number. */
    public int number() {
        return ordinal();
    }

    /** The kernel's spelling. */
    public String kernelName() {
        return "BPF_MAP_TYPE_" + name();
    }
}
