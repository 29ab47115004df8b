package wasmbpf.host.load;

import java.lang.foreign.Arena;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfReader;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.GetId;
import wasmbpf.sys.BpfAttrs.ObjInfo;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.InfoStructs.BtfInfo;
import wasmbpf.sys.InfoStructs.ProgInfo;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;

/** Finds what programs that attach by BTF attach to: libbpf {@code libbpf_find_attach_btf_id}. */
public final class BtfTargets {
    /**
     * @param btfId  id of the function, typedef or hook
     * @param module the module it is in, or null: the kernel proper, or the target program
     */
    record Target(int btfId, KernelModule module) {
    }

    private final Kernel kernel;
    private final LoadFacts facts;

    BtfTargets(Kernel kernel, LoadFacts facts) {
        this.kernel = kernel;
        this.facts = facts;
    }

    /** @throws LoadException ESRCH if there is no such function, EINVAL if no target was given */
    Target find(ProgramSpec program) {
        String target = program.attachTarget();
        String operation = "load program \"" + program.name() + "\"";
        if (program.type() == BpfProgType.EXT.number() && program.attachProgramFd() == 0) {
            throw LoadException.of(operation, Errno.EINVAL, "; nothing says of which program it replaces \"" + target
                    + "\": set its attach target");
        }
        if (target.isEmpty()) {
            // As libbpf: with the slash it looks for a function of no name.
            throw LoadException.of(operation, program.sectionName().endsWith("/") ? Errno.ESRCH : Errno.EINVAL,
                    "; its section \""
                    + program.sectionName() + "\" names no target: write SEC(\"" + program.sectionDef().prefix()
                    + "/TARGET\") or set one");
        }
        if (program.attachProgramFd() != 0) {
            return ofProgram(program, target);
        }
        String module = null;
        int colon = target.indexOf(':');
        if (colon >= 0) {
            module = target.substring(0, colon);
            target = target.substring(colon + 1);
        }
        Btf vmlinux = facts.vmlinux();
        if (vmlinux == null) {
            throw LoadException.of("load program \"" + program.name() + "\"", Errno.ESRCH,
                    "; this kernel has no BTF (CONFIG_DEBUG_INFO_BTF), without which \"" + program.sectionName()
                            + "\" cannot attach");
        }
        BpfAttachType type = BpfAttachType.of(program.expectedAttachType());
        if (module == null || module.equals("vmlinux")) {
            int id = find(vmlinux, type, target, false);
            if (id > 0) {
                return new Target(id, null);
            }
        }
        if (!"vmlinux".equals(module)) {
            for (KernelModule each : facts.modules()) {
                if (module == null || module.equals(each.name())) {
                    int id = find(each.btf(), type, target, true);
                    if (id > 0) {
                        return new Target(id, each);
                    }
                }
            }
        }
        throw LoadException.of("load program \"" + program.name() + "\"", Errno.ESRCH, "; this kernel has no "
                + what(type) + " \"" + target + "\"" + (module == null ? "" : " in \"" + module + "\""));
    }

    private static int find(Btf btf, BpfAttachType type, String target, boolean own) {
        BtfKind kind = type == BpfAttachType.TRACE_RAW_TP ? BtfKind.TYPEDEF : BtfKind.FUNC;
        String name = prefix(type) + target;
        return own ? btf.findOwn(kind, name) : btf.find(kind, name);
    }

    private static String prefix(BpfAttachType type) {
        return type == null ? "" : switch (type) {
            case TRACE_RAW_TP -> "btf_trace_";
            case LSM_MAC, LSM_CGROUP -> "bpf_lsm_";
            case TRACE_ITER -> "bpf_iter_";
            default -> "";
        };
    }

    private static String what(BpfAttachType type) {
        return switch (type) {
            case TRACE_RAW_TP -> "raw tracepoint";
            case LSM_MAC, LSM_CGROUP -> "LSM hook";
            case TRACE_ITER -> "iterator";
            case null, default -> "function with BTF";
        };
    }

    private Target ofProgram(ProgramSpec program, String target) {
        return new Target(functionOf(kernel, "load program \"" + program.name() + "\"", program.attachProgramFd(), target),
                null);
    }

    /**
     * BTF id of a function of another BPF program, for freplace and fentry on programs: libbpf
     * {@code libbpf_find_prog_btf_id}.
     *
     * @throws LoadException ESRCH if it has no such function
     */
    public static int functionOf(Kernel kernel, String doing, int programFd, String function) {
        String operation = doing + ": find \"" + function + "\" in the target program";
        int btfId;
        try (StructValue info = ProgInfo.STRUCT.allocate()) {
            describe(kernel, operation, programFd, info);
            btfId = info.getInt(ProgInfo.BTF_ID);
        }
        if (btfId == 0) {
            throw LoadException.of(operation, Errno.EINVAL, "; it was loaded without BTF");
        }
        int fd;
        try (StructValue attr = GetId.STRUCT.allocate()) {
            attr.set(GetId.BTF_ID, btfId);
            fd = kernel.bpf(BpfCommand.BTF_GET_FD_BY_ID, attr);
        }
        if (fd < 0) {
            throw LoadException.of(operation, -fd, "");
        }
        try (Arena arena = Arena.ofConfined(); StructValue info = BtfInfo.STRUCT.allocate()) {
            describe(kernel, operation, fd, info);
            var blob = arena.allocate(info.get(BtfInfo.BTF_SIZE), 8);
            info.clear().point(BtfInfo.BTF, blob);
            describe(kernel, operation, fd, info);
            byte[] bytes = new byte[(int) blob.byteSize()];
            blob.asByteBuffer().get(bytes);
            int id = BtfReader.read("BTF of the target program", bytes).find(BtfKind.FUNC, function);
            if (id <= 0) {
                throw LoadException.of(operation, Errno.ESRCH, "; it has no such function");
            }
            return id;
        } finally {
            kernel.close(fd);
        }
    }

    private static void describe(Kernel kernel, String operation, int fd, StructValue info) {
        try (StructValue attr = ObjInfo.STRUCT.allocate()) {
            attr.set(ObjInfo.BPF_FD, fd).point(ObjInfo.INFO, info);
            int result = kernel.bpf(BpfCommand.OBJ_GET_INFO_BY_FD, attr);
            if (result < 0) {
                throw LoadException.of(operation, -result, "");
            }
        }
    }
}
