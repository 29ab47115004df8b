package wasmbpf.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import wasmbpf.elf.FormatException;

/**
 * A kernel's and a module's BTF in small. base.btf and split.btf are what {@link #base} and {@link #split} write; the
 * texts are bpftool's, see src/test/resources/btf/rebuild.sh.
 */
class SplitBtfTest {
    private static final int INT = 1;
    private static final int LIST = 3;

    static byte[] base() {
        BtfWriter writer = BtfWriter.empty(ByteOrder.LITTLE_ENDIAN);
        writer.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
        writer.add(new BtfType.Ptr(LIST));
        writer.add(new BtfType.Struct("list", 16, false, List.of(new BtfType.Member("next", 2, 0, 0),
                new BtfType.Member("choice", 4, 64, 0))));
        writer.add(new BtfType.Ptr(5));
        writer.add(new BtfType.Fwd("choice", true));
        return writer.toBytes();
    }

    static byte[] split(Btf base) {
        BtfWriter writer = BtfWriter.emptySplit(ByteOrder.LITTLE_ENDIAN, base);
        int pointer = writer.add(new BtfType.Const(2));
        int union = writer.add(new BtfType.Union("choice", 8, false, List.of(new BtfType.Member("list", pointer, 0, 0),
                new BtfType.Member("number", INT, 0, 0))));
        int state = writer.add(new BtfType.Struct("module_state", 24, true, List.of(
                new BtfType.Member("first", pointer, 0, 0), new BtfType.Member("flag", INT, 64, 3),
                new BtfType.Member("rest", INT, 67, 29), new BtfType.Member("choice", union, 128, 0))));
        int typedef = writer.add(new BtfType.Typedef("list", state));
        int proto = writer.add(new BtfType.FuncProto(typedef, List.of(new BtfType.Param("l", pointer),
                new BtfType.Param("", 0))));
        int function = writer.add(new BtfType.Func("module_function", proto, FuncLinkage.STATIC));
        writer.add(new BtfType.DeclTag("bpf_kfunc", function, -1, false));
        return writer.toBytes();
    }

    private final Btf vmlinux = BtfReader.read("base.btf", Resources.bytes("base.btf"));
    private final Btf module = BtfReader.readSplit("split.btf", Resources.bytes("split.btf"), vmlinux);

    @Test
    void writesTheBlobsThatBpftoolRead() {
        assertArrayEquals(Resources.bytes("base.btf"), base());
        assertArrayEquals(Resources.bytes("split.btf"), split(vmlinux));
    }

    @Test
    void readsTypesAndNamesOfBothAsBpftoolDoes() {
        assertEquals(Resources.text("split.btf.raw.txt"), RawPrinter.print(module));
        assertEquals(Resources.text("split.btf.h.txt"), CPrinter.header(module));
    }

    @Test
    void findsNamesInTheBaseFirst() {
        assertEquals(LIST, module.find(BtfKind.STRUCT, "list"));
        assertEquals(-1, module.findOwn(BtfKind.STRUCT, "list"));
        assertArrayEquals(new int[] {LIST, 9}, module.idsNamed("list"));
        assertArrayEquals(new int[] {5, 7}, module.idsOfEssentialName("choice"));
        assertEquals(11, module.find(BtfKind.FUNC, "module_function"));
        assertArrayEquals(new int[] {11}, module.idsNamed("module_function"));
    }

    @Test
    void laysOutTypesAcrossBoth() {
        assertEquals(24, BtfLayout.sizeOf(module, module.find(BtfKind.STRUCT, "module_state")));
        assertEquals(8, BtfLayout.alignOf(module, module.find(BtfKind.STRUCT, "module_state")));
        assertEquals(8, BtfLayout.alignOf(module, LIST));
        assertEquals(List.of("next", "choice"), BtfLayout.fields(module, LIST).stream().map(BtfLayout.Field::name).toList());
    }

    @Test
    void isNothingWithoutItsBase() {
        assertThrows(FormatException.class, () -> BtfReader.read("split.btf", Resources.bytes("split.btf")));
    }
}
