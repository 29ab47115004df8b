package wasmbpf.host.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** Elements of a map in the kernel, as bytes. The descriptor stays the caller's. */
public final class MapAccess {
    private final Kernel kernel;
    private final KernelMap map;
    private final Fd fd;
    private final int valueBytes;

    /** @param possibleCpus of this machine */
    public MapAccess(Kernel kernel, KernelMap map, Fd fd, int possibleCpus) {
        this.kernel = kernel;
        this.map = map;
        this.fd = fd;
        this.valueBytes = map.perCpu() ? Math.multiplyExact(map.valueSize() + 7 & ~7, possibleCpus)
                : holdsDescriptors() ? 4 : map.valueSize();
    }

    KernelMap map() {
        return map;
    }

    /** Whether values are descriptors on the way in and ids on the way out. */
    boolean holdsDescriptors() {
        return holdsPrograms() || holdsMaps() || map.is(BpfMapType.PERF_EVENT_ARRAY) || map.is(BpfMapType.CGROUP_ARRAY);
    }

    /** Whether values are programs. */
    public boolean holdsPrograms() {
        return map.is(BpfMapType.PROG_ARRAY);
    }

    /** Whether values are maps. */
    public boolean holdsMaps() {
        return map.is(BpfMapType.ARRAY_OF_MAPS) || map.is(BpfMapType.HASH_OF_MAPS);
    }

    /** Bytes the kernel reads and writes for a value: of every possible CPU. */
    public int valueBytes() {
        return valueBytes;
    }

    /** The value of a key, or null: then {@link #errno} says why. */
    public byte[] lookup(byte[] key) {
        return take(BpfCommand.MAP_LOOKUP_ELEM, key);
    }

    /** The oldest element of a queue or the latest of a stack, removed; null if there is none. */
    public byte[] pop() {
        byte[] value = take(BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM, new byte[0]);
        return value;
    }

    private int errno;

    /** Why the last {@link #lookup}, {@link #pop} or {@link #next} gave null, positive. */
    public int errno() {
        return errno;
    }

    private byte[] take(BpfCommand command, byte[] key) {
        byte[] value = new byte[valueBytes];
        errno = -transfer(command, key, value, 0);
        return errno == 0 ? value : null;
    }

    /** The key after that one, the first for null; null at the end. @throws SysException for another reason */
    public byte[] next(byte[] key) {
        byte[] next = new byte[map.keySize()];
        errno = -transfer(BpfCommand.MAP_GET_NEXT_KEY, key, next, 0);
        if (errno != 0 && errno != Errno.ENOENT) {
            throw new SysException("find the next key of map " + map.id(), errno);
        }
        return errno == 0 ? next : null;
    }

    /** @param flags BPF_ANY 0, BPF_NOEXIST 1, BPF_EXIST 2 */
    public void update(byte[] key, byte[] value, long flags) {
        SysException.check("update map " + map.id(), transfer(BpfCommand.MAP_UPDATE_ELEM, key, value, flags));
    }

    /** @throws SysException ENOENT if there is no such key */
    public void delete(byte[] key) {
        SysException.check("delete from map " + map.id(), transfer(BpfCommand.MAP_DELETE_ELEM, key, null, 0));
    }

    /** No process may change it any more. */
    public void freeze() {
        try (StructValue attr = MapElem.STRUCT.allocate()) {
            attr.set(MapElem.MAP_FD, fd.number());
            SysException.check("freeze map " + map.id(), kernel.bpf(BpfCommand.MAP_FREEZE, attr));
        }
    }

    private int transfer(BpfCommand command, byte[] key, byte[] value, long flags) {
        try (Arena arena = Arena.ofConfined(); StructValue attr = MapElem.STRUCT.allocate()) {
            attr.set(MapElem.MAP_FD, fd.number()).set(MapElem.FLAGS, flags);
            if (key != null && key.length > 0) {
                attr.point(MapElem.KEY, key);
            }
            MemorySegment memory = arena.allocate(Math.max(8, value == null ? 0 : value.length), 8);
            if (value != null) {
                MemorySegment.copy(value, 0, memory, ValueLayout.JAVA_BYTE, 0, value.length);
                attr.point(switch (command) {
                    case MAP_UPDATE_ELEM -> MapElem.VALUE;
                    case MAP_GET_NEXT_KEY -> MapElem.NEXT_KEY;
                    default -> MapElem.VALUE_OUT;
                }, memory.address(), value.length);
            }
            int result = kernel.bpf(command, attr);
            if (result >= 0 && value != null && command != BpfCommand.MAP_UPDATE_ELEM) {
                MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, value, 0, value.length);
            }
            return result;
        }
    }
}
