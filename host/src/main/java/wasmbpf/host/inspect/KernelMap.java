package wasmbpf.host.inspect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Fd;
import wasmbpf.sys.InfoStructs.MapInfo;
import wasmbpf.sys.StructValue;

/**
 * A map in the kernel.
 *
 * @param name               at most 15 characters; may be empty
 * @param btfId              of its BTF, or 0
 * @param keyTypeId          in that BTF, or 0
 * @param valueTypeId        in that BTF, or 0
 * @param vmlinuxValueTypeId of a struct_ops map: in the kernel's own BTF; else 0
 * @param fdinfo             what /proc/self/fdinfo says of it: {@code memlock}, {@code frozen}, {@code owner_prog_type} …
 */
public record KernelMap(int id, int type, String name, int flags, int keySize, int valueSize, int maxEntries, int btfId,
                        int keyTypeId, int valueTypeId, int vmlinuxValueTypeId, Map<String, String> fdinfo) {
    /** @param fd stays the caller's */
    public static KernelMap of(KernelObjects objects, Fd fd) {
        try (StructValue info = MapInfo.STRUCT.allocate()) {
            objects.info(fd, info);
            return new KernelMap(info.getInt(MapInfo.ID), info.getInt(MapInfo.TYPE), info.getString(MapInfo.NAME),
                    info.getInt(MapInfo.MAP_FLAGS), info.getInt(MapInfo.KEY_SIZE), info.getInt(MapInfo.VALUE_SIZE),
                    info.getInt(MapInfo.MAX_ENTRIES), info.getInt(MapInfo.BTF_ID), info.getInt(MapInfo.BTF_KEY_TYPE_ID),
                    info.getInt(MapInfo.BTF_VALUE_TYPE_ID), info.getInt(MapInfo.BTF_VMLINUX_VALUE_TYPE_ID),
                    KernelObjects.fdinfo(fd));
        }
    }

    /** bpftool's name of the type: {@code lru_hash}; null if this library does not know it. */
    public String typeName() {
        BpfMapType known = BpfMapType.of(type);
        return known == null ? null : known.name().toLowerCase(Locale.ROOT);
    }

    public boolean is(BpfMapType kind) {
        return type == kind.number();
    }

    /** Whether a value is one for each possible CPU. */
    public boolean perCpu() {
        return is(BpfMapType.PERCPU_HASH) || is(BpfMapType.PERCPU_ARRAY) || is(BpfMapType.LRU_PERCPU_HASH)
                || is(BpfMapType.PERCPU_CGROUP_STORAGE);
    }

    private boolean frozen() {
        return !fdinfo.getOrDefault("frozen", "0").equals("0");
    }

    /** As a row of {@code bpftool -j map list}. */
    Map<String, Object> row(List<String> pins, Holders holders) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", Integer.toUnsignedLong(id));
        row.put("type", typeName() == null ? Integer.toUnsignedLong(type) : typeName());
        if (!name.isEmpty()) {
            row.put("name", name);
        }
        row.put("flags", Integer.toUnsignedLong(flags));
        row.put("bytes_key", keySize);
        row.put("bytes_value", valueSize);
        row.put("max_entries", Integer.toUnsignedLong(maxEntries));
        if (fdinfo.containsKey("memlock")) {
            row.put("bytes_memlock", new Json.Raw(fdinfo.get("memlock")));
        }
        if (is(BpfMapType.PROG_ARRAY)) {
            String owner = owner();
            if (owner != null) {
                row.put("owner_prog_type", owner);
            }
            if (fdinfo.containsKey("owner_jited")) {
                row.put("owner_jited", !fdinfo.get("owner_jited").equals("0"));
            }
        }
        row.put("frozen", frozen() ? 1 : 0);
        if (btfId != 0) {
            row.put("btf_id", btfId);
        }
        if (!pins.isEmpty()) {
            row.put("pinned", pins);
        }
        List<Object> pids = holders.rows(id);
        if (pids != null) {
            row.put("pids", pids);
        }
        return row;
    }

    private String owner() {
        String number = fdinfo.get("owner_prog_type");
        if (number == null) {
            return null;
        }
        try {
            BpfProgType known = BpfProgType.of(Integer.parseInt(number));
            return known == null ? number : known.name().toLowerCase(Locale.ROOT);
        } catch (NumberFormatException e) {
            return number;
        }
    }

    /** As {@code bpftool map list} prints it, with a line feed at the end. */
    String text(List<String> pins, Holders holders) {
        StringBuilder out = new StringBuilder();
        out.append(Integer.toUnsignedString(id)).append(": ")
                .append(typeName() == null ? "type " + Integer.toUnsignedString(type) : typeName()).append("  ");
        if (!name.isEmpty()) {
            out.append("name ").append(name).append("  ");
        }
        out.append("flags 0x").append(Integer.toHexString(flags)).append('\n');
        out.append("\tkey ").append(keySize).append("B  value ").append(valueSize).append("B  max_entries ")
                .append(Integer.toUnsignedString(maxEntries));
        if (fdinfo.containsKey("memlock")) {
            out.append("  memlock ").append(fdinfo.get("memlock")).append('B');
        }
        String jited = fdinfo.get("owner_jited");
        if (is(BpfMapType.PROG_ARRAY) && (owner() != null || jited != null)) {
            out.append("\n\t");
            if (owner() != null) {
                out.append("owner_prog_type ").append(owner()).append("  ");
            }
            if (jited != null) {
                out.append("owner").append(jited.equals("0") ? " not" : "").append(" jited");
            }
        }
        pins.forEach(pin -> out.append("\n\tpinned ").append(pin));
        if (btfId != 0 || frozen()) {
            out.append("\n\t").append(btfId != 0 ? "btf_id " + btfId : "")
                    .append(frozen() ? (btfId != 0 ? "  " : "") + "frozen" : "");
        }
        return out.append(holders.text(id)).append('\n').toString();
    }
}
