package wasmbpf.host.load;

import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;
import wasmbpf.core.BpfOpcode;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.BtfLoad;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.BpfHelper;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;

/**
 * What a kernel takes from this process, asked by trying: {@code libbpf_probe_bpf_prog_type}, {@code _map_type} and
 * {@code _helper} (libbpf_probes.c). Nothing is kept, neither answers nor descriptors. Without the capability that a
 * type needs the answer is "no": it is about this process here, as a load is.
 */
public final class KernelProbes {
    /** include/linux/errno.h; not an errno of user space, yet BPF_PROG_LOAD of struct_ops gives it. */
    private static final int ENOTSUPP = 524;
    private static final int LOG_SIZE = 4096;
    /** A power of two, and whole pages whatever their size. */
    private static final int RING_SIZE = 1 << 16;

    private final Kernel kernel;

    /** The kernel stays the caller's. */
    public KernelProbes(Kernel kernel) {
        this.kernel = Objects.requireNonNull(kernel);
    }

    /** What came of a load: a descriptor, closed by now, or {@code -errno}, and the verifier's words. */
    private record Outcome(int result, String log) {
    }

    /** Whether programs of that type can be loaded. */
    public boolean programType(BpfProgType type) {
        if (type == BpfProgType.UNSPEC) {
            return false;
        }
        Outcome outcome = load(type, KernelFeatures.RETURN_0);
        return switch (type) {
            // These want a target. The kernel that knows the type looks at the one given and says what is wrong.
            case TRACING, LSM -> outcome.result == -Errno.EINVAL
                    && outcome.log.contains("attach_btf_id 1 is not a function");
            case EXT -> outcome.result == -Errno.EINVAL && outcome.log.contains("Cannot replace kernel functions");
            case STRUCT_OPS -> outcome.result == -ENOTSUPP;
            default -> outcome.result >= 0;
        };
    }

    /**
     * Whether programs of that type may call a helper, by its name without {@code bpf_}.
     *
     * @throws IllegalArgumentException if no helper has that name, or programs of that type cannot be tried without a
     *         target (TRACING, EXT, LSM, STRUCT_OPS: libbpf answers EOPNOTSUPP)
     */
    public boolean helper(BpfProgType type, String helper) {
        int id = BpfHelper.id(helper);
        if (id < 0) {
            throw new IllegalArgumentException("no helper is named " + helper);
        }
        switch (type) {
            case UNSPEC, TRACING, EXT, LSM, STRUCT_OPS -> throw new IllegalArgumentException(
                    type.kernelName() + " programs cannot be tried without a target: ask for a type that runs alone");
            default -> { }
        }
        if (!programType(type)) {
            return false;
        }
        Outcome outcome = load(type, new long[] {
                KernelFeatures.insn(BpfOpcode.BPF_JMP | BpfOpcode.BPF_CALL, 0, 0, 0, id), KernelFeatures.EXIT});
        // Whatever else the verifier dislikes about the call, it knows the helper.
        return outcome.result >= 0 || !outcome.log.isEmpty() && !outcome.log.contains("invalid func ")
                && !outcome.log.contains("unknown func ")
                && !outcome.log.contains("program of this type cannot use helper ");
    }

    private Outcome load(BpfProgType type, long[] code) {
        try (Arena arena = Arena.ofConfined(); StructValue attr = ProgLoad.STRUCT.allocate()) {
            var log = arena.allocate(LOG_SIZE);
            attr.set(ProgLoad.PROG_TYPE, type.number()).point(ProgLoad.INSNS, code).point(ProgLoad.LICENSE, "GPL")
                    .set(ProgLoad.LOG_LEVEL, 1).point(ProgLoad.LOG_BUF, log);
            BpfAttachType attachType = attachType(type);
            if (attachType != null) {
                attr.set(ProgLoad.EXPECTED_ATTACH_TYPE, attachType.number());
            }
            switch (type) {
                case SYSCALL -> attr.set(ProgLoad.PROG_FLAGS, BpfFlags.BPF_F_SLEEPABLE);
                case TRACING, LSM, EXT -> attr.set(ProgLoad.ATTACH_BTF_ID, 1);
                default -> { }
            }
            int result = kernel.bpf(BpfCommand.PROG_LOAD, attr);
            if (result >= 0) {
                kernel.close(result);
            }
            return new Outcome(result, log.getString(0));
        }
    }

