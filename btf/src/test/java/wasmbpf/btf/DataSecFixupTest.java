package wasmbpf.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Symbol;

class DataSecFixupTest {
    @ParameterizedTest
    @ValueSource(strings = {"kinds.bpf.o", "kinds.bpfeb.o"})
    void fillsSizesAndOffsetsFromElf(String name) {
        ElfFile elf = Resources.elf(name);
        Btf btf = BtfReader.ofElf(elf);
        Btf fixed = DataSecFixup.apply(elf, btf);
        assertEquals(btf.typeCount(), fixed.typeCount());
        for (String section : List.of(".bss", ".rodata", ".data.more", "layout", "license")) {
            BtfType.DataSec before = (BtfType.DataSec) btf.type(btf.find(BtfKind.DATASEC, section));
            BtfType.DataSec after = (BtfType.DataSec) fixed.type(fixed.find(BtfKind.DATASEC, section));
            assertEquals(0, before.sizeBytes());
            assertEquals(elf.section(section).orElseThrow().size(), after.sizeBytes());
            int last = -1;
            for (BtfType.VarInfo info : after.vars()) {
                assertTrue(info.offset() >= last, section + " is sorted");
                last = info.offset();
                Symbol symbol = elf.symbols().stream().filter(s -> s.name().equals(btf.name(info.typeId()))).findFirst()
                        .orElseThrow();
                assertEquals(symbol.value(), info.offset());
                assertEquals(symbol.size(), info.sizeBytes());
            }
        }
    }

    @Test
    void makesHiddenVariablesStaticAndLeavesKconfigToOthers() {
        ElfFile elf = Resources.elf("kinds.bpf.o");
        Btf btf = BtfReader.ofElf(elf);
        Btf fixed = DataSecFixup.apply(elf, btf);
        int hidden = btf.find(BtfKind.VAR, "data_hidden");
        assertEquals(VarLinkage.GLOBAL_ALLOCATED, ((BtfType.Var) btf.type(hidden)).linkage());
        assertEquals(VarLinkage.STATIC, ((BtfType.Var) fixed.type(hidden)).linkage());
        int other = btf.find(BtfKind.VAR, "data_int");
        assertEquals(btf.type(other), fixed.type(other));
        int kconfig = btf.find(BtfKind.DATASEC, ".kconfig");
        assertEquals(btf.type(kconfig), fixed.type(kconfig));
    }

    @Test
    void changesNothingThatIsFilledAlready() {
        ElfFile elf = Resources.elf("kinds.bpf.o");
        Btf fixed = DataSecFixup.apply(elf, BtfReader.ofElf(elf));
        assertSame(fixed, DataSecFixup.apply(elf, fixed));
        // As bpftool's linker leaves it: a size, and an offset that is believed.
        int rodata = fixed.find(BtfKind.DATASEC, ".rodata");
        int constant = fixed.find(BtfKind.VAR, "constant");
        BtfWriter writer = BtfWriter.of(fixed);
        writer.setDataSec(rodata, 64, List.of(new BtfType.VarInfo(constant, 48, 8)));
        Btf linked = writer.toBtf();
        assertEquals(linked.type(rodata), DataSecFixup.apply(elf, linked).type(rodata));
    }

    @Test
    void refusesVariablesThatElfDoesNotHave() {
        ElfFile elf = Resources.elf("kinds.bpf.o");
        Btf btf = BtfReader.ofElf(elf);
        BtfWriter section = BtfWriter.of(btf);
        section.rename(btf.find(BtfKind.DATASEC, ".rodata"), ".rodata.gone");
        FormatException e = assertThrows(FormatException.class, () -> DataSecFixup.apply(elf, section.toBtf()));
        assertTrue(e.getMessage().contains("\".rodata.gone\", which is missing"), e.getMessage());
        BtfWriter variable = BtfWriter.of(btf);
        variable.rename(btf.find(BtfKind.VAR, "constant"), "gone");
        e = assertThrows(FormatException.class, () -> DataSecFixup.apply(elf, variable.toBtf()));
        assertTrue(e.getMessage().contains("no ELF symbol for variable \"gone\""), e.getMessage());
        BtfWriter noVariable = BtfWriter.of(btf);
        int id = btf.find(BtfKind.VAR, "constant");
        noVariable.replace(id, new BtfType.Typedef("constant", 1));
        e = assertThrows(FormatException.class, () -> DataSecFixup.apply(elf, noVariable.toBtf()));
        assertTrue(e.getMessage().contains("is no VAR"), e.getMessage());
    }

    @Test
    void fixesTheMapsObjectOfTheOracle() {
        ElfFile elf = Resources.oracleElf("maps_table");
        Btf fixed = DataSecFixup.apply(elf, BtfReader.ofElf(elf));
        BtfType.DataSec maps = (BtfType.DataSec) fixed.type(fixed.find(BtfKind.DATASEC, ".maps"));
        assertEquals(elf.section(".maps").orElseThrow().size(), maps.sizeBytes());
        assertNotEquals(0, maps.vars().getLast().offset());
    }
}
