package wasmbpf.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compared with llvm-readelf-19; src/test/resources/elf/rebuild.sh has the command. */
class ElfPrinterTest {
    @ParameterizedTest
    @ValueSource(strings = {"probe.bpf.o", "probe.bpfeb.o", "versions.so", "plain.aarch64be.o", "plain.i386.o",
            "plain.ppc32.o"})
    void printsSectionsAsReadelfDoes(String name) {
        String expected = Resources.block(Resources.text(name + ".readelf.txt"), "Section Headers:", "Key to Flags");
        assertEquals(expected, ElfPrinter.sections(Resources.elf(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"probe.bpf.o", "probe.bpfeb.o", "versions.so", "plain.aarch64be.o", "plain.i386.o",
            "plain.ppc32.o"})
    void printsSymbolsAsReadelfDoes(String name) {
        ElfFile elf = Resources.elf(name);
        int tables = 0;
        for (Section section : elf.sections()) {
            if (section.type() == SectionType.SYMTAB || section.type() == SectionType.DYNSYM) {
                String expected = Resources.block(Resources.text(name + ".readelf.txt"),
                        "Symbol table '" + section.name() + "'", "Version symbols");
                assertEquals(expected, ElfPrinter.symbols(elf, section));
                tables++;
            }
        }
        assertTrue(tables > 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"probe.bpf.o", "probe.bpfeb.o"})
    void printsRelocationsOfBpfAsReadelfDoes(String name) {
        ElfFile elf = Resources.elf(name);
        int tables = 0;
        for (Section section : elf.sections()) {
            if (section.type() == SectionType.REL) {
                String expected = Resources.block(Resources.text(name + ".readelf.txt"),
                        "Relocation section '" + section.name() + "'", "Symbol table");
                assertEquals(expected, ElfPrinter.relocations(elf, section));
                tables++;
            }
        }
        assertTrue(tables > 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"versions.so", "plain.aarch64be.o", "plain.i386.o", "plain.ppc32.o"})
    void printsOtherRelocationsAsReadelfDoesButForTheTypeName(String name) {
        ElfFile elf = Resources.elf(name);
        for (Section section : elf.sections()) {
            if (section.type() == SectionType.REL || section.type() == SectionType.RELA) {
                String expected = Resources.block(Resources.text(name + ".readelf.txt"),
                        "Relocation section '" + section.name() + "'", "Symbol table");
                // The library's only relocation names a dynamic symbol with its version, which is not printed here.
                String named = expected.replace("@GLIBC_2.2.5", "").replaceAll(" R_\\w+ +", " TYPE ");
                assertEquals(named, ElfPrinter.relocations(elf, section)
                        .replaceAll("(?m)^([0-9a-f]+  [0-9a-f]+) \\d+ +", "$1 TYPE "));
            }
        }
    }

    @Test
    void printsSegmentsAsReadelfDoes() {
        String expected = Resources.block(Resources.text("versions.so.readelf.txt"), "Program Headers:", " Section to");
        assertEquals(expected, ElfPrinter.segments(Resources.elf("versions.so")));
    }

    @Test
    void printsAllPartsThatAFileHas() {
        String library = ElfPrinter.print(Resources.elf("versions.so"));
        assertTrue(library.contains("Program Headers:") && library.contains("'.dynsym'") && library.contains("'.symtab'")
                && library.contains("'.rela.plt'"));
        assertFalse(ElfPrinter.print(Resources.elf("probe.bpf.o")).contains("Program Headers:"));
    }
}
