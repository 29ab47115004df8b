package wasmbpf.host.load;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * A kernel that knows every feature, takes everything and keeps nothing but a note of what it was given. Nothing reaches
 * the real kernel but requests for plain memory.
 */
final class DryKernel implements Kernel {
    private static final int FIRST_FD = 1 << 20;
    /** A .bss may have 2 GiB, of which no note is taken. */
    private static final long MOST_VALUE_BYTES = 1 << 20;

    private final List<DryLoad.Call> calls = new ArrayList<>();
    private int nextFd = FIRST_FD;

    /** What was asked of bpf(2) since the last call of this. */
    List<DryLoad.Call> takeCalls() {
        List<DryLoad.Call> taken = List.copyOf(calls);
        calls.clear();
        nextFd = FIRST_FD;
        return taken;
    }

    @Override
    public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        return switch (call) {
            case BPF -> {
                BpfCommand command = BpfCommand.of((int) a);
                long result = answer(command, attr);
                calls.add(new DryLoad.Call(command, fields(attr), result));
                yield result;
            }
            case OPENAT, DUP, FCNTL, PERF_EVENT_OPEN, EPOLL_CREATE1, EVENTFD2, SOCKET, MEMFD_CREATE -> nextFd++;
            // The memory of an arena, which its variables are copied to.
            case MMAP -> LinuxKernel.open().mmap(0, b, Linux.PROT_READ | Linux.PROT_WRITE,
                    Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_NORESERVE, -1, 0);
            case MUNMAP -> LinuxKernel.open().munmap(a, b);
            case STATFS -> {
                MemorySegment.ofAddress(b).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, Linux.BPF_FS_MAGIC);
                yield 0;
            }
            case CAPGET -> {
                MemorySegment.ofAddress(b).reinterpret(24).fill((byte) 0xff);
                yield 0;
            }
            default -> 0;
        };
    }

    private long answer(BpfCommand command, StructValue attr) {
        return switch (command) {
            case TOKEN_CREATE, BTF_GET_NEXT_ID, OBJ_GET -> -Errno.ENOENT;
            // What a kernel with uprobe.multi says of a probe in "/", with and without a pid.
            case LINK_CREATE -> attr.pointedBytes(LinkCreate.UPROBE_MULTI_PATH) != 2 ? nextFd++
                    : attr.isSet(LinkCreate.UPROBE_MULTI_PID) ? -Errno.EINVAL : -Errno.EBADF;
            default -> command.returnsFd() ? nextFd++ : 0;
        };
    }

    /** Every field that was set: numbers as Long, texts as String, pointers as the bytes they point at. */
    private static Map<StructField, Object> fields(StructValue attr) {
        Map<StructField, Object> fields = new HashMap<>();
        for (StructField field : attr.struct().fields()) {
            if (!attr.isSet(field)) {
                continue;
            }
            if (field.content() == StructField.Content.MAP_VALUE && attr.pointedBytes(field) > MOST_VALUE_BYTES) {
                fields.put(field, new DryLoad.Omitted(attr.pointedBytes(field)));
            } else if (field.isPointer()) {
                byte[] bytes = MemorySegment.ofAddress(attr.get(field)).reinterpret(attr.pointedBytes(field))
                        .toArray(ValueLayout.JAVA_BYTE);
                fields.put(field, field.content() == StructField.Content.TEXT && bytes.length > 0
                        ? new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8) : bytes);
            } else if (field.role() == StructField.Role.CHARS) {
                fields.put(field, attr.getString(field));
            } else {
                fields.put(field, attr.get(field));
            }
        }
        return fields;
    }
}
