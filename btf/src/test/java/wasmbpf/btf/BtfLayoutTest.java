package wasmbpf.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.btf.BtfBytes.info;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Symbol;

class BtfLayoutTest {
    private final Btf kinds = BtfReader.ofElf(Resources.elf("kinds.bpf.o"));

    /** The constants size_of_X and offset_of_X__MEMBER of kinds.bpf.c are what clang says. */
    @ParameterizedTest
    @ValueSource(strings = {"kinds.bpf.o", "kinds.bpfeb.o"})
    void sizesAndOffsetsAreThoseOfTheCompiler(String name) {
        ElfFile elf = Resources.elf(name);
        Btf btf = BtfReader.ofElf(elf);
        int seen = 0;
        for (Symbol symbol : elf.symbols()) {
            boolean size = symbol.name().startsWith("size_of_");
            if (!size && !symbol.name().startsWith("offset_of_")) {
                continue;
            }
            var layout = elf.section(symbol.sectionIndex()).reader();
            layout.seek(symbol.value());
            long expected = layout.u32("constant");
            String[] parts = symbol.name().substring(symbol.name().indexOf("_of_") + 4).split("__");
            int id = btf.find(BtfKind.STRUCT, parts[0]);
            long actual = size ? BtfLayout.sizeOf(btf, id) : field(btf, id, parts[1]).byteOffset();
            assertEquals(expected, actual, symbol.name());
            seen++;
        }
        assertEquals(42, seen);
    }

    private static BtfLayout.Field field(Btf btf, int id, String name) {
        return BtfLayout.fields(btf, id).stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"scalars, 8, false", "bits, 8, false", "odd, 1, true", "aligned_tail, 8, false", "packed_inner, 1, true",
            "anonymous, 8, false", "list, 8, false", "declarators, 8, false", "cycle_b, 8, false", "tagged_struct, 4, false",
            "empty, 1, false"})
    void alignmentsShowWhatWasPacked(String name, int align, boolean packed) {
        int id = kinds.find(BtfKind.STRUCT, name);
        assertEquals(align, BtfLayout.alignOf(kinds, id));
        assertEquals(packed, BtfLayout.isPacked(kinds, id));
    }

    @Test
    void bitFieldsHaveTheirBitsAndDeclaredSizes() {
        List<BtfLayout.Field> fields = BtfLayout.fields(kinds, kinds.find(BtfKind.STRUCT, "bits"));
        assertEquals("a 0:3 of 4, b 3:13 of 4, c 32:31 of 4, d 64:40 of 8, e 104:1 of 1, f 105:5 of 4, after 128:0 of 4, ",
                fields.stream().map(f -> f.name() + " " + f.bitOffset() + ":" + f.bitfieldSize() + " of " + f.sizeBytes()
                        + ", ").reduce("", String::concat));
        assertTrue(fields.getFirst().isBitfield());
        assertFalse(fields.getLast().isBitfield());
    }

    @Test
    void membersOfAnonymousCompositesStandInLineAndSayWhereTheyCameFrom() {
        List<BtfLayout.Field> fields = BtfLayout.fields(kinds, kinds.find(BtfKind.STRUCT, "anonymous"));
        assertEquals(List.of("kind", "first", "deep", "deeper", "second", "third", "named", "inline_enum"),
                fields.stream().map(BtfLayout.Field::name).toList());
        assertEquals(List.of(0, 2, 3, 3, 1, 1, 0, 0), fields.stream().map(f -> f.anonymousIn().size()).toList());
        assertEquals(16, fields.get(6).sizeBytes());
    }

    @Test
    void sizesGoThroughArraysTypedefsAndModifiers() {
        assertEquals(24, BtfLayout.sizeOf(kinds, kinds.find(BtfKind.TYPEDEF, "triangle_t")));
        assertEquals(4, BtfLayout.alignOf(kinds, kinds.find(BtfKind.TYPEDEF, "triangle_t")));
        assertEquals(8, BtfLayout.sizeOf(kinds, kinds.find(BtfKind.VAR, "constant")));
        assertEquals(-1, BtfLayout.sizeOrNegative(kinds, 0));
        assertEquals(-1, BtfLayout.sizeOrNegative(kinds, kinds.find(BtfKind.FWD, "undefined_union")));
        assertThrows(FormatException.class, () -> BtfLayout.sizeOf(kinds, kinds.find(BtfKind.FUNC, "program")));
        assertThrows(FormatException.class, () -> BtfLayout.alignOf(kinds, kinds.find(BtfKind.FUNC, "program")));
    }

    @Test
    void ringsAndOverflowsEndInAFormatException() {
        BtfBytes b = BtfBytes.little();
        int n = b.string("n");
        b.type(0, info(10, 0), 1);
        b.type(n, info(4, 1), 8, n, 2, 0);
        b.type(0, info(3, 0), 0, 3, 3, 2);
        b.type(n, info(1, 0), 4, 32);
        b.type(0, info(3, 0), 0, 4, 4, 1 << 30);
        b.type(0, info(3, 0), 0, 5, 4, 4);
        b.type(0, info(4, 1), 8, 0, 7, 0);
        Btf btf = b.read();
        assertThrows(FormatException.class, () -> BtfLayout.sizeOf(btf, 1));
        assertThrows(FormatException.class, () -> BtfLayout.alignOf(btf, 1));
        assertEquals(8, BtfLayout.sizeOf(btf, 2));
        assertThrows(FormatException.class, () -> BtfLayout.alignOf(btf, 2));
        assertThrows(FormatException.class, () -> BtfLayout.sizeOf(btf, 3));
        assertThrows(FormatException.class, () -> BtfLayout.sizeOf(btf, 5));
        assertThrows(FormatException.class, () -> BtfLayout.sizeOf(btf, 6));
        assertThrows(FormatException.class, () -> BtfLayout.fields(btf, 7));
        assertThrows(FormatException.class, () -> BtfLayout.fields(btf, 4));
        assertThrows(FormatException.class, () -> TypeChain.skipMods(btf, 1));
    }

    @Test
    void anonymousCompositesReachedInTwoToTheHundredWaysEndInAFormatException() {
        BtfBytes b = BtfBytes.little();
        b.type(0, info(5, 0), 0);
        for (int i = 0; i < 100; i++) {
            b.type(0, info(5, 2), 0, 0, i + 1, 0, 0, i + 1, 0);
        }
        Btf btf = b.read();
        assertEquals(1, BtfLayout.alignOf(btf, 101));
        assertThrows(FormatException.class, () -> BtfLayout.fields(btf, 101));
        assertEquals("", CPrinter.definitions(btf), "nothing named uses them");
    }

    @Test
    void modifierChainsAreFollowedToThirtyTwoAndNotFurther() {
        BtfBytes b = BtfBytes.little();
        b.type(b.string("n"), info(1, 0), 4, 32);
        for (int i = 0; i < 33; i++) {
            b.type(0, info(i % 2 == 0 ? 9 : 10, 0), i + 1);
        }
        Btf btf = b.read();
        assertEquals(4, BtfLayout.sizeOf(btf, 32));
        assertEquals(4, BtfLayout.alignOf(btf, 33));
        assertEquals(-1, BtfLayout.sizeOrNegative(btf, 33));
        assertThrows(FormatException.class, () -> BtfLayout.alignOf(btf, 34));
        assertEquals(1, TypeChain.skipMods(btf, 33));
        assertThrows(FormatException.class, () -> TypeChain.skipMods(btf, 34));
    }
}