    private static BpfAttachType attachType(BpfProgType type) {
        return switch (type) {
            case CGROUP_SOCK_ADDR -> BpfAttachType.CGROUP_INET4_CONNECT;
            case CGROUP_SOCKOPT -> BpfAttachType.CGROUP_GETSOCKOPT;
            case SK_LOOKUP -> BpfAttachType.SK_LOOKUP;
            case NETFILTER -> BpfAttachType.NETFILTER;
            case TRACING -> BpfAttachType.TRACE_FENTRY;
            case LSM -> BpfAttachType.LSM_MAC;
            default -> null;
        };
    }

    /** Whether maps of that type can be created. */
    public boolean mapType(BpfMapType type) {
        return switch (type) {
            case UNSPEC -> false;
            case STACK_TRACE -> creates(type, 4, 8, 1, 0);
            case LPM_TRIE -> creates(type, 8, 8, 1, BpfFlags.BPF_F_NO_PREALLOC);
            case CGROUP_STORAGE, PERCPU_CGROUP_STORAGE -> creates(type, 16, 8, 0, 0);
            case QUEUE, STACK, BLOOM_FILTER -> creates(type, 0, 4, 1, 0);
            case RINGBUF, USER_RINGBUF -> creates(type, 0, 0, RING_SIZE, 0);
            case ARENA -> creates(type, 0, 0, 1, BpfFlags.BPF_F_MMAPABLE);
            case RHASH -> creates(type, 4, 4, 1, BpfFlags.BPF_F_NO_PREALLOC);
            case INSN_ARRAY -> creates(type, 4, 16, 1, 0);
            case SK_STORAGE, INODE_STORAGE, TASK_STORAGE, CGRP_STORAGE -> storage(type);
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> mapInMap(type);
            case STRUCT_OPS -> structOps();
            default -> creates(type, 4, 4, 1, 0);
        };
    }

    private static StructValue map(BpfMapType type, int keySize, int valueSize, int entries, int flags) {
        return MapCreate.STRUCT.allocate().set(MapCreate.MAP_TYPE, type.number()).set(MapCreate.KEY_SIZE, keySize)
                .set(MapCreate.VALUE_SIZE, valueSize).set(MapCreate.MAX_ENTRIES, entries)
                .set(MapCreate.MAP_FLAGS, flags);
    }

    private boolean creates(BpfMapType type, int keySize, int valueSize, int entries, int flags) {
        try (StructValue attr = map(type, keySize, valueSize, entries, flags)) {
            return closed(kernel.bpf(BpfCommand.MAP_CREATE, attr));
        }
    }

    /** Maps of local storage want BTF of key and value. */
    private boolean storage(BpfMapType type) {
        BtfWriter writer = BtfWriter.empty(ByteOrder.nativeOrder());
        int id = writer.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        int value = writer.add(new BtfType.Struct("val", 4, false, List.of(new BtfType.Member("cnt", id, 0, 0))));
        int btf;
        try (StructValue attr = BtfLoad.STRUCT.allocate()) {
            btf = kernel.bpf(BpfCommand.BTF_LOAD, attr.point(BtfLoad.BTF, writer.toBytes()));
        }
        if (btf < 0) {
            return false;
        }
        try (StructValue attr = map(type, 4, 4, 0, BpfFlags.BPF_F_NO_PREALLOC)) {
            attr.set(MapCreate.BTF_FD, btf).set(MapCreate.BTF_KEY_TYPE_ID, id).set(MapCreate.BTF_VALUE_TYPE_ID, value);
            return closed(kernel.bpf(BpfCommand.MAP_CREATE, attr));
        } finally {
            kernel.close(btf);
        }
    }

    private boolean mapInMap(BpfMapType type) {
        int inner;
        try (StructValue attr = map(BpfMapType.HASH, 4, 4, 1, 0)) {
            inner = kernel.bpf(BpfCommand.MAP_CREATE, attr);
        }
        if (inner < 0) {
            return false;
        }
        try (StructValue attr = map(type, 4, 4, 1, 0)) {
            return closed(kernel.bpf(BpfCommand.MAP_CREATE, attr.set(MapCreate.INNER_MAP_FD, inner)));
        } finally {
            kernel.close(inner);
        }
    }

    /** Type 1 is no struct_ops value: the kernel that has such maps says so in a word of its own. */
    private boolean structOps() {
        try (StructValue attr = map(BpfMapType.STRUCT_OPS, 4, 4, 1, 0)) {
            int result = kernel.bpf(BpfCommand.MAP_CREATE, attr.set(MapCreate.BTF_VMLINUX_VALUE_TYPE_ID, 1));
            return closed(result) || result == -ENOTSUPP;
        }
    }

    private boolean closed(int fd) {
        if (fd >= 0) {
            kernel.close(fd);
        }
        return fd >= 0;
    }
}
