package wasmbpf.host.object;

import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfProgType;

/** Specs in the words of the recorded JSON, so that a test compares whole rows. */
final class OracleView {
    /** The kernel of the recording: KERNEL_VERSION(6, 18, 44). */
    static final long KERNEL_VERSION = 6 << 16 | 18 << 8 | 44;

    private static final int PAGE_BYTES = 4096;

    private OracleView() {
    }

    static Map<String, Object> map(MapSpec map) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", map.name());
        if (map.internal()) {
            row.put("real_name", map.realName());
        }
        row.put("type", (long) map.type());
        row.put("key_size", (long) map.keySize());
        row.put("value_size", (long) map.valueSize());
        boolean ring = map.type() == 27 || map.type() == 31;
        row.put("max_entries", (long) (ring ? MapSizing.ringBuffer(map.maxEntries(), PAGE_BYTES) : map.maxEntries()));
        putHex(row, "map_flags", map.flags());
        putHex(row, "map_extra", map.extra());
        putUnlessZero(row, "btf_key_type_id", map.keyTypeId());
        putUnlessZero(row, "btf_value_type_id", map.valueTypeId());
        if (!map.autocreate()) {
            row.put("autocreate", false);
        }
        if (map.internal()) {
            row.put("internal", map.kind().name().toLowerCase(Locale.ROOT));
        }
        putUnlessZero(row, "init_slots", map.slotCount());
        if (map.pinning() == MapSpec.Pinning.BY_NAME) {
            row.put("pin_path", "/sys/fs/bpf/corpus_oracle/" + map.name());
        }
        row.put("sec_idx", (long) map.sectionIndex());
        row.put("sec_offset", map.sectionOffset());
        if (map.inner() != null) {
            row.put("inner", map(map.inner()));
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
                row.put("set", false);
                row.put("kcfg_type", switch (kconfig.type()) {
                    case CHAR_ARRAY -> "char_arr";
                    case CHAR, BOOL, INT, TRISTATE -> kconfig.type().name().toLowerCase(Locale.ROOT);
                });
                row.put("size", (long) kconfig.sizeBytes());
                row.put("data_off", (long) kconfig.dataOffset());
                row.put("signed", kconfig.signed());
            }
            case Extern.Ksym ksym -> {
                row.put("kind", ksym.typed() ? "ksym_typed" : "ksym_typeless");
                row.put("weak", ksym.weak());
                row.put("set", false);
                if (!ksym.essentialName().equals(ksym.name())) {
                    row.put("essential_name", ksym.essentialName());
                }
                putUnlessZero(row, "type_id", ksym.typeId());
            }
        }
        return row;
    }

    static Map<String, Object> program(ProgramSpec program) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", program.name());
        row.put("sec", program.sectionName());
        row.put("sec_idx", (long) program.sectionIndex());
        row.put("sec_insn_off", (long) program.sectionInsnOffset());
        row.put("sec_insn_cnt", (long) program.insnCount());
        row.put("is_subprog", program.subprogram());
        row.put("type", (long) program.type());
        row.put("type_name", BpfProgType.of(program.type()).name().toLowerCase(Locale.ROOT));
        row.put("expected_attach_type", (long) program.expectedAttachType());
        row.put("attach_type_name",
                BpfAttachType.of(program.expectedAttachType()).name().toLowerCase(Locale.ROOT));
        row.put("sec_def", program.sectionDef() == null ? null : program.sectionDef().pattern());
        row.put("autoload", program.autoload());
        row.put("autoattach", program.autoattach());
        row.put("prog_flags", (long) program.flags());
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
        row.put("insn", (long) relocation.insnIndex());
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
                row.put("off", 0L);
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
            throw new AssertionError(e);
        }
    }

    private static void putUnlessZero(Map<String, Object> row, String key, int value) {
        if (value != 0) {
            row.put(key, (long) value);
        }
    }

    private static void putHex(Map<String, Object> row, String key, long value) {
        if (value != 0) {
            row.put(key, "0x" + Long.toHexString(value));
        }
    }
}
