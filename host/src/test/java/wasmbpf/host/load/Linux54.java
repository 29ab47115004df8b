package wasmbpf.host.load;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.FuncLinkage;
import wasmbpf.core.InsnBuffer;
import wasmbpf.sys.BpfAttrs.BtfLoad;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * A stand-in that refuses what Linux 5.4 does not have, with that kernel's errnos (include/uapi/linux/bpf.h,
 * kernel/bpf/syscall.c and btf.c of 5.4). Attributes are judged by their bytes, as the kernel does.
 */
final class Linux54 extends KeepingKernel {
    private static final int LAST_COMMAND = BpfCommand.BTF_GET_NEXT_ID.number();
    private static final int LAST_MAP_TYPE = 25;
    private static final int LAST_PROGRAM_TYPE = 25;
    private static final int LAST_HELPER = 110;
    private static final int MAP_FLAGS = 0x3ff;
    private static final int PROGRAM_FLAGS = 0xf;
    private static final int ATTR_BYTES = 112;

    private boolean memoryLimitRaised;

    static OracleFiles files() {
        return OracleFiles.plain().without("/sys/kernel/btf/vmlinux").put("/proc/sys/kernel/osrelease", "5.4.0-42-generic\n")
                .put("/sys/kernel/tracing/events/syscalls/sys_enter_getppid/id", "311\n")
                .put("/sys/bus/event_source/devices/kprobe/format/retprobe", "config:0\n");
    }

    boolean memoryLimitRaised() {
        return memoryLimitRaised;
    }

    @Override
    protected Long answer(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        if (call == SystemCall.PRLIMIT64) {
            memoryLimitRaised = true;
        }
        return super.answer(call, attr, a, b, c, d, e, f);
    }

    @Override
    protected Integer answer(BpfCommand command, StructValue attr) {
        if (command.number() > LAST_COMMAND) {
            return -Errno.EINVAL;
        }
        if (used(attr, ATTR_BYTES, attr.sizeBytes())) {
            return -Errno.E2BIG;
        }
        boolean refused = switch (command) {
            case MAP_CREATE -> used(attr, 60, ATTR_BYTES) || attr.get(MapCreate.MAP_TYPE) > LAST_MAP_TYPE
                    || (attr.get(MapCreate.MAP_FLAGS) & ~MAP_FLAGS) != 0;
            case PROG_LOAD -> used(attr, 108, ATTR_BYTES) || attr.get(ProgLoad.PROG_TYPE) > LAST_PROGRAM_TYPE
                    || (attr.get(ProgLoad.PROG_FLAGS) & ~PROGRAM_FLAGS) != 0 || !verifies(attr);
            case BTF_LOAD -> used(attr, 28, ATTR_BYTES) || !knows(bytes(attr.get(BtfLoad.BTF),
                    attr.pointedBytes(BtfLoad.BTF)));
            default -> false;
        };
        if (refused) {
            return -Errno.EINVAL;
        }
        // BPF memory counts against RLIMIT_MEMLOCK until 5.11: the little that a probe takes is allowed.
        if (command == BpfCommand.MAP_CREATE && !memoryLimitRaised) {
            return -Errno.EPERM;
        }
        return super.answer(command, attr);
    }

    private static byte[] bytes(long address, long length) {
        return at(address, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private static boolean used(StructValue attr, int from, int to) {
        MemorySegment memory = attr.segment();
        for (int i = from; i < Math.min(to, memory.byteSize()); i++) {
            if (memory.get(ValueLayout.JAVA_BYTE, i) != 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean verifies(StructValue attr) {
        InsnBuffer code = InsnBuffer.of(bytes(attr.get(ProgLoad.INSNS), attr.pointedBytes(ProgLoad.INSNS)),
                ByteOrder.nativeOrder());
        for (int i = 0; i < code.count(); i++) {
            if (code.isLdimm64(i)) {
                // A map, or a map's value.
                if (code.src(i) > 2) {
                    return false;
                }
                i++;
            } else if (code.isCall(i) && (code.src(i) > 1 || code.src(i) == 0 && code.imm(i) > LAST_HELPER)) {
                return false;
            }
        }
        return true;
    }

    /** Kinds up to DATASEC; functions without linkage, enums without sign. */
    private static boolean knows(byte[] blob) {
        Btf btf = BtfReader.read("object BTF", blob);
        for (int id = 1; id < btf.typeCount(); id++) {
            boolean known = switch (btf.type(id)) {
                case BtfType.Func function -> function.linkage() == FuncLinkage.STATIC;
                case BtfType.Enum values -> !values.signed();
                case BtfType.Float _, BtfType.DeclTag _, BtfType.TypeTag _, BtfType.Enum64 _ -> false;
                default -> true;
            };
            if (!known) {
                return false;
            }
        }
        return true;
    }
}
