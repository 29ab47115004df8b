package wasmbpf.host.load;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;

import wasmbpf.host.object.MapSizing;
import wasmbpf.host.object.MapSpec;
import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.MappedRegion;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** A map in the kernel. Belongs to its {@link LoadedObject}, which closes it; operations may run on any thread. */
public final class LoadedMap {
    private final Kernel kernel;
    private final MapSpec spec;
    private final Fd fd;
    private final int type;
    private final int keySize;
    private final int valueSize;
    private final int maxEntries;
    private final int flags;
    private final RunningKernel running;
    private MappedRegion memory;
    private byte[] structOpsValue;

    LoadedMap(Kernel kernel, RunningKernel running, MapSpec spec, Fd fd, int maxEntries, int flags) {
        this.kernel = kernel;
        this.running = running;
        this.spec = spec;
        this.fd = fd;
        this.type = spec.type();
        this.keySize = spec.keySize();
        this.valueSize = spec.valueSize();
        this.maxEntries = maxEntries;
        this.flags = flags;
    }

    /** What it was made from. */
    public MapSpec spec() {
        return spec;
    }

    /** The name the kernel knows it by, before it is cut to 15 characters. */
    public String name() {
        return spec.name();
    }

    /** Its descriptor; stays this map's. @throws IllegalStateException once the object is closed */
    public int fd() {
        return fd.number();
    }

    /** {@code enum bpf_map_type}; {@link BpfMapType#of} names it. */
    public int type() {
        return type;
    }

    public boolean is(BpfMapType kind) {
        return type == kind.number();
    }

    /** Bytes; 0 for queues, stacks, bloom filters and rings. */
    public int keySize() {
        return keySize;
    }

    /** Bytes of one value as declared; what a look-up fills is {@link #valueBytes}. */
    public int valueSize() {
        return valueSize;
    }

    /** An unsigned 32-bit number: for rings the bytes of the ring. */
    public int maxEntries() {
        return maxEntries;
    }

    /** {@code BPF_F_*} as created. */
    public int flags() {
        return flags;
    }

    /** Whether a value is one for each possible CPU, each rounded up to 8 bytes. */
    public boolean perCpu() {
        return perCpu(type);
    }

    private static boolean perCpu(int type) {
        return is(type, BpfMapType.PERCPU_HASH) || is(type, BpfMapType.PERCPU_ARRAY)
                || is(type, BpfMapType.LRU_PERCPU_HASH) || is(type, BpfMapType.PERCPU_CGROUP_STORAGE);
    }

    private static boolean is(int type, BpfMapType kind) {
        return type == kind.number();
    }

    /** Bytes the kernel reads and writes for a value: {@code round_up(value_size, 8) * possible CPUs} if per CPU. */
    public int valueBytes() {
        return valueBytes(running, type, valueSize);
    }

    /** As {@link #valueBytes()}, for a map of that type and value size. */
    public static int valueBytes(RunningKernel running, int type, int valueSize) {
        if (perCpu(type)) {
            return Math.multiplyExact(valueSize + 7 & ~7, running.cpus().possible());
        }
        return fdValued(type) ? 4 : valueSize;
    }

    /** Whether values are descriptors that the kernel takes in and gives back as ids. */
    public boolean fdValued() {
        return fdValued(type);
    }

    /** As {@link #fdValued()}, for a map of that type. */
    public static boolean fdValued(int type) {
        return is(type, BpfMapType.PROG_ARRAY) || is(type, BpfMapType.PERF_EVENT_ARRAY)
                || is(type, BpfMapType.CGROUP_ARRAY) || is(type, BpfMapType.ARRAY_OF_MAPS)
                || is(type, BpfMapType.HASH_OF_MAPS);
    }

    /**
     * The map's own memory, mapped when first asked for: of a data section or other array created with BPF_F_MMAPABLE,
     * its values, each rounded up to 8 bytes; of an arena, all of it. Read-only where programs may not write. Unmapped
     * with the map.
     *
     * @return null if the map was not created to be mapped
     * @throws SysException if the kernel refuses
     */
    public synchronized MappedRegion memory() {
        if (memory == null && (flags & BpfFlags.BPF_F_MMAPABLE) != 0) {
            int protection = (flags & BpfFlags.BPF_F_RDONLY_PROG) != 0 ? Linux.PROT_READ
                    : Linux.PROT_READ | Linux.PROT_WRITE;
            long size = is(BpfMapType.ARENA) ? MapSizing.mappedArena(maxEntries, running.pageSize())
                    : MapSizing.mappedArray(valueSize, maxEntries, running.pageSize());
            // Arena pointers are the same in programs and user space: the kernel wants it where map_extra says, if it
            // does. Whatever this process has there stays: libbpf's MAP_FIXED would take it from the JVM.
            long address = is(BpfMapType.ARENA) ? spec.extra() : 0;
            memory = MappedRegion.mapAt(kernel, toString(), address, size, protection, Linux.MAP_SHARED, fd(), 0);
        }
        return memory;
    }

    /**
     * One of BPF_MAP_LOOKUP_ELEM, UPDATE_ELEM, DELETE_ELEM, GET_NEXT_KEY, LOOKUP_AND_DELETE_ELEM on raw memory.
     *
     * @param key   absolute address of {@link #keySize} bytes, or 0 for none
     * @param value absolute address of {@link #valueBytes} bytes (of {@link #keySize} for GET_NEXT_KEY), or 0
     * @return 0 or {@code -errno}
     */
    public int operate(BpfCommand command, long key, long value, long elementFlags) {
        return operate(kernel, fd(), keySize, valueBytes(), command, key, value, elementFlags);
    }

