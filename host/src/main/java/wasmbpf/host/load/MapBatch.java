package wasmbpf.host.load;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import wasmbpf.sys.BpfAttrs;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** Many elements of a map in one call each: libbpf {@code bpf_map_*_batch}. Any thread. */
public final class MapBatch {
    /** Elements a call, to begin with; the kernel says ENOSPC where a hash bucket holds more. */
    private static final int FIRST_COUNT = 256;
    private static final int MOST_COUNT = 1 << 20;
    /** What the kernel keeps its place in: 4 bytes for hashes, a key for others. */
    private static final int PLACE_BYTES = 8;

    /** One element. */
    public record Element(byte[] key, byte[] value) {
    }

    private final Kernel kernel;
    private final LoadedMap map;

    MapBatch(Kernel kernel, LoadedMap map) {
        this.kernel = kernel;
        this.map = map;
    }

    /** All elements. @throws SysException EOPNOTSUPP or EINVAL where the map or the kernel has no batches */
    public List<Element> lookupAll() {
        return all(BpfCommand.MAP_LOOKUP_BATCH);
    }

    /** All elements, removed as they are read; hashes alone. */
    public List<Element> lookupAndDeleteAll() {
        return all(BpfCommand.MAP_LOOKUP_AND_DELETE_BATCH);
    }

    private List<Element> all(BpfCommand command) {
        List<Element> found = new ArrayList<>();
        int count = FIRST_COUNT;
        try (Arena arena = Arena.ofConfined()) {
            int placeBytes = Math.max(PLACE_BYTES, map.keySize());
            MemorySegment in = arena.allocate(placeBytes, 8);
            MemorySegment out = arena.allocate(placeBytes, 8);
            boolean begun = false;
            while (true) {
                try (Arena each = Arena.ofConfined(); StructValue attr = BpfAttrs.MapBatch.STRUCT.allocate()) {
                    MemorySegment keys = each.allocate((long) count * map.keySize(), 8);
                    MemorySegment values = each.allocate((long) count * map.valueBytes(), 8);
                    attr.set(BpfAttrs.MapBatch.MAP_FD, map.fd()).set(BpfAttrs.MapBatch.COUNT, count)
                            .point(BpfAttrs.MapBatch.OUT_BATCH, out).point(BpfAttrs.MapBatch.KEYS_OUT, keys)
                            .point(BpfAttrs.MapBatch.VALUES_OUT, values);
                    if (begun) {
                        attr.point(BpfAttrs.MapBatch.IN_BATCH, in);
                    }
                    int result = kernel.bpf(command, attr);
                    if (result == -Errno.ENOSPC && count < MOST_COUNT) {
                        // A bucket does not fit: nothing was taken.
                        count *= 2;
                        continue;
                    }
                    if (result < 0 && result != -Errno.ENOENT) {
                        throw new SysException(command.kernelName() + " on map \"" + map.name() + "\"", -result);
                    }
                    int taken = Math.min(count, attr.getInt(BpfAttrs.MapBatch.COUNT));
                    for (int i = 0; i < taken; i++) {
                        found.add(new Element(part(keys, i, map.keySize()), part(values, i, map.valueBytes())));
                    }
                    if (result < 0) {
                        return found;
                    }
                    begun = true;
                    in.copyFrom(out);
                }
            }
        }
    }

    private static byte[] part(MemorySegment all, int index, int bytes) {
        return all.asSlice((long) index * bytes, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * Sets elements, in order.
     *
     * @param elementFlags BPF_ANY 0, BPF_F_LOCK 4
     * @throws SysException with the number that were set before the one that was refused in its message
     */
    public void update(List<Element> elements, long elementFlags) {
        change(BpfCommand.MAP_UPDATE_BATCH, elements.stream().map(Element::key).toList(),
                elements.stream().map(Element::value).toList(), elementFlags);
    }

    /** Removes elements, in order. @throws SysException ENOENT at the first that is not there */
    public void delete(List<byte[]> keys) {
        change(BpfCommand.MAP_DELETE_BATCH, keys, null, 0);
    }

    private void change(BpfCommand command, List<byte[]> keys, List<byte[]> values, long elementFlags) {
        if (keys.isEmpty()) {
            return;
        }
        try (Arena arena = Arena.ofConfined(); StructValue attr = BpfAttrs.MapBatch.STRUCT.allocate()) {
            attr.set(BpfAttrs.MapBatch.MAP_FD, map.fd()).set(BpfAttrs.MapBatch.COUNT, keys.size())
                    .set(BpfAttrs.MapBatch.ELEM_FLAGS, elementFlags)
                    .point(BpfAttrs.MapBatch.KEYS, joined(arena, "key", keys, map.keySize()));
            if (values != null) {
                attr.point(BpfAttrs.MapBatch.VALUES, joined(arena, "value", values, map.valueBytes()));
            }
            int result = kernel.bpf(command, attr);
            if (result < 0) {
                throw new SysException(command.kernelName() + " on map \"" + map.name() + "\" at element "
                        + Math.min(keys.size(), attr.getInt(BpfAttrs.MapBatch.COUNT)) + " of " + keys.size(), -result);
            }
        }
    }

    private MemorySegment joined(Arena arena, String what, List<byte[]> parts, int bytes) {
        MemorySegment all = arena.allocate((long) parts.size() * bytes, 8);
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).length != bytes) {
                throw new IllegalArgumentException("map \"" + map.name() + "\" has " + what + "s of " + bytes + " bytes, not "
                        + parts.get(i).length);
            }
            MemorySegment.copy(parts.get(i), 0, all, ValueLayout.JAVA_BYTE, (long) i * bytes, bytes);
        }
        return all;
    }
}
