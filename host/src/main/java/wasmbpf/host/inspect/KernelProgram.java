package wasmbpf.host.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfType;
import wasmbpf.elf.FormatException;
import wasmbpf.host.load.KernelBtf;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Fd;
import wasmbpf.sys.InfoStructs.ProgInfo;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/**
 * A program in the kernel.
 *
 * @param name         the whole name if its BTF has it, else the kernel's 15 characters; may be empty
 * @param tag          of its instructions as loaded, 16 hex digits
 * @param loadTime     nanoseconds since the kernel started; 0 if unknown
 * @param xlatedBytes  of its instructions as the verifier left them
 * @param jitedBytes   of its native code, 0 if it is interpreted
 * @param memlockBytes of kernel memory, or null
 * @param btfId        of its BTF, or 0
 */
public record KernelProgram(int id, int type, String name, String tag, boolean gplCompatible, long runTimeNanos, long runCount,
                            long recursionMisses, long loadTime, int uid, int xlatedBytes, int jitedBytes,
                            String memlockBytes, List<Integer> mapIds, int btfId) {
    private static final int KERNEL_NAME_CHARS = 15;

    /** @param fd stays the caller's */
    public static KernelProgram of(KernelObjects objects, Fd fd) {
        try (Arena arena = Arena.ofConfined(); StructValue info = ProgInfo.STRUCT.allocate()) {
            objects.info(fd, info);
            int maps = info.getInt(ProgInfo.NR_MAP_IDS);
            MemorySegment ids = arena.allocate(4L * Math.max(1, maps), 8);
            int functions = info.getInt(ProgInfo.NR_FUNC_INFO);
            int recordSize = info.getInt(ProgInfo.FUNC_INFO_REC_SIZE);
            boolean mayBeCut = info.getString(ProgInfo.NAME).length() == KERNEL_NAME_CHARS && functions > 0 && recordSize >= 8;
            MemorySegment first = arena.allocate(Math.max(8, recordSize), 8);
            info.clear();
            if (maps > 0) {
                info.point(ProgInfo.MAP_IDS, ids.address(), 4L * maps);
            }
            if (mayBeCut) {
                info.set(ProgInfo.NR_FUNC_INFO, 1).set(ProgInfo.FUNC_INFO_REC_SIZE, recordSize)
                        .point(ProgInfo.FUNC_INFO, first.address(), recordSize);
            }
            objects.info(fd, info);
            List<Integer> mapIds = new ArrayList<>();
            for (int i = 0; i < Math.min(maps, info.getInt(ProgInfo.NR_MAP_IDS)); i++) {
                mapIds.add(ids.getAtIndex(ValueLayout.JAVA_INT, i));
            }
            int btfId = info.getInt(ProgInfo.BTF_ID);
            String name = info.getString(ProgInfo.NAME);
            return new KernelProgram(info.getInt(ProgInfo.ID), info.getInt(ProgInfo.TYPE),
                    mayBeCut ? wholeName(objects, btfId, first.get(ValueLayout.JAVA_INT, 4), name) : name,
                    HexFormat.of().formatHex(info.getBytes(ProgInfo.TAG)),
                    (info.getInt(ProgInfo.GPL_COMPATIBLE) & 1) != 0, info.get(ProgInfo.RUN_TIME_NS),
                    info.get(ProgInfo.RUN_CNT), info.get(ProgInfo.RECURSION_MISSES), info.get(ProgInfo.LOAD_TIME),
                    info.getInt(ProgInfo.CREATED_BY_UID), info.getInt(ProgInfo.XLATED_PROG_LEN),
                    info.getInt(ProgInfo.JITED_PROG_LEN), KernelObjects.fdinfo(fd).get("memlock"),
                    List.copyOf(mapIds), btfId);
        }
    }

    /** bpftool's get_prog_full_name: what the first function is called in the program's BTF. */
    private static String wholeName(KernelObjects objects, int btfId, int functionId, String name) {
        try {
            Btf btf = KernelBtf.byId(objects.kernel(), btfId);
            return functionId > 0 && functionId < btf.typeCount() && btf.type(functionId) instanceof BtfType.Func function
                    && function.name().startsWith(name) ? function.name() : name;
        } catch (SysException | FormatException e) {
            return name;
        }
    }

    /** bpftool's name of the type: {@code sched_cls}; null if this library does not know it. */
    public String typeName() {
        BpfProgType known = BpfProgType.of(type);
        return known == null ? null : known.name().toLowerCase(Locale.ROOT);
    }

    /** As a row of {@code bpftool -j prog list}. */
    Map<String, Object> row(List<String> pins, Holders holders, long bootTime) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", Integer.toUnsignedLong(id));
        row.put("type", typeName() == null ? Integer.toUnsignedLong(type) : typeName());
        if (!name.isEmpty()) {
            row.put("name", name);
        }
        row.put("tag", tag);
        row.put("gpl_compatible", gplCompatible);
        if (runTimeNanos != 0) {
            row.put("run_time_ns", runTimeNanos);
            row.put("run_cnt", runCount);
        }
        if (recursionMisses != 0) {
            row.put("recursion_misses", recursionMisses);
        }
        if (loadTime != 0) {
            row.put("loaded_at", Times.loaded(bootTime, loadTime));
            row.put("uid", Integer.toUnsignedLong(uid));
        }
        row.put("bytes_xlated", xlatedBytes);
        row.put("jited", jitedBytes != 0);
        if (jitedBytes != 0) {
            row.put("bytes_jited", jitedBytes);
        }
        if (memlockBytes != null) {
            row.put("bytes_memlock", new Json.Raw(memlockBytes));
        }
        if (!mapIds.isEmpty()) {
            row.put("map_ids", mapIds);
        }
        if (!pins.isEmpty()) {
            row.put("pinned", pins);
        }
        if (btfId != 0) {
            row.put("btf_id", btfId);
        }
        List<Object> pids = holders.rows(id);
        if (pids != null) {
            row.put("pids", pids);
        }
        return row;
    }

    /** As {@code bpftool prog list} prints it, with a line feed at the end. */
    String text(List<String> pins, Holders holders, long bootTime) {
        StringBuilder out = new StringBuilder();
        out.append(Integer.toUnsignedString(id)).append(": ")
                .append(typeName() == null ? "type " + Integer.toUnsignedString(type) : typeName()).append("  ");
        if (!name.isEmpty()) {
            out.append("name ").append(name).append("  ");
        }
        out.append("tag ").append(tag).append(gplCompatible ? "  gpl" : "");
        if (runTimeNanos != 0) {
            out.append(" run_time_ns ").append(runTimeNanos).append(" run_cnt ").append(runCount);
        }
        if (recursionMisses != 0) {
            out.append(" recursion_misses ").append(recursionMisses);
        }
        out.append('\n');
        if (loadTime != 0) {
            out.append("\tloaded_at ").append(Times.text(Times.loaded(bootTime, loadTime))).append("  uid ")
                    .append(Integer.toUnsignedString(uid)).append('\n');
        }
        out.append("\txlated ").append(xlatedBytes).append('B')
                .append(jitedBytes == 0 ? "  not jited" : "  jited " + jitedBytes + "B")
                .append(memlockBytes == null ? "" : "  memlock " + memlockBytes + "B");
        if (!mapIds.isEmpty()) {
            out.append("  map_ids ").append(String.join(",", mapIds.stream().map(Integer::toUnsignedString).toList()));
        }
        pins.forEach(pin -> out.append("\n\tpinned ").append(pin));
        if (btfId != 0) {
            out.append("\n\tbtf_id ").append(btfId);
        }
        return out.append(holders.text(id)).append('\n').toString();
    }
}
