package wasmbpf.btf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Section;
import wasmbpf.elf.Symbol;
import wasmbpf.elf.SymbolBind;
import wasmbpf.elf.SymbolType;
import wasmbpf.elf.SymbolVisibility;

/**
 * Fills what the compiler could not know when it wrote the BTF of an object: clang leaves the sizes of DATASECs and the
 * offsets of their variables zero. libbpf {@code btf_fixup_datasec}; bpftool's linker has filled them already, so only a
 * DATASEC of size 0 is filled. In every DATASEC, variables that the ELF symbol hides become static, and variables are
 * sorted by offset.
 */
public final class DataSecFixup {
    private static final String KCONFIG = ".kconfig";
    private static final String KSYMS = ".ksyms";

    private DataSecFixup() {
    }

    /**
     * The fixed-up BTF, with the same ids; {@code btf} itself if nothing had to be done. The DATASECs .kconfig and
     * .ksyms are only sorted: whoever resolves the externs lays them out.
     *
     * @throws FormatException if a section or symbol that BTF names is missing
     */
    public static Btf apply(ElfFile elf, Btf btf) {
        BtfWriter writer = BtfWriter.of(btf);
        Map<String, Symbol> symbols = null;
        boolean changed = false;
        for (int id = btf.startId(); id < btf.typeCount(); id++) {
            if (btf.kind(id) == BtfKind.DATASEC) {
                if (symbols == null) {
                    symbols = variableSymbols(elf);
                }
                changed |= fix(elf, btf, id, symbols, writer);
            }
        }
        return changed ? writer.toBtf() : btf;
    }

    private static boolean fix(ElfFile elf, Btf btf, int id, Map<String, Symbol> symbols, BtfWriter writer) {
        BtfType.DataSec dataSec = (BtfType.DataSec) btf.type(id);
        int size = dataSec.sizeBytes();
        List<BtfType.VarInfo> vars = new ArrayList<>(dataSec.vars());
        boolean changed = false;
        if (!dataSec.name().equals(KCONFIG) && !dataSec.name().equals(KSYMS)) {
            boolean fillOffsets = size == 0;
            if (fillOffsets) {
                size = sectionSize(elf, dataSec.name());
            }
            for (int i = 0; i < vars.size(); i++) {
                BtfType.VarInfo info = vars.get(i);
                if (!(btf.type(info.typeId()) instanceof BtfType.Var variable)) {
                    throw btf.error(id, "\"" + dataSec.name() + "\": type " + info.typeId() + " is no VAR");
                }
                if (variable.linkage() != VarLinkage.GLOBAL_ALLOCATED) {
                    continue;
                }
                Symbol symbol = symbols.get(variable.name());
                if (symbol == null) {
                    throw btf.error(id, "\"" + dataSec.name() + "\": no ELF symbol for variable \"" + variable.name()
                            + "\"");
                }
                if (fillOffsets) {
                    vars.set(i, new BtfType.VarInfo(info.typeId(), (int) symbol.value(), info.sizeBytes()));
                }
                if (symbol.visibility() == SymbolVisibility.HIDDEN
                        || symbol.visibility() == SymbolVisibility.INTERNAL) {
                    writer.setLinkage(info.typeId(), VarLinkage.STATIC);
                    changed = true;
                }
            }
        }
        vars.sort((a, b) -> Integer.compare(a.offset(), b.offset()));
        if (size != dataSec.sizeBytes() || !vars.equals(dataSec.vars())) {
            writer.setDataSec(id, size, vars);
            changed = true;
        }
        return changed;
    }

    private static int sectionSize(ElfFile elf, String name) {
        Optional<Section> section = elf.section(name);
        if (section.isEmpty() || section.get().size() == 0) {
            throw new FormatException(elf.name() + ": BTF has variables of section \"" + name + "\", which is "
                    + (section.isEmpty() ? "missing" : "empty"));
        }
        long size = section.get().size();
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw new FormatException(elf.name() + ": " + section.get() + " is too large");
        }
        return (int) size;
    }

    /** The first global or weak STT_OBJECT symbol of each name: libbpf find_elf_var_sym. */
    private static Map<String, Symbol> variableSymbols(ElfFile elf) {
        Map<String, Symbol> symbols = new HashMap<>();
        for (Symbol symbol : elf.symbols()) {
            if (symbol.type() == SymbolType.OBJECT
                    && (symbol.bind() == SymbolBind.GLOBAL || symbol.bind() == SymbolBind.WEAK)) {
                symbols.putIfAbsent(symbol.name(), symbol);
            }
        }
        return symbols;
    }
}
