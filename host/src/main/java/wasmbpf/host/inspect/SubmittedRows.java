package wasmbpf.host.inspect;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.core.InsnBuffer;
import wasmbpf.core.ReloReport;
import wasmbpf.host.load.DryLoad;
import wasmbpf.host.load.LoadException;
import wasmbpf.host.object.Extern;
import wasmbpf.host.object.ExternValues;
import wasmbpf.host.object.LinkedObject;
import wasmbpf.host.object.LinkedProgram;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.Reference;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;

/** What loading an object would submit, from a {@link DryLoad}: instructions, what they refer to, attributes. */
final class SubmittedRows {
    private final DryLoad.Result result;
    private final Map<ProgramSpec, DryLoad.Call> loads = new HashMap<>();

    SubmittedRows(DryLoad.Result result) {
        this.result = result;
        if (result.linked() != null) {
            List<DryLoad.Call> calls = result.calls().stream().filter(SubmittedRows::isLoad).toList();
            int next = 0;
            for (LinkedProgram program : result.linked().programs()) {
                if (!result.refused().containsKey(program.program())) {
                    loads.put(program.program(), calls.get(next++));
                }
            }
        }
    }

    /** Whether that is a program of the object and no probe: only those say for which kernel they were compiled. */
    static boolean isLoad(DryLoad.Call call) {
        return call.command() == BpfCommand.PROG_LOAD && call.fields().containsKey(ProgLoad.KERN_VERSION);
    }

    /** Adds to a row of {@link ObjectRows#extern} whether the kernel has it, and as what. */
    void addTo(Map<String, Object> row, Extern extern) {
        if (result.externs() == null) {
            return;
        }
        ExternValues.Value value = result.externs().of(extern);
        row.put("set", !(value instanceof ExternValues.Missing));
        switch (value) {
            case ExternValues.Address address -> row.put("addr", "0x" + Long.toHexString(address.address()));
            case ExternValues.KernelType type -> {
                row.put("kernel_btf_id", type.btfId());
                if (type.module() != null) {
                    row.put("module", type.module().name());
                }
            }
            case ExternValues.Missing _, ExternValues.Configured _ -> { }
        }
    }

    /** Adds to a row of {@link ObjectRows#program} what is submitted: {@code load}, or why it would be refused. */
    void addTo(Map<String, Object> row, ProgramSpec program) {
        if (result.linked() == null) {
            return;
        }
        List<Object> core = core(program);
        if (!core.isEmpty()) {
            row.put("core", core);
        }
        LinkedProgram linked = result.linked().program(program);
        if (linked == null) {
            return;
        }
        if (!linked.subprograms().isEmpty()) {
            List<Object> subprograms = new ArrayList<>();
            linked.subprograms().forEach(each -> subprograms.add(
                    List.of(each.subprogram().sectionInsnOffset(), each.insnOffset())));
            row.put("subprogs", subprograms);
        }
        LoadException refused = result.refused().get(program);
        if (refused != null) {
            Map<String, Object> relocated = new LinkedHashMap<>();
            code(relocated, linked);
            row.put("relocated", relocated);
            row.put("load_err", -refused.errno());
            row.put("load_error", refused.getMessage());
            return;
        }
        DryLoad.Call call = loads.get(program);
        Map<String, Object> load = new LinkedHashMap<>();
        load.put("prog_type", call.number(ProgLoad.PROG_TYPE));
        load.put("expected_attach_type", call.number(ProgLoad.EXPECTED_ATTACH_TYPE));
        load.put("prog_name", call.text(ProgLoad.PROG_NAME));
        load.put("license", call.text(ProgLoad.LICENSE));
        load.put("kern_version", call.number(ProgLoad.KERN_VERSION));
        unlessZero(load, "prog_flags", call.number(ProgLoad.PROG_FLAGS));
        unlessZero(load, "prog_ifindex", call.number(ProgLoad.PROG_IFINDEX));
        unlessZero(load, "attach_btf_id", call.number(ProgLoad.ATTACH_BTF_ID));
        load.put("prog_btf", call.number(ProgLoad.PROG_BTF_FD) != 0);
        code(load, linked);
        info(load, "func_info", call.number(ProgLoad.FUNC_INFO_REC_SIZE), call.number(ProgLoad.FUNC_INFO_CNT),
                call.bytes(ProgLoad.FUNC_INFO));
        info(load, "line_info", call.number(ProgLoad.LINE_INFO_REC_SIZE), call.number(ProgLoad.LINE_INFO_CNT),
                call.bytes(ProgLoad.LINE_INFO));
        row.put("load", load);
    }

