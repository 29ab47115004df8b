package wasmbpf.host.load;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import wasmbpf.core.InsnBuffer;
import wasmbpf.host.load.KernelFeatures.Feature;
import wasmbpf.host.object.LinkedProgram;
import wasmbpf.host.object.LinkedProgram.InfoRecords;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.Reference;
import wasmbpf.host.object.SectionDef;
import wasmbpf.host.object.StructOpsValues;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.BpfHelper;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;

/** Gives linked programs to the verifier: libbpf {@code bpf_object_load_prog} and {@code bpf_prog_load}. */
final class ProgramLoader {
    private static final int TRIES = 5;
    private static final int FIRST_LOG_BYTES = 1 << 18;
    private static final int MOST_LOG_BYTES = 1 << 28;

    private final Kernel kernel;
    private final RunningKernel running;
    private final LoadOptions options;
    private final BtfTargets targets;
    private final StructOps structOps;
    private final int btfFd;
    private final int tokenFd;
    private final int kernelVersion;

    ProgramLoader(Kernel kernel, RunningKernel running, LoadOptions options, BtfTargets targets, StructOps structOps,
                  ObjectSpec object, int btfFd, int tokenFd) {
        this.kernel = kernel;
        this.running = running;
        this.options = options;
        this.targets = targets;
        this.structOps = structOps;
        this.btfFd = btfFd;
        this.tokenFd = tokenFd;
        this.kernelVersion = object.kernelVersion() != 0 ? object.kernelVersion() : running.version();
    }

    /**
     * Loads one program.
     *
     * @param code    its instructions with every descriptor filled in
     * @param fdArray descriptors of module BTFs, slot 0 unused; empty if it calls no module's functions
     * @throws LoadException with the verifier's words
     */
    LoadedProgram load(ObjectSpec object, LinkedProgram linked, InsnBuffer code, int[] fdArray,
                       VerifierLog.Diagnosis diagnosis) {
        ProgramSpec spec = linked.program();
        String operation = "load program \"" + spec.name() + "\"";
        BpfProgType type = BpfProgType.of(spec.type());
        if (type == BpfProgType.UNSPEC) {
            throw LoadException.of(operation, Errno.EINVAL, "; nothing says what type of program section \""
                    + spec.sectionName() + "\" has");
        }
        SectionDef section = spec.sectionDef();
        BtfTargets.Target target = target(operation, spec, type);
        try (StructValue attr = ProgLoad.STRUCT.allocate()) {
            attr.set(ProgLoad.PROG_TYPE, spec.type()).point(ProgLoad.INSNS, code.toBytes(ByteOrder.nativeOrder()))
                    .point(ProgLoad.LICENSE, object.license()).set(ProgLoad.PROG_NAME, spec.name())
                    .set(ProgLoad.KERN_VERSION, kernelVersion);
            int flags = flags(spec, section);
            if (flags != 0) {
                attr.set(ProgLoad.PROG_FLAGS, flags);
            }
            int attachType = section != null && section.usdt() && running.has(Feature.UPROBE_MULTI_LINK)
                    ? BpfAttachType.TRACE_UPROBE_MULTI.number() : spec.expectedAttachType();
            if (attachType != 0) {
                attr.set(ProgLoad.EXPECTED_ATTACH_TYPE, attachType);
            }
            if (spec.ifindex() != 0) {
                attr.set(ProgLoad.PROG_IFINDEX, spec.ifindex());
            }
            attachTo(attr, spec, target);
            describe(attr, linked);
            if (fdArray.length > 0) {
                attr.point(ProgLoad.FD_ARRAY, fdArray);
            }
            if (tokenFd >= 0) {
                attr.set(ProgLoad.PROG_TOKEN_FD, tokenFd);
            }
            int fd = verify(attr, operation, spec, linked, code, diagnosis);
            return new LoadedProgram(spec, Fd.of(kernel, fd, "program \"" + spec.name() + "\""), spec.type(),
                    attr.getInt(ProgLoad.EXPECTED_ATTACH_TYPE), target == null ? 0 : target.btfId());
        }
    }

