package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.core.InsnBuffer;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Section;
import wasmbpf.elf.Symbol;
import wasmbpf.elf.SymbolBind;
import wasmbpf.elf.SymbolType;
import wasmbpf.elf.SymbolVisibility;

/** Cuts code sections into functions: libbpf {@code bpf_object__add_programs} and {@code bpf_object_init_progs}. */
final class ProgramCollector {
    private static final int INSN_BYTES = InsnBuffer.SLOT_BYTES;

    private ProgramCollector() {
    }

    /** The functions of all code sections, by section and offset. */
    static List<ProgramSpec> collect(ObjectSections sections, ReadOptions options) {
        Map<Integer, byte[]> code = new HashMap<>();
        for (Section section : sections.code) {
            code.put(section.index(), section.bytes());
        }
        List<Symbol> functions = new ArrayList<>();
        // Functions that overlap are each kept whole; a file of many symbols on the same bytes must not fill memory.
        long budget = 4L * sections.elf.size();
        for (Symbol symbol : sections.elf.symbols()) {
            byte[] bytes = code.get(symbol.sectionIndex());
            if (symbol.type() == SymbolType.FUNC && bytes != null) {
                check(sections, symbol, bytes.length);
                functions.add(symbol);
                budget -= symbol.size();
                if (budget < 0) {
                    throw new FormatException(sections.elf.name() + ": functions overlap so that they are more than "
                            + 4L * sections.elf.size() + " bytes of code");
                }
            }
        }
        // Not Comparator.comparing...: its own lambdas are in no AOT cache, and made at each start.
        functions.sort((a, b) -> a.sectionIndex() != b.sectionIndex() ? Integer.compare(a.sectionIndex(), b.sectionIndex())
                : Long.compare(a.value(), b.value()));
        List<ProgramSpec> programs = new ArrayList<>(functions.size());
        for (Symbol symbol : functions) {
            programs.add(program(sections, options, programs.size(), symbol, code.get(symbol.sectionIndex())));
        }
        return programs;
    }

    private static void check(ObjectSections sections, Symbol symbol, int sectionBytes) {
        long start = symbol.value();
        long size = symbol.size();
        if (start < 0 || size < 0 || size > sectionBytes || start > sectionBytes - size) {
            throw new FormatException(sections.where(symbol.sectionIndex()) + ": function \"" + symbol.name()
                    + "\" at offset " + Long.toUnsignedString(start) + " with " + Long.toUnsignedString(size)
                    + " bytes does not lie within its " + sectionBytes + " bytes");
        }
        if (size == 0 || size % INSN_BYTES != 0 || start % INSN_BYTES != 0) {
            throw new FormatException(sections.where(symbol.sectionIndex()) + ": function \"" + symbol.name()
                    + "\" at offset " + start + " with " + size + " bytes is no sequence of 8-byte instructions");
        }
        if (!ObjectSections.is(sections.text, symbol.sectionIndex()) && symbol.bind() == SymbolBind.LOCAL) {
            throw new ObjectException(sections.where(symbol.sectionIndex()) + ": entry program \"" + symbol.name()
                    + "\" is static; make it global, or remove its SEC() if it is a subprogram");
        }
    }

    private static ProgramSpec program(ObjectSections sections, ReadOptions options, int index, Symbol symbol,
                                       byte[] sectionBytes) {
        String sectionName = sections.elf.section(symbol.sectionIndex()).name();
        boolean autoload = !sectionName.startsWith("?");
        String name = autoload ? sectionName : sectionName.substring(1);
        boolean subprogram = ObjectSections.is(sections.text, symbol.sectionIndex());
        boolean global = symbol.bind() != SymbolBind.LOCAL;
        boolean hidden = global && (symbol.visibility() == SymbolVisibility.HIDDEN
                || symbol.visibility() == SymbolVisibility.INTERNAL);
        int from = (int) symbol.value();
        byte[] bytes = java.util.Arrays.copyOfRange(sectionBytes, from, from + (int) symbol.size());
        SectionDef def = options.foreignSections() ? SectionDefs.findForeign(name) : SectionDefs.find(name);
        return new ProgramSpec(index, symbol.name(), name, symbol.sectionIndex(), from / INSN_BYTES,
                InsnBuffer.of(bytes, sections.elf.order()), subprogram, global, hidden, autoload, def);
    }

    /** The function that holds that instruction of that section, or null: libbpf {@code find_prog_by_sec_insn}. */
    static ProgramSpec find(List<ProgramSpec> programs, int sectionIndex, long insnIndex) {
        int low = 0;
        int high = programs.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            ProgramSpec program = programs.get(middle);
            if (program.sectionIndex() < sectionIndex
                    || program.sectionIndex() == sectionIndex && program.sectionInsnOffset() <= insnIndex) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (programs.isEmpty()) {
            return null;
        }
        ProgramSpec program = programs.get(low);
        boolean holds = program.sectionIndex() == sectionIndex && insnIndex >= program.sectionInsnOffset()
                && insnIndex - program.sectionInsnOffset() < program.insnCount();
        return holds ? program : null;
    }
}