    /** As {@link #operate(BpfCommand, long, long, long)}, on a map that was not loaded here. */
    public static int operate(Kernel kernel, int mapFd, int keySize, int valueBytes, BpfCommand command, long key,
                              long value, long elementFlags) {
        try (StructValue attr = MapElem.STRUCT.borrow()) {
            attr.set(MapElem.MAP_FD, mapFd);
            if (key != 0) {
                attr.point(MapElem.KEY, key, keySize);
            }
            if (value != 0) {
                switch (command) {
                    case MAP_UPDATE_ELEM -> attr.point(MapElem.VALUE, value, valueBytes);
                    case MAP_GET_NEXT_KEY -> attr.point(MapElem.NEXT_KEY, value, keySize);
                    default -> attr.point(MapElem.VALUE_OUT, value, valueBytes);
                }
            }
            attr.set(MapElem.FLAGS, elementFlags);
            return kernel.bpf(command, attr);
        }
    }

    /** The value of that key ({@link #valueBytes} bytes), or null if there is none. */
    public byte[] lookup(byte[] key) {
        byte[] value = new byte[valueBytes()];
        return transfer(BpfCommand.MAP_LOOKUP_ELEM, key, value, 0) ? value : null;
    }

    /** As {@link #lookup}, removing the entry; queues and stacks take an empty key. */
    public byte[] lookupAndDelete(byte[] key) {
        byte[] value = new byte[valueBytes()];
        return transfer(BpfCommand.MAP_LOOKUP_AND_DELETE_ELEM, key, value, 0) ? value : null;
    }

    /** Sets a value; {@code elementFlags}: BPF_ANY 0, BPF_NOEXIST 1, BPF_EXIST 2, BPF_F_LOCK 4. */
    public void update(byte[] key, byte[] value, long elementFlags) {
        requireSize("value", value, valueBytes());
        if (!transfer(BpfCommand.MAP_UPDATE_ELEM, key, value.clone(), elementFlags)) {
            throw new SysException("update map \"" + name() + "\"", Errno.ENOENT);
        }
    }

    public void update(byte[] key, byte[] value) {
        update(key, value, 0);
    }

    /** Whether there was such an entry. */
    public boolean delete(byte[] key) {
        return transfer(BpfCommand.MAP_DELETE_ELEM, key, null, 0);
    }

    /** The key after that one, the first for null, or null at the end. */
    public byte[] nextKey(byte[] key) {
        byte[] next = new byte[keySize];
        return transfer(BpfCommand.MAP_GET_NEXT_KEY, key, next, 0) ? next : null;
    }

    /** No process may change it from now on: BPF_MAP_FREEZE. */
    public void freeze() {
        try (StructValue attr = MapElem.STRUCT.allocate()) {
            attr.set(MapElem.MAP_FD, fd());
            SysException.check("freeze " + this, kernel.bpf(BpfCommand.MAP_FREEZE, attr));
        }
    }

    /** Many elements in one call; the kernel does so for hashes, arrays, LPM tries and maps of maps (5.6). */
    public MapBatch batch() {
        return new MapBatch(kernel, this);
    }

    /** Every key there is, in the map's order; keys that come and go meanwhile may be missing, or there twice. */
    public void forEachKey(Consumer<byte[]> visitor) {
        for (byte[] key = nextKey(null); key != null; key = nextKey(key)) {
            visitor.accept(key);
        }
    }

    private boolean transfer(BpfCommand command, byte[] key, byte[] value, long elementFlags) {
        if (key != null) {
            requireSize("key", key, keySize);
        }
        try (var arena = Arena.ofConfined()) {
            MemorySegment keyMemory = copy(arena, key);
            MemorySegment valueMemory = copy(arena, value);
            int result = operate(command, keyMemory.address(), valueMemory.address(), elementFlags);
            if (result == -Errno.ENOENT) {
                return false;
            }
            SysException.check(command.kernelName() + " on map \"" + name() + "\"", result);
            if (value != null) {
                MemorySegment.copy(valueMemory, 0, MemorySegment.ofArray(value), 0, value.length);
            }
            return true;
        }
    }

    private static MemorySegment copy(Arena arena, byte[] bytes) {
        if (bytes == null || bytes.length == 0) {
            return MemorySegment.NULL;
        }
        MemorySegment memory = arena.allocate(bytes.length, 8);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, 0, bytes.length);
        return memory;
    }

    private void requireSize(String what, byte[] bytes, int size) {
        if (bytes.length != size) {
            throw new IllegalArgumentException("map \"" + name() + "\" has " + what + "s of " + size + " bytes, not "
                    + bytes.length + ": " + Arrays.toString(bytes));
        }
    }

    /**
     * What a struct_ops map is set to when it is attached: the kernel's layout, with descriptors of programs; else
     * null.
     */
    public byte[] structOpsValue() {
        return structOpsValue;
    }

    void structOpsValue(byte[] value) {
        structOpsValue = value;
    }

    void close() {
        try {
            if (memory != null) {
                memory.close();
            }
        } finally {
            fd.close();
        }
    }

    @Override
    public String toString() {
        return "map \"" + name() + "\"";
    }
}