    private BtfTargets.Target target(String operation, ProgramSpec spec, BpfProgType type) {
        if (type == BpfProgType.STRUCT_OPS) {
            StructOpsValues.AttachPoint member = structOps.member(spec);
            if (member == null) {
                throw LoadException.of(operation, Errno.EINVAL, "; no struct_ops map has it as a member");
            }
            return new BtfTargets.Target(member.typeId(), (KernelModule) member.module());
        }
        SectionDef section = spec.sectionDef();
        return section != null && section.attachesByBtf() ? targets.find(spec) : null;
    }

    private int flags(ProgramSpec spec, SectionDef section) {
        int flags = spec.flags();
        if (section != null && section.sleepable()) {
            flags |= BpfFlags.BPF_F_SLEEPABLE;
        }
        if (section != null && section.xdpFrags() && spec.type() == BpfProgType.XDP.number()) {
            flags |= BpfFlags.BPF_F_XDP_HAS_FRAGS;
        }
        return tokenFd >= 0 ? flags | BpfFlags.BPF_F_TOKEN_FD : flags;
    }

    private static void attachTo(StructValue attr, ProgramSpec spec, BtfTargets.Target target) {
        if (target != null) {
            attr.set(ProgLoad.ATTACH_BTF_ID, target.btfId());
            if (spec.attachProgramFd() != 0) {
                attr.set(ProgLoad.ATTACH_PROG_FD, spec.attachProgramFd());
            } else if (target.module() != null) {
                attr.set(ProgLoad.ATTACH_BTF_OBJ_FD, target.module().fd());
            }
        }
    }

    private void describe(StructValue attr, LinkedProgram linked) {
        if (btfFd < 0) {
            return;
        }
        attr.set(ProgLoad.PROG_BTF_FD, btfFd);
        InfoRecords functions = linked.funcInfo();
        if (functions.count() > 0) {
            attr.point(ProgLoad.FUNC_INFO, functions.bytes()).set(ProgLoad.FUNC_INFO_REC_SIZE, functions.recordSize())
                    .set(ProgLoad.FUNC_INFO_CNT, functions.count());
        }
        InfoRecords lines = linked.lineInfo();
        if (lines.count() > 0) {
            attr.point(ProgLoad.LINE_INFO, lines.bytes()).set(ProgLoad.LINE_INFO_REC_SIZE, lines.recordSize())
                    .set(ProgLoad.LINE_INFO_CNT, lines.count());
        }
    }

    /**
     * Takes out what this kernel lacks of a program it refused: the expected attach type where it may be left out
     * (libbpf SEC_EXP_ATTACH_OPT), and bpf_probe_read_kernel and _user of 5.5, which become bpf_probe_read ({@code
     * bpf_object__sanitize_prog}). Asked only now, so that a kernel that lacks nothing is not asked at all.
     *
     * @return whether anything changed
     */
    private boolean takeOutWhatIsLacking(StructValue attr, ProgramSpec spec, InsnBuffer code) {
        boolean changed = false;
        SectionDef section = spec.sectionDef();
        if (section != null && section.attachTypeOptional() && attr.getInt(ProgLoad.EXPECTED_ATTACH_TYPE) != 0
                && !running.has(Feature.EXP_ATTACH_TYPE)) {
            attr.set(ProgLoad.EXPECTED_ATTACH_TYPE, 0);
            changed = true;
        }
        if (usesOldProbeHelpers(code)) {
            attr.point(ProgLoad.INSNS, code.toBytes(ByteOrder.nativeOrder()));
            changed = true;
        }
        return changed;
    }

    private boolean usesOldProbeHelpers(InsnBuffer code) {
        boolean changed = false;
        for (int i = 0; i < code.count(); i++) {
            if (code.isLdimm64(i)) {
                i++;
                continue;
            }
            if (!code.isCall(i) || code.src(i) != 0) {
                continue;
            }
            String helper = BpfHelper.name(code.imm(i));
            boolean text = helper.equals("probe_read_kernel_str") || helper.equals("probe_read_user_str");
            if (text || helper.equals("probe_read_kernel") || helper.equals("probe_read_user")) {
                if (running.has(Feature.PROBE_READ_KERNEL)) {
                    return false;
                }
                code.setImm(i, BpfHelper.id(text ? "probe_read_str" : "probe_read"));
                changed = true;
            }
        }
        return changed;
    }

