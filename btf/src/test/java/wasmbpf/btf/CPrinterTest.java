package wasmbpf.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.btf.BtfBytes.info;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.elf.FormatException;

/** Compared with bpftool 7.8; src/test/resources/btf/rebuild.sh has the commands. */
class CPrinterTest {
    @ParameterizedTest
    @ValueSource(strings = {"kinds.bpf.o", "kinds.bpfeb.o"})
    void printsEveryKindAsBpftoolDoes(String name) {
        Btf btf = BtfReader.ofElf(Resources.elf(name));
        assertEquals(Resources.text("kinds.bpf.o.h.txt"), CPrinter.header(btf));
        assertEquals(Resources.text("kinds.bpf.o.raw.txt"), RawPrinter.print(btf));
    }

    @ParameterizedTest
    @ValueSource(strings = {"attach_table", "externs_table", "maps_table", "sec_table", "subprogs_table"})
    void printsTheOracleObjectsAsBpftoolDoes(String name) {
        Btf btf = BtfReader.ofElf(Resources.oracleElf(name));
        assertEquals(Resources.digests(name + ".bpf.o.sha256.txt").get(0), Resources.sha256(CPrinter.header(btf)));
        assertEquals(Resources.digests(name + ".bpf.o.sha256.txt").get(1), Resources.sha256(RawPrinter.print(btf)));
    }

    /** 134,948 lines. On a difference, compare with the output of the command in the .sha256.txt file. */
    @Test
    void printsAKernelAsBpftoolDoes() {
        Btf btf = Resources.vmlinux();
        assertEquals(Resources.digests("vmlinux-6.18.44.sha256.txt").get(0), Resources.sha256(CPrinter.header(btf)));
        assertEquals(Resources.digests("vmlinux-6.18.44.sha256.txt").get(1), Resources.sha256(RawPrinter.print(btf)));
    }

    @Test
    void definesWhatOneTypeNeedsAndEachTypeOnce() {
        Btf btf = BtfReader.ofElf(Resources.elf("kinds.bpf.o"));
        CPrinter printer = new CPrinter(btf);
        printer.define(btf.find(BtfKind.STRUCT, "cycle_b"));
        printer.define(btf.find(BtfKind.STRUCT, "cycle_a"));
        printer.append("extern ").appendDeclaration(btf.find(BtfKind.TYPEDEF, "triangle_t"), "shape").append(";\n");
        assertEquals("""
                struct cycle_b;

                typedef struct cycle_b cycle_b_t;

                struct cycle_a {
                \tcycle_b_t *b;
                };

                struct cycle_b {
                \tstruct cycle_a a;
                \tcycle_b_t *self;
                };

                extern triangle_t shape;
                """, printer.text());
    }

    @Test
    void typesOfOneNameAreToldApartAsFlavours() {
        BtfBytes b = BtfBytes.little();
        int n = b.string("n");
        b.type(n, info(4, 0), 0);
        b.type(n, info(5, 0), 0);
        b.type(n, info(8, 0), 2);
        b.type(n, info(6, 1), 4, n, 1);
        assertEquals("""
                struct n {};

                union n___2 {};

                typedef union n___2 n;

                enum n___3 {
                \tn___2 = 1,
                };

                """, CPrinter.definitions(b.read()));
    }

    @Test
    void whatCannotBeDeclaredInCIsAFormatException() {
        BtfBytes b = BtfBytes.little();
        int n = b.string("n");
        b.type(n, info(4, 1), 8, n, 1, 0);
        b.type(n, info(14, 0), 1, 0);
        b.type(n, info(4, 1), 8, n, 2, 0);
        b.type(0, info(4, 1), 8, n, 5, 0);
        b.type(0, info(2, 0), 4);
        b.type(0, info(8, 0), 6);
        Btf btf = b.read();
        for (int id : new int[] {1, 3, 4, 6}) {
            CPrinter printer = new CPrinter(btf);
            assertThrows(FormatException.class, () -> printer.define(id), "type " + id);
        }
    }

    @Test
    void textThatWouldDoubleWithEveryTypeIsCutShort() {
        BtfBytes b = BtfBytes.little();
        b.type(b.string("i"), info(1, 0), 4, 32);
        int m = b.string("m");
        // Anonymous unions, each with the one before twice: 2^100 members in 100 types.
        for (int i = 0; i < 100; i++) {
            b.type(i == 99 ? m : 0, info(5, 2), 4, m, i + 1, 0, m, i + 1, 0);
        }
        Btf btf = b.read();
        FormatException e = assertThrows(FormatException.class, () -> CPrinter.definitions(btf));
        assertTrue(e.getMessage().contains("without end"), e.getMessage());
    }

    @Test
    void rawTextOfOverlappingNamesIsCutShort() {
        BtfBytes b = BtfBytes.little();
        int from = b.string("x".repeat(60_000));
        for (int i = 0; i < 1000; i++) {
            b.type(from + i, info(16, 0), 4);
        }
        Btf btf = b.read();
        assertThrows(FormatException.class, () -> RawPrinter.print(btf));
        assertThrows(FormatException.class, () -> CPrinter.definitions(functionsWithLongParameters()));
    }

    private static Btf functionsWithLongParameters() {
        BtfBytes b = BtfBytes.little();
        b.type(b.string("int"), info(1, 0), 4, 32);
        int from = b.string("x".repeat(60_000));
        int[] words = new int[3 + 2 * 250];
        words[1] = info(13, 250);
        for (int i = 0; i < 250; i++) {
            words[3 + 2 * i] = from + i;
            words[4 + 2 * i] = 1;
        }
        b.type(words);
        for (int i = 0; i < 20; i++) {
            b.type(b.string("f" + i), info(8, 0), 2);
        }
        return b.read();
    }

    @Test
    void aGapOfAGigabyteIsNotPaddedLineByLine() {
        BtfBytes b = BtfBytes.little();
        b.type(b.string("n"), info(4, 0), 1 << 30);
        assertThrows(FormatException.class, () -> CPrinter.definitions(b.read()));
    }
}
