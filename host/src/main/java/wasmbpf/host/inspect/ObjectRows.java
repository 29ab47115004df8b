package wasmbpf.host.inspect;

import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import wasmbpf.host.object.Extern;
import wasmbpf.host.object.MapSizing;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ProgramRelocation;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;

/** Maps, externs and programs of an object as libbpf sees them after it is opened. */
final class ObjectRows {
    private ObjectRows() {
    }

    /**
     * @param pageSize     of the kernel it is for: rings are sized by it
     * @param pinDirectory where maps pinned by name go
     */
    static Map<String, Object> map(MapSpec map, int pageSize, String pinDirectory) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", map.name());
        if (map.internal()) {
            row.put("real_name", map.realName());
        }
        row.put("type", map.type());
        row.put("key_size", map.keySize());
        row.put("value_size", map.valueSize());
        boolean ring = map.type() == BpfMapType.RINGBUF.number() || map.type() == BpfMapType.USER_RINGBUF.number();
        row.put("max_entries", Integer.toUnsignedLong(
                ring ? MapSizing.ringBuffer(map.maxEntries(), pageSize) : map.maxEntries()));
        hex(row, "map_flags", Integer.toUnsignedLong(map.flags()));
        hex(row, "map_extra", map.extra());
        unlessZero(row, "numa_node", map.numaNode());
        unlessZero(row, "btf_key_type_id", map.keyTypeId());
        unlessZero(row, "btf_value_type_id", map.valueTypeId());
        if (!map.autocreate()) {
            row.put("autocreate", false);
        }
        if (map.kind() != MapSpec.Kind.USER) {
            row.put("internal", map.kind().name().toLowerCase(Locale.ROOT));
        }
        unlessZero(row, "init_slots", map.slotCount());
        if (map.pinning() == MapSpec.Pinning.BY_NAME) {
            row.put("pin_path", pinDirectory + "/" + map.name());
        }
        row.put("sec_idx", map.sectionIndex());
        row.put("sec_offset", map.sectionOffset());
        if (map.inner() != null) {
            row.put("inner", map(map.inner(), pageSize, pinDirectory));
        }
        return row;
    }

    static Map<String, Object> extern(Extern extern) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", extern.name());
        switch (extern) {
            case Extern.Kconfig kconfig -> {
                row.put("kind", "kconfig");
                row.put("weak", kconfig.weak());
                row.put("kcfg_type", switch (kconfig.type()) {
                    case CHAR_ARRAY -> "char_arr";
                    case CHAR, BOOL, INT, TRISTATE -> kconfig.type().name().toLowerCase(Locale.ROOT);
                });
                row.put("size", kconfig.sizeBytes());
                row.put("data_off", kconfig.dataOffset());
                row.put("signed", kconfig.signed());
            }
            case Extern.Ksym ksym -> {
                row.put("kind", ksym.typed() ? "ksym_typed" : "ksym_typeless");
                row.put("weak", ksym.weak());
                if (!ksym.essentialName().equals(ksym.name())) {
                    row.put("essential_name", ksym.essentialName());
                }
                unlessZero(row, "type_id", ksym.typeId());
            }
        }
        return row;
    }

    static Map<String, Object> program(ProgramSpec program) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", program.name());
        row.put("sec", program.sectionName());
        row.put("sec_idx", program.sectionIndex());
        row.put("sec_insn_off", program.sectionInsnOffset());
        row.put("sec_insn_cnt", program.insnCount());
        row.put("is_subprog", program.subprogram());
        BpfProgType type = BpfProgType.of(program.type());
        BpfAttachType attach = BpfAttachType.of(program.expectedAttachType());
        row.put("type", program.type());
        row.put("type_name", type == null ? null : type.name().toLowerCase(Locale.ROOT));
        row.put("expected_attach_type", program.expectedAttachType());
        row.put("attach_type_name", attach == null ? null : attach.name().toLowerCase(Locale.ROOT));
        row.put("sec_def", program.sectionDef() == null ? null : program.sectionDef().pattern());
        row.put("autoload", program.autoload());
        row.put("autoattach", program.autoattach());
        row.put("prog_flags", program.flags());
        row.put("global", program.global());
        row.put("static_btf", program.hidden());
        row.put("elf_insns_sha256", sha256(program.code().toBytes(ByteOrder.LITTLE_ENDIAN)));
        List<Object> relocations = new ArrayList<>();
        program.relocations().forEach(relocation -> relocations.add(relocation(relocation)));
        row.put("relos", relocations);
        return row;
    }

    private static Map<String, Object> relocation(ProgramRelocation relocation) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("insn", relocation.insnIndex());
        switch (relocation) {
            case ProgramRelocation.Call call -> {
                row.put("kind", "call");
                row.put("off", call.symbolOffset());
            }
            case ProgramRelocation.SubprogramAddress address -> {
                row.put("kind", "subprog_addr");
                row.put("off", address.symbolOffset());
            }
            case ProgramRelocation.MapReference reference -> {
                row.put("kind", "ld64");
                row.put("map", reference.map().realName());
                row.put("off", 0);
            }
            case ProgramRelocation.Data data -> {
                row.put("kind", "data");
                row.put("map", data.map().realName());
                row.put("off", data.symbolOffset());
            }
            case ProgramRelocation.ExternAddress address -> {
                row.put("kind", "extern_ld64");
                row.put("ext", address.extern().name());
            }
            case ProgramRelocation.ExternCall call -> {
                row.put("kind", "extern_call");
                row.put("ext", call.extern().name());
            }
            case ProgramRelocation.JumpTable table -> {
                row.put("kind", "insn_array");
                row.put("off", table.symbolOffset());
            }
        }
        return row;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static void unlessZero(Map<String, Object> row, String key, int value) {
        if (value != 0) {
            row.put(key, Integer.toUnsignedLong(value));
        }
    }

    static void hex(Map<String, Object> row, String key, long value) {
        if (value != 0) {
            row.put(key, "0x" + Long.toHexString(value));
        }
    }
}
