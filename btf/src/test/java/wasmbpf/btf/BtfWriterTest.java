package wasmbpf.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.btf.BtfBytes.info;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.elf.FormatException;

class BtfWriterTest {
    private static final int TYPES = 12;

    @ParameterizedTest
    @ValueSource(strings = {"kinds.bpf.o", "kinds.bpfeb.o"})
    void withoutAnEditGivesBackTheVeryBytes(String name) {
        Btf btf = BtfReader.ofElf(Resources.elf(name));
        byte[] written = BtfWriter.of(btf).toBytes();
        assertArrayEquals(btf.bytes(), written);
        assertFalse(written == btf.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"kinds.bpf.o", "kinds.bpfeb.o"})
    void everyTypeWrittenAnewGivesTheVeryBytes(String name) {
        Btf btf = BtfReader.ofElf(Resources.elf(name));
        BtfWriter writer = BtfWriter.of(btf);
        for (int id = 1; id < btf.typeCount(); id++) {
            writer.replace(id, btf.type(id));
        }
        assertArrayEquals(btf.bytes(), writer.toBytes());
    }

    @Test
    void everyTypeOfAKernelWrittenAnewGivesTheVeryBytes() {
        Btf btf = Resources.vmlinux();
        BtfWriter writer = BtfWriter.of(btf);
        for (int id = 1; id < btf.typeCount(); id++) {
            writer.replace(id, btf.type(id));
        }
        assertArrayEquals(btf.bytes(), writer.toBytes());
    }

    /** clang wrote the same source for both byte orders; only its DATASEC of linked variables is laid out alike. */
    @Test
    void turnsABlobToTheOtherByteOrder() {
        Btf big = BtfReader.ofElf(Resources.elf("kinds.bpfeb.o"));
        byte[] little = BtfWriter.of(big).toBytes(ByteOrder.LITTLE_ENDIAN);
        assertArrayEquals(BtfReader.ofElf(Resources.elf("kinds.bpf.o")).bytes(), little);
        assertArrayEquals(big.bytes(), BtfWriter.of(BtfReader.read("little", little)).toBytes(ByteOrder.BIG_ENDIAN));
        assertArrayEquals(big.bytes(), BtfWriter.of(big).toBytes(ByteOrder.BIG_ENDIAN));
    }

    @Test
    void editsKeepIdsAndStringOffsetsAndAllOtherTypes() {
        Btf btf = BtfReader.ofElf(Resources.elf("kinds.bpf.o"));
        BtfWriter writer = BtfWriter.of(btf);
        int program = btf.find(BtfKind.FUNC, "program");
        int constant = btf.find(BtfKind.VAR, "constant");
        int rodata = btf.find(BtfKind.DATASEC, ".rodata");
        int tag = btf.find(BtfKind.DECL_TAG, "var-tag");
        int odd = btf.find(BtfKind.STRUCT, "odd");
        writer.setLinkage(program, FuncLinkage.STATIC);
        writer.setLinkage(constant, VarLinkage.STATIC);
        writer.setDataSec(rodata, 24, List.of(new BtfType.VarInfo(constant, 16, 8)));
        writer.replace(tag, new BtfType.Int("tag placeholder", 1, 0, 0, 8));
        writer.rename(odd, "even");
        int added = writer.add(new BtfType.Ptr(btf.typeCount() + 1));
        int target = writer.add(new BtfType.Typedef("odd", odd));
        assertEquals(btf.typeCount() + 2, writer.typeCount());
        Btf edited = writer.toBtf();

        assertEquals(new BtfType.Func("program", ((BtfType.Func) btf.type(program)).protoId(), FuncLinkage.STATIC),
                edited.type(program));
        assertEquals(VarLinkage.STATIC, ((BtfType.Var) edited.type(constant)).linkage());
        assertEquals(new BtfType.DataSec(".rodata", 24, List.of(new BtfType.VarInfo(constant, 16, 8))),
                edited.type(rodata));
        assertEquals(new BtfType.Int("tag placeholder", 1, 0, 0, 8), edited.type(tag));
        assertEquals(odd, edited.find(BtfKind.STRUCT, "even"));
        assertEquals(btf.typeCount(), added);
        assertEquals(new BtfType.Ptr(target), edited.type(added));
        assertEquals(new BtfType.Typedef("odd", odd), edited.type(target));
        assertEquals(new BtfType.Ptr(target), writer.type(added));
        List<Integer> touched = List.of(program, constant, rodata, tag, odd);
        for (int id = 1; id < btf.typeCount(); id++) {
            if (!touched.contains(id)) {
                assertEquals(btf.type(id), edited.type(id));
                assertEquals(btf.nameOffset(id), edited.nameOffset(id));
            }
        }
    }

