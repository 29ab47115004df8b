package wasmbpf.host.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

import wasmbpf.core.InsnBuffer;
import wasmbpf.core.ReloReport;

/** Linking gives what libbpf 1.8 submits to kernel 6.18.44 (oracle/*.relocated.json): code, references, BTF. */
class LinkOracleTest {
    @TestFactory
    Stream<DynamicNode> linksWhatLibbpfSubmits() {
        return OracleJson.OBJECTS.stream().map(LinkOracleTest::object);
    }

    private static DynamicNode object(String name) {
        Map<String, Object> libbpf = OracleJson.relocated(name);
        ObjectSpec spec = ObjectReader.read(name + ".bpf.o", OracleJson.elf(name), ReadOptions.LIBBPF);
        OracleKernel kernel = OracleKernel.of(libbpf);
        ExternValues externs = ExternResolver.resolve(spec, kernel);
        LinkedObject linked = ProgramLinker.link(spec, externs, kernel);
        List<DynamicNode> tests = new ArrayList<>();
        tests.add(dynamicTest("BTF", () -> sameBtf(libbpf, linked.btf())));
        tests.add(dynamicTest("values of .kconfig", () -> sameKconfig(libbpf, spec)));
        tests.add(dynamicTest("warnings", () -> sameWarnings(libbpf, externs)));
        for (Map<String, Object> row : OracleJson.objects(libbpf, "externs")) {
            Extern extern = spec.externs().get(OracleJson.objects(libbpf, "externs").indexOf(row));
            tests.add(dynamicTest("extern " + row.get("name"), () -> sameExtern(row, extern, externs.of(extern))));
        }
        List<Map<String, Object>> programs = OracleJson.objects(libbpf, "programs");
        for (int i = 0; i < programs.size(); i++) {
            Map<String, Object> row = programs.get(i);
            ProgramSpec program = spec.programs().get(i);
            Object code = row.getOrDefault("load", row.get("relocated"));
            if (code != null) {
                tests.add(dynamicTest("program " + row.get("name"),
                        () -> sameProgram(row, OracleJson.object(code), linked, program)));
            } else {
                tests.add(dynamicTest("program " + row.get("name") + " is not loaded",
                        () -> assertEquals(null, linked.program(program))));
            }
        }
        return dynamicContainer(name, tests);
    }

    private static void sameProgram(Map<String, Object> row, Map<String, Object> code, LinkedObject object,
                                    ProgramSpec program) {
        LinkedProgram linked = object.program(program);
        assertNotNull(linked);
        Map<String, Object> ours = new LinkedHashMap<>();
        Map<String, Object> theirs = new LinkedHashMap<>(code);
        // What the loader adds to the instructions; "x" numbers a copy in the recording.
        for (String loader : List.of("prog_type", "expected_attach_type", "prog_name", "license", "kern_version",
                "prog_btf", "prog_flags", "attach_btf_id", "x")) {
            theirs.remove(loader);
        }
        byte[] bytes = linked.code().toBytes(ByteOrder.LITTLE_ENDIAN);
        ours.put("insn_cnt", (long) linked.code().count());
        ours.put("insns", HexFormat.of().formatHex(bytes));
        ours.put("insns_sha256", OracleView.sha256(bytes));
        ours.put("refs", references(linked));
        putInfo(ours, theirs, "func_info", linked.funcInfo());
        putInfo(ours, theirs, "line_info", linked.lineInfo());
        ours.put("subprogs", subprograms(linked));
        theirs.put("subprogs", row.getOrDefault("subprogs", List.of()));
        ours.put("core", core(object, program));
        // The types of the fields themselves are libbpf's own business.
        OracleJson.objects(row, "core").forEach(line -> line.keySet().removeAll(
                List.of("orig_type_id", "new_type_id")));
        theirs.put("core", OracleJson.objects(row, "core"));
        assertEquals(sorted(theirs), sorted(ours));
    }

    private static Map<String, Object> sorted(Map<String, Object> row) {
        return new java.util.TreeMap<>(row);
    }

    private static void putInfo(Map<String, Object> ours, Map<String, Object> theirs, String what,
                                LinkedProgram.InfoRecords info) {
        // A program that libbpf refused to load has none recorded.
        if (theirs.containsKey(what + "_cnt")) {
            ours.put(what + "_rec_size", (long) info.recordSize());
            ours.put(what + "_cnt", (long) info.count());
            ours.put(what, HexFormat.of().formatHex(info.bytes()));
            if (theirs.containsKey(what + "_sha256")) {
                ours.put(what + "_sha256", OracleView.sha256(info.bytes()));
            }
        }
    }

    private static List<Object> subprograms(LinkedProgram linked) {
        List<Object> rows = new ArrayList<>();
        for (LinkedProgram.AppendedSubprogram each : linked.subprograms()) {
            rows.add(List.of((long) each.subprogram().sectionInsnOffset(), (long) each.insnOffset()));
        }
        return rows;
    }

