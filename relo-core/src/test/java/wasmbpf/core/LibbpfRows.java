package wasmbpf.core;

import static wasmbpf.core.BpfOpcode.*;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import wasmbpf.core.CandidateIndex.Candidate;

/** Our results as text, in the form that {@code src/test/resources/core/libbpf-rows.c} writes libbpf's. */
final class LibbpfRows {
    private LibbpfRows() {
    }

    /** What libbpf made of an object, without the parts that are not CO-RE's: see {@link #code}. */
    static List<String> expected(String name) {
        List<String> rows = new ArrayList<>();
        for (String row : new String(TestObject.resource("/core/" + name + ".expected"), StandardCharsets.UTF_8)
                .split("\n")) {
            if (row.startsWith("code ")) {
                String[] words = row.split(" ");
                rows.add(code(words[1], InsnBuffer.of(HexFormat.of().parseHex(words[2]), ByteOrder.LITTLE_ENDIAN)));
            } else if (!row.startsWith("prepare ") && !row.contains("accesses field incorrectly")) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** Rows of one program. {@code before} is the code as the compiler made it. */
    static void add(List<String> rows, TestObject.Program program, InsnBuffer before, ReloReport report) {
        for (ReloReport.Line line : report.lines()) {
            rows.add("relo " + report.program() + " " + (program.firstRelo() + line.index()) + " " + line.localText());
            boolean first = true;
            for (Candidate candidate : line.candidates()) {
                boolean yes = line.matching().contains(candidate);
                rows.add("  candidate " + (yes ? "yes" : "no") + " [" + candidate.typeId() + "]");
                if (yes && first) {
                    rows.add("  target " + line.targetText());
                    first = false;
                }
            }
            addPatch(rows, before, line);
        }
    }

    private static void addPatch(List<String> rows, InsnBuffer before, ReloReport.Line line) {
        int insn = line.insnIndex();
        if (line.poisoned()) {
            if (before.isLdimm64(insn)) {
                rows.add("  poison " + (insn + 1));
            }
            rows.add("  poison " + insn);
            return;
        }
        String change = " -> " + Long.toUnsignedString(line.fixup().updated());
        rows.add("  patch " + insn + " " + switch (classOf(before.opcode(insn))) {
            case BPF_ALU, BPF_ALU64 -> "(ALU/ALU64) imm " + Long.toUnsignedString(before.imm(insn)) + change;
            case BPF_LD -> "(LDIMM64) imm64 " + Long.toUnsignedString(before.imm64(insn)) + change;
            default -> "(LDX/ST/STX) off " + Long.toUnsignedString(before.off(insn)) + change;
        });
        if (line.fixup().originalSize() != line.fixup().updatedSize() && classOf(before.opcode(insn)) != BPF_ALU64) {
            rows.add("  size " + insn + " " + line.fixup().originalSize() + " -> " + line.fixup().updatedSize());
        }
    }

    /** The code without what a loader puts into loads of maps, which CO-RE leaves alone. */
    static String code(String name, InsnBuffer code) {
        InsnBuffer plain = code.copy();
        for (int i = 0; i + 1 < plain.count(); i++) {
            if (plain.isLdimm64(i) && plain.src(i) == BPF_PSEUDO_MAP_VALUE) {
                plain.setSrc(i, 0);
                plain.setImm64(i, 0);
            }
        }
        return "code " + name + " " + HexFormat.of().formatHex(plain.toBytes(ByteOrder.LITTLE_ENDIAN));
    }
}