    @Test
    void stringsThatAreThereAreNotAddedAgain() {
        Btf btf = BtfReader.ofElf(Resources.elf("kinds.bpf.o"));
        BtfWriter writer = BtfWriter.of(btf);
        assertEquals(btf.nameOffset(btf.find(BtfKind.FUNC, "program")), writer.addString("program"));
        assertEquals(0, writer.addString(""));
        assertArrayEquals(btf.bytes(), writer.toBytes());
        int offset = writer.addString("a new one");
        assertEquals(offset, writer.addString("a new one"));
        assertEquals("a new one", writer.toBtf().string(offset));
        assertThrows(IllegalArgumentException.class, () -> writer.addString("nul\0"));
    }

    @Test
    void refusesWhatItCannotWrite() {
        Btf btf = BtfReader.ofElf(Resources.elf("kinds.bpf.o"));
        BtfWriter writer = BtfWriter.of(btf);
        assertThrows(IllegalArgumentException.class, () -> writer.add(new BtfType.Void()));
        assertThrows(IllegalArgumentException.class, () -> writer.add(new BtfType.Unknown(20, "")));
        assertThrows(IllegalArgumentException.class, () -> writer.replace(0, new BtfType.Ptr(0)));
        assertThrows(IllegalArgumentException.class, () -> writer.replace(btf.typeCount(), new BtfType.Ptr(0)));
        assertThrows(IllegalArgumentException.class,
                () -> writer.setLinkage(btf.find(BtfKind.VAR, "constant"), FuncLinkage.STATIC));
        assertThrows(IllegalArgumentException.class, () -> writer.add(new BtfType.Struct("s", 4, false,
                List.of(new BtfType.Member("bits", 1, 0, 3)))));
        writer.add(new BtfType.Ptr(5000));
        assertThrows(FormatException.class, writer::toBtf);
    }

    @Test
    void cutsTheLayoutSectionForKernelsThatDoNotKnowIt() {
        BtfBytes b = BtfBytes.little().layout(0, 0, 4, 0);
        b.type(b.string("f"), info(16, 0), 4);
        Btf btf = b.read();
        BtfWriter renamed = BtfWriter.of(btf);
        renamed.rename(1, "g");
        assertTrue(renamed.toBtf().hasLayout());
        BtfWriter writer = BtfWriter.of(btf);
        writer.dropLayout();
        Btf cut = writer.toBtf();
        assertFalse(cut.hasLayout());
        assertEquals(24, cut.headerBytes());
        assertEquals(btf.bytes().length - 8 - 8, cut.bytes().length);
        assertEquals(new BtfType.Float("f", 4), cut.type(1));
        byte[] turned = BtfWriter.of(btf).toBytes(ByteOrder.BIG_ENDIAN);
        assertTrue(BtfReader.read("big", turned).hasLayout());
        assertArrayEquals(btf.bytes(), BtfWriter.of(BtfReader.read("big", turned)).toBytes(ByteOrder.LITTLE_ENDIAN));
    }

    @Test
    void editsASplitBtfOnItsBase() {
        Btf vmlinux = Resources.vmlinux();
        BtfWriter writer = BtfWriter.emptySplit(ByteOrder.LITTLE_ENDIAN, vmlinux);
        int task = vmlinux.find(BtfKind.STRUCT, "task_struct");
        int id = writer.add(new BtfType.Typedef("module_task_t", task));
        assertEquals(vmlinux.typeCount(), id);
        Btf module = writer.toBtf();
        assertSame(vmlinux, module.base());
        assertEquals(new BtfType.Typedef("module_task_t", task), module.type(id));
        assertEquals("task_struct", module.name(task));
        assertEquals(id, module.find(BtfKind.TYPEDEF, "module_task_t"));
    }

    @Property(tries = 500)
    void readsBackWhatItWrote(@ForAll("types") List<BtfType> types, @ForAll boolean little) {
        ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        BtfWriter writer = BtfWriter.empty(order);
        // Ids are those of the first TYPES types, the first of which is a FUNC_PROTO for the FUNCs.
        List<BtfType> all = new ArrayList<>(List.of(new BtfType.FuncProto(0, List.of())));
        all.addAll(types);
        all.forEach(writer::add);
        Btf btf = writer.toBtf();
        assertEquals(order, btf.order());
        for (int i = 0; i < all.size(); i++) {
            assertEquals(all.get(i), btf.type(i + 1));
        }
        assertArrayEquals(btf.bytes(), BtfWriter.of(btf).toBytes());
        ByteOrder other = little ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Btf turned = BtfReader.read("turned", BtfWriter.of(btf).toBytes(other));
        for (int i = 0; i < all.size(); i++) {
            assertEquals(all.get(i), turned.type(i + 1));
        }
    }