    private static void info(Map<String, Object> load, String what, long recordSize, long count, byte[] records) {
        if (count > 0) {
            load.put(what + "_rec_size", recordSize);
            load.put(what + "_cnt", count);
            load.put(what, HexFormat.of().formatHex(records));
        }
    }

    private static void unlessZero(Map<String, Object> row, String key, long value) {
        if (value != 0) {
            row.put(key, value);
        }
    }

    private static void code(Map<String, Object> row, LinkedProgram linked) {
        byte[] bytes = linked.code().toBytes(ByteOrder.LITTLE_ENDIAN);
        row.put("insn_cnt", linked.code().count());
        row.put("insns", HexFormat.of().formatHex(bytes));
        row.put("insns_sha256", ObjectRows.sha256(bytes));
        row.put("refs", references(linked));
    }

    /** Every instruction that refers to something: {@code [insn, "map_value", ".rodata", 16]} and the like. */
    private static List<Object> references(LinkedProgram linked) {
        Map<Integer, Reference> byInsn = new HashMap<>();
        linked.references().forEach(reference -> byInsn.put(reference.insnIndex(), reference));
        List<Object> rows = new ArrayList<>();
        InsnBuffer code = linked.code();
        for (int i = 0; i < code.count(); i++) {
            int imm = code.imm(i);
            if (code.isLdimm64(i) && i + 1 < code.count()) {
                int high = code.imm(i + 1);
                switch (byInsn.get(i)) {
                    case Reference.MapFd map -> rows.add(List.of(i, "map", map.map().realName(), high));
                    case Reference.MapValue map -> rows.add(List.of(i, "map_value", map.map().realName(), high));
                    case Reference.ModuleBtfFd module -> rows.add(List.of(i, "btf_id", imm, module.module().name()));
                    case Reference.JumpTable table -> rows.add(List.of(i, "jump_table", table.table().sectionOffset()));
                    case null -> {
                        if (code.src(i) == 3) {
                            rows.add(List.of(i, "btf_id", imm, high));
                        } else if (code.src(i) == 4) {
                            rows.add(List.of(i, "func", imm));
                        }
                    }
                }
                i++;
            } else if (code.isCall(i) && code.src(i) == 1) {
                rows.add(List.of(i, "call", imm));
            } else if (code.isCall(i) && code.src(i) == 2) {
                rows.add(List.of(i, "kfunc", imm, (int) code.off(i)));
            }
        }
        return rows;
    }

    private List<Object> core(ProgramSpec program) {
        List<Object> rows = new ArrayList<>();
        for (LinkedObject.CoreReport report : result.linked().reports()) {
            if (report.program() == program) {
                report.report().lines().forEach(line -> rows.add(core(line)));
            }
        }
        return rows;
    }

    private static Map<String, Object> core(ReloReport.Line line) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("i", line.index());
        row.put("insn", line.insnIndex());
        row.put("kind", line.kind().shortName());
        row.put("type_id", line.relo().typeId());
        row.put("access", line.relo().accessString());
        row.put("type", line.local().rootTypeText());
        row.put("cands", line.candidates().stream().map(each -> (Object) each.typeId()).toList());
        row.put("local", line.localText());
        row.put("target", line.targetText());
        row.put("poison", line.poisoned());
        row.put("validate", line.fixup().validate());
        row.put("orig", Long.toUnsignedString(line.fixup().original()));
        row.put("new", Long.toUnsignedString(line.fixup().updated()));
        row.put("orig_sz", line.fixup().originalSize());
        row.put("new_sz", line.fixup().updatedSize());
        return row;
    }
}