    /** Loads without a log first: making one costs more than the verification of a small program. */
    private int verify(StructValue attr, String operation, ProgramSpec spec, LinkedProgram linked, InsnBuffer code,
                       VerifierLog.Diagnosis diagnosis) {
        if (logLevel(spec) != 0) {
            takeOutWhatIsLacking(attr, spec, code);
        } else {
            int result = submit(attr);
            if (result < 0 && takeOutWhatIsLacking(attr, spec, code)) {
                result = submit(attr);
            }
            if (result == -Errno.E2BIG) {
                result = withoutUnknownTails(attr, linked);
            }
            if (result == -Errno.E2BIG && !running.has(Feature.PROG_NAME)) {
                attr.set(ProgLoad.PROG_NAME, "");
                result = submit(attr);
            }
            if (result == -Errno.EPERM && MemoryLimit.raise(running)) {
                result = submit(attr);
            }
            if (result >= 0) {
                return result;
            }
        }
        return verifyWithLog(attr, operation, spec, diagnosis);
    }

    private int logLevel(ProgramSpec spec) {
        return spec.logLevel() != 0 ? spec.logLevel() : options.verifierLogLevel();
    }

    private int verifyWithLog(StructValue attr, String operation, ProgramSpec spec, VerifierLog.Diagnosis diagnosis) {
        attr.set(ProgLoad.LOG_LEVEL, Math.max(1, logLevel(spec)));
        long size = FIRST_LOG_BYTES;
        while (true) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(size);
                attr.point(ProgLoad.LOG_BUF, buffer);
                int result = submit(attr);
                if (result == -Errno.ENOSPC && size < MOST_LOG_BYTES) {
                    // Kernels from 6.4 on say how much they would have written; before that, libbpf doubles.
                    size = Math.min(MOST_LOG_BYTES, Math.max(size * 4, attr.get(ProgLoad.LOG_TRUE_SIZE)));
                    continue;
                }
                VerifierLog log = new VerifierLog(spec.name(), text(buffer));
                if (options.verifierLog() != null && !log.text().isEmpty()) {
                    options.verifierLog().accept(log);
                }
                if (result >= 0) {
                    return result;
                }
                throw refused(operation, -result, spec, log, diagnosis);
            }
        }
    }

    private static String text(MemorySegment buffer) {
        long end = 0;
        while (end < buffer.byteSize() && buffer.get(ValueLayout.JAVA_BYTE, end) != 0) {
            end++;
        }
        byte[] bytes = buffer.asSlice(0, end).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private LoadException refused(String operation, int errno, ProgramSpec spec, VerifierLog log,
                                  VerifierLog.Diagnosis diagnosis) {
        BpfProgType type = BpfProgType.of(spec.type());
        if (log.hasReason()) {
            String summary = log.summary(diagnosis, type);
            boolean pointers = summary.contains("prohibited") || summary.contains("leaks addr");
            return new LoadException(operation, errno, ": " + summary + (pointers ? Privileges.strict(running) : ""), log, false, null);
        }
        if (errno == Errno.EPERM || errno == Errno.EACCES) {
            Privileges privileges = Privileges.forProgram(running, type);
            return new LoadException(operation, errno, privileges.missing() ? privileges.advice()
                    : MemoryLimit.mayBeWhy(running) ? MemoryLimit.ADVICE : Privileges.refusedByPolicy(running, type),
                    log, privileges.missing(), null);
        }
        String advice = "";
        if (errno == Errno.EINVAL) {
            advice = unknownToThisKernel(type, spec);
        } else if (errno == Errno.E2BIG) {
            advice = "; the program has " + spec.insnCount() + " instructions or more than this kernel takes";
        } else if (errno == Errno.ENOMEM) {
            advice = "; the kernel has no memory for it";
        }
        return new LoadException(operation, errno, advice, log, false, null);
    }

    /** What a kernel refuses without a word of the verifier's: a type, attach type or flag from after its time. */
    private String unknownToThisKernel(BpfProgType type, ProgramSpec spec) {
        BpfAttachType attachType = BpfAttachType.of(spec.expectedAttachType());
        return switch (type) {
            // These need a target, without which even the smallest of them is refused.
            case TRACING, LSM -> attachType == null ? ""
                    : "; perhaps this kernel has no attach type " + attachType.kernelName();
            case EXT, STRUCT_OPS -> "";
            case null -> "";
            default -> {
                if (attachType == null || running.features().loadsProgramsOf(type, attachType)) {
                    yield spec.sectionDef() != null && spec.sectionDef().xdpFrags()
                            ? "; Linux has " + spec.sectionName() + " since 5.18" : "";
                }
                yield "; this kernel has no programs of type " + type.kernelName() + (attachType.number() == 0 ? ""
                        : " with attach type " + attachType.kernelName());
            }
        };
    }

    private int submit(StructValue attr) {
        int result;
        int tries = TRIES;
        do {
            result = kernel.bpf(BpfCommand.PROG_LOAD, attr);
        } while (result == -Errno.EAGAIN && --tries > 0);
        return result;
    }

    /**
     * A kernel whose func_info or line_info records are shorter than the object's says so by E2BIG and writes its own
     * size back; it takes the longer ones if what it does not know is zero.
     */
    private int withoutUnknownTails(StructValue attr, LinkedProgram linked) {
        boolean changed = false;
        int functionSize = attr.getInt(ProgLoad.FUNC_INFO_REC_SIZE);
        InfoRecords functions = linked.funcInfo();
        if (functions.count() > 0 && functionSize > 0 && functionSize < functions.recordSize()) {
            attr.point(ProgLoad.FUNC_INFO, zeroTails(functions, functionSize))
                    .set(ProgLoad.FUNC_INFO_REC_SIZE, functions.recordSize());
            changed = true;
        }
        int lineSize = attr.getInt(ProgLoad.LINE_INFO_REC_SIZE);
        InfoRecords lines = linked.lineInfo();
        if (lines.count() > 0 && lineSize > 0 && lineSize < lines.recordSize()) {
            attr.point(ProgLoad.LINE_INFO, zeroTails(lines, lineSize))
                    .set(ProgLoad.LINE_INFO_REC_SIZE, lines.recordSize());
            changed = true;
        }
        return changed ? submit(attr) : -Errno.E2BIG;
    }

    private static byte[] zeroTails(InfoRecords records, int known) {
        byte[] bytes = records.bytes().clone();
        for (int start = 0; start < bytes.length; start += records.recordSize()) {
            Arrays.fill(bytes, start + known, Math.min(bytes.length, start + records.recordSize()), (byte) 0);
        }
        return bytes;
    }

    /** The LinkedProgram's code with descriptors in place of its references. */
    static InsnBuffer withDescriptors(LinkedProgram linked, List<LoadedMap> maps, JumpTables tables) {
        InsnBuffer code = linked.code().copy();
        for (Reference reference : linked.references()) {
            int insn = reference.insnIndex();
            // Not a switch: HotSpot links one of patterns by method handles, milliseconds of start-up.
            if (reference instanceof Reference.MapFd map) {
                code.setImm(insn, fd(maps, map.map()));
            } else if (reference instanceof Reference.MapValue map) {
                code.setImm(insn, fd(maps, map.map()));
            } else if (reference instanceof Reference.ModuleBtfFd module) {
                code.setImm(insn + 1, ((KernelModule) module.module()).fd());
            } else if (reference instanceof Reference.JumpTable table) {
                code.setImm(insn, tables.fd(table.table()));
            } else {
                throw new AssertionError(reference);
            }
        }
        return code;
    }

    private static int fd(List<LoadedMap> maps, MapSpec spec) {
        for (LoadedMap map : maps) {
            if (map.spec() == spec) {
                return map.fd();
            }
        }
        throw new IllegalStateException("linked code refers to " + spec + ", which was not created");
    }

}