    /** Every instruction that refers to something, in the recording's words. */
    private static List<Object> references(LinkedProgram linked) {
        Map<Integer, Reference> byInsn = new LinkedHashMap<>();
        linked.references().forEach(reference -> byInsn.put(reference.insnIndex(), reference));
        List<Object> rows = new ArrayList<>();
        InsnBuffer code = linked.code();
        for (int i = 0; i < code.count(); i++) {
            long imm = code.imm(i);
            if (code.isLdimm64(i)) {
                long high = code.imm(i + 1);
                switch (code.src(i)) {
                    case 1 -> rows.add(List.of((long) i, "map",
                            ((Reference.MapFd) byInsn.remove(i)).map().realName(), high));
                    case 2 -> rows.add(List.of((long) i, "map_value",
                            ((Reference.MapValue) byInsn.remove(i)).map().realName(), high));
                    case 3 -> rows.add(List.of((long) i, "btf_id", imm, high));
                    case 4 -> rows.add(List.of((long) i, "func", imm));
                    default -> {
                        // A plain number.
                    }
                }
                i++;
            } else if (code.isCall(i) && code.src(i) == 1) {
                rows.add(List.of((long) i, "call", imm));
            } else if (code.isCall(i) && code.src(i) == 2) {
                rows.add(List.of((long) i, "kfunc", imm, (long) code.off(i)));
            }
        }
        assertEquals(Map.of(), byInsn, "references to instructions that take none");
        return rows;
    }

    private static List<Object> core(LinkedObject object, ProgramSpec program) {
        List<Object> rows = new ArrayList<>();
        for (LinkedObject.CoreReport report : object.reports()) {
            if (report.program() == program) {
                for (ReloReport.Line line : report.report().lines()) {
                    rows.add(coreRow(line));
                }
            }
        }
        return rows;
    }

    private static Map<String, Object> coreRow(ReloReport.Line line) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("i", (long) line.index());
        row.put("insn", (long) line.insnIndex());
        row.put("kind", line.kind().shortName());
        row.put("type_id", (long) line.relo().typeId());
        row.put("access", line.relo().accessString());
        row.put("type", "struct __sk_buff");
        row.put("cands", line.candidates().stream().map(each -> (Object) (long) each.typeId()).toList());
        row.put("local", line.localText());
        row.put("target", line.targetText());
        row.put("poison", line.poisoned());
        row.put("validate", line.fixup().validate());
        row.put("orig", Long.toString(line.fixup().original()));
        row.put("new", Long.toString(line.fixup().updated()));
        row.put("orig_sz", (long) line.fixup().originalSize());
        row.put("new_sz", (long) line.fixup().updatedSize());
        return row;
    }

    private static void sameBtf(Map<String, Object> libbpf, byte[] ours) {
        for (Map<String, Object> call : OracleJson.objects(libbpf, "trace")) {
            if (call.get("cmd").equals("BTF_LOAD")) {
                assertEquals(call.get("size"), (long) ours.length);
                assertEquals(call.get("sha256"), OracleView.sha256(ours));
                return;
            }
        }
        throw new AssertionError("no BTF_LOAD in the recording");
    }

    private static void sameKconfig(Map<String, Object> libbpf, ObjectSpec spec) {
        MapSpec map = spec.map(".kconfig");
        String recorded = null;
        for (Map<String, Object> call : OracleJson.objects(libbpf, "trace")) {
            if (call.get("cmd").equals("MAP_UPDATE_ELEM") && ".kconfig".equals(call.get("map"))) {
                recorded = (String) call.get("value");
            }
        }
        assertEquals(recorded, map == null ? null : HexFormat.of().formatHex(map.initialValue()));
    }

    private static void sameWarnings(Map<String, Object> libbpf, ExternValues externs) {
        List<String> recorded = ((List<?>) libbpf.get("log")).stream().map(Object::toString)
                .filter(line -> line.contains("extern ")).map(line -> line.substring("libbpf: ".length())).toList();
        assertEquals(recorded, externs.warnings());
    }

    private static void sameExtern(Map<String, Object> row, Extern extern, ExternValues.Value value) {
        assertEquals(row.get("name"), extern.name());
        assertEquals(row.get("set"), !(value instanceof ExternValues.Missing));
        if (extern instanceof Extern.Ksym ksym && ksym.typed()) {
            assertEquals(row.getOrDefault("kernel_btf_id", 0L),
                    value instanceof ExternValues.KernelType type ? (long) type.btfId() : 0L);
        } else if (extern instanceof Extern.Ksym) {
            assertEquals(row.get("addr"), value instanceof ExternValues.Address address
                    ? "0x" + Long.toHexString(address.address()) : null);
        }
    }
}
