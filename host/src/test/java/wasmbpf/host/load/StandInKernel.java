package wasmbpf.host.load;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.sys.BpfAttrs.LinkCreate;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.ObjPin;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructField;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/**
 * A kernel that says yes: every command that makes something gives a new descriptor, everything else 0. Subclasses
 * answer otherwise. It keeps what was asked, and which descriptors are open.
 */
public class StandInKernel implements Kernel {
    /**
     * One call as it was made.
     *
     * @param command of bpf(2), or null for other calls
     * @param fields  numbers and texts that were set, pointers as the bytes they point at
     */
    public record Call(SystemCall call, BpfCommand command, Map<StructField, Object> fields, long[] arguments, long result) {
        public long number(StructField field) {
            return (Long) fields.getOrDefault(field, 0L);
        }

        public byte[] bytes(StructField field) {
            return (byte[]) fields.get(field);
        }

        public String text(StructField field) {
            return (String) fields.get(field);
        }

        /** A NUL-terminated text that a pointer points at. */
        public String pointedText(StructField field) {
            byte[] bytes = bytes(field);
            return bytes == null ? null : new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8);
        }
    }

    private final Arena arena = Arena.ofAuto();
    private final List<Call> calls = new ArrayList<>();
    private final Map<Integer, String> open = new HashMap<>();
    private final Map<Long, MemorySegment> mapped = new HashMap<>();
    private int nextFd = 100;

    public List<Call> calls() {
        return calls;
    }

    /** Only those of bpf(2). */
    public List<Call> bpfCalls() {
        return calls.stream().filter(call -> call.command() != null).toList();
    }

    /** What each open descriptor is. */
    public Map<Integer, String> openDescriptors() {
        return open;
    }

    /** Areas mapped and not unmapped. */
    public int mappedAreas() {
        return mapped.size();
    }

    /** The result of a command of bpf(2), or null for the usual answer. */
    protected Integer answer(BpfCommand command, StructValue attr) {
        return switch (command) {
            case TOKEN_CREATE, BTF_GET_NEXT_ID, OBJ_GET -> -Errno.ENOENT;
            // What a kernel with uprobe.multi says of a probe in "/", with and without a pid.
            case LINK_CREATE -> attr.pointedBytes(LinkCreate.UPROBE_MULTI_PATH) != 2 ? null
                    : attr.isSet(LinkCreate.UPROBE_MULTI_PID) ? -Errno.EINVAL : -Errno.EBADF;
            default -> null;
        };
    }

    /** The result of another call, or null for the usual answer. */
    protected Long answer(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        return null;
    }

    public int newFd(String what) {
        open.put(nextFd, what);
        return nextFd++;
    }

    @Override
    public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        BpfCommand command = call == SystemCall.BPF ? BpfCommand.of((int) a) : null;
        Map<StructField, Object> fields = attr == null ? Map.of() : fields(attr);
        long result = command != null ? command(command, attr) : other(call, attr, a, b, c, d, e, f);
        calls.add(new Call(call, command, fields, new long[] {a, b, c, d, e, f}, result));
        return result;
    }

    private long command(BpfCommand command, StructValue attr) {
        Integer answer = answer(command, attr);
        if (answer != null) {
            return answer;
        }
        if (!command.returnsFd()) {
            return 0;
        }
        return newFd(switch (command) {
            case MAP_CREATE -> "map " + attr.getString(MapCreate.MAP_NAME);
            case PROG_LOAD -> "program " + attr.getString(ProgLoad.PROG_NAME);
            case OBJ_GET -> "pinned " + attr.isSet(ObjPin.PATHNAME);
            default -> command.name();
        });
    }

    private long other(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        Long answer = answer(call, attr, a, b, c, d, e, f);
        if (answer != null) {
            return answer;
        }
        return switch (call) {
            case CLOSE -> open.remove((int) a) == null ? -Errno.EBADF : 0;
            case OPENAT -> newFd(string(b));
            case DUP -> newFd("copy of " + open.get((int) a));
            case FCNTL -> newFd("copy of " + open.get((int) a));
            case PERF_EVENT_OPEN, EPOLL_CREATE1, EVENTFD2, SOCKET, MEMFD_CREATE -> newFd(call.name());
            case MMAP -> {
                MemorySegment memory = arena.allocate(b, 4096);
                mapped.put(memory.address(), memory);
                yield memory.address();
            }
            case MUNMAP -> mapped.remove(a) == null ? -Errno.EINVAL : 0;
            case STATFS -> {
                at(b, 120).set(ValueLayout.JAVA_LONG, 0, Linux.BPF_FS_MAGIC);
                yield 0;
            }
            case CAPGET -> {
                at(b, 24).fill((byte) 0xff);
                yield 0;
            }
            case GETPID -> 4242;
            default -> 0;
        };
    }

    /** Memory mapped at an address. */
    public MemorySegment mapped(long address) {
        return mapped.get(address);
    }

    public List<MemorySegment> mappings() {
        return mapped.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue).toList();
    }

    protected static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    protected static String string(long address) {
        return MemorySegment.ofAddress(address).reinterpret(4096).getString(0);
    }

    private static Map<StructField, Object> fields(StructValue attr) {
        Map<StructField, Object> fields = new HashMap<>();
        for (StructField field : attr.struct().fields()) {
            if (!attr.isSet(field)) {
                continue;
            }
            if (field.isPointer()) {
                long length = attr.pointedBytes(field);
                fields.put(field, length == 0 ? new byte[0]
                        : at(attr.get(field), length).toArray(ValueLayout.JAVA_BYTE));
            } else if (field.role() == StructField.Role.CHARS) {
                fields.put(field, attr.getString(field));
            } else {
                fields.put(field, attr.get(field));
            }
        }
        return fields;
    }
}