    @Provide
    Arbitrary<List<BtfType>> types() {
        Arbitrary<String> names = Arbitraries.strings().withCharRange('a', 'e').withChars('_', '\u00e9').ofMaxLength(4);
        Arbitrary<Integer> ids = Arbitraries.integers().between(0, TYPES);
        Arbitrary<Integer> sizes = Arbitraries.integers().between(0, Integer.MAX_VALUE);
        Arbitrary<Boolean> flags = Arbitraries.of(true, false);
        Arbitrary<BtfType.Member> plain = Combinators.combine(names, ids, sizes).as((n, id, at) ->
                new BtfType.Member(n, id, at, 0));
        Arbitrary<BtfType.Member> bits = Combinators.combine(names, ids, Arbitraries.integers().between(0, 0xffffff),
                Arbitraries.integers().between(0, 255)).as(BtfType.Member::new);
        Arbitrary<List<BtfType.Enumerator>> unsigned = Combinators.combine(names,
                Arbitraries.longs().between(0, 0xffffffffL)).as(BtfType.Enumerator::new).list().ofMaxSize(3);
        Arbitrary<List<BtfType.Enumerator>> signed = Combinators.combine(names,
                Arbitraries.longs().between(Integer.MIN_VALUE, Integer.MAX_VALUE)).as(BtfType.Enumerator::new).list()
                .ofMaxSize(3);
        Arbitrary<List<BtfType.Enumerator>> wide = Combinators.combine(names, Arbitraries.longs())
                .as(BtfType.Enumerator::new).list().ofMaxSize(3);
        List<Arbitrary<? extends BtfType>> kinds = List.of(
                Combinators.combine(names, Arbitraries.integers().between(0, 16), Arbitraries.integers().between(0, 7),
                        Arbitraries.integers().between(0, 255), Arbitraries.integers().between(0, 255))
                        .as(BtfType.Int::new),
                ids.map(BtfType.Ptr::new),
                Combinators.combine(ids, ids, Arbitraries.longs().between(0, 0xffffffffL)).as(BtfType.Array::new),
                Combinators.combine(names, sizes, plain.list().ofMaxSize(3)).as((n, s, m) ->
                        new BtfType.Struct(n, s, false, m)),
                Combinators.combine(names, sizes, bits.list().ofMaxSize(3)).as((n, s, m) ->
                        new BtfType.Union(n, s, true, m)),
                Combinators.combine(names, sizes, unsigned).as((n, s, v) -> new BtfType.Enum(n, s, false, v)),
                Combinators.combine(names, sizes, signed).as((n, s, v) -> new BtfType.Enum(n, s, true, v)),
                Combinators.combine(names, sizes, flags, wide).as(BtfType.Enum64::new),
                Combinators.combine(names, flags).as(BtfType.Fwd::new),
                Combinators.combine(names, ids).as(BtfType.Typedef::new),
                ids.map(BtfType.Volatile::new), ids.map(BtfType.Const::new), ids.map(BtfType.Restrict::new),
                Combinators.combine(names, Arbitraries.of(FuncLinkage.values())).as((n, l) -> new BtfType.Func(n, 1, l)),
                Combinators.combine(ids, Combinators.combine(names, ids).as(BtfType.Param::new).list().ofMaxSize(3))
                        .as(BtfType.FuncProto::new),
                Combinators.combine(names, ids, Arbitraries.of(VarLinkage.values())).as(BtfType.Var::new),
                Combinators.combine(names, sizes, Combinators.combine(ids, sizes, sizes).as(BtfType.VarInfo::new).list()
                        .ofMaxSize(3)).as(BtfType.DataSec::new),
                Combinators.combine(names, sizes).as(BtfType.Float::new),
                Combinators.combine(names, ids, Arbitraries.integers(), flags).as(BtfType.DeclTag::new),
                Combinators.combine(names, ids, flags).as(BtfType.TypeTag::new));
        Arbitrary<BtfType> any = Arbitraries.of(kinds).flatMap(kind -> kind.map(type -> type));
        return any.list().ofMinSize(TYPES).ofMaxSize(2 * TYPES);
    }
}
