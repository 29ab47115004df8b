package wasmbpf.host.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;

/** Bytes as a type that damaged or hostile BTF describes: in bounded time and space, whatever it says. */
class BtfValueTest {
    private final BtfWriter types = BtfWriter.empty(ByteOrder.nativeOrder());

    private int integer(int size, int bits) {
        return types.add(new BtfType.Int("i" + size, size, BtfType.Int.SIGNED, 0, bits));
    }

    /** All members at the start. */
    private int struct(String name, int size, int typeId, int count) {
        List<BtfType.Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(new BtfType.Member("m" + i, typeId, 0, 0));
        }
        return types.add(new BtfType.Struct(name, size, false, members));
    }

    private String shown(int typeId, byte[] bytes) {
        Btf btf = types.toBtf();
        return assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Json.compact(BtfValue.of(btf, typeId, bytes, false)));
    }

    @Test
    void aStructIsItsMembers() {
        int i32 = integer(4, 32);
        int array = types.add(new BtfType.Array(i32, i32, 2));
        int outer = types.add(new BtfType.Struct("s", 12, false, List.of(new BtfType.Member("a", i32, 0, 0),
                new BtfType.Member("b", array, 32, 0))));
        byte[] bytes = new byte[12];
        bytes[ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 4 : 7] = 7;
        assertEquals("{\"a\":0,\"b\":[7,0]}", shown(outer, bytes));
    }

    @Test
    void structsOfNoSizeWithinEachOtherEnd() {
        int type = types.add(new BtfType.Struct("s0", 0, false, List.of()));
        for (int depth = 1; depth < 100; depth++) {
            type = struct("s" + depth, 0, type, 2);
        }
        String text = shown(type, new byte[4]);
        assertTrue(text.contains("(too many values)") && text.length() < 4 << 20, "length " + text.length());
    }

    @Test
    void unionsThatShowTheSameBytesAgainAndAgainEnd() {
        int type = integer(4, 32);
        for (int depth = 0; depth < 100; depth++) {
            type = struct("u" + depth, 4, type, 3);
        }
        String text = shown(type, new byte[4]);
        assertTrue(text.contains("(too many values)") && text.length() < 4 << 20, "length " + text.length());
    }

    @Test
    void largeArraysAreShownWhole() {
        int i8 = integer(1, 8);
        int array = types.add(new BtfType.Array(i8, i8, 1 << 20));
        String text = shown(array, new byte[1 << 20]);
        assertEquals((1 << 21) + 1, text.length());
    }

    @Test
    void numbersThatReachPastTheirBytesAreNotRead() {
        assertEquals("\"(outside the value)\"", shown(integer(1, 128), new byte[1]));
        assertEquals("\"(outside the value)\"", shown(integer(0, 0), new byte[0]));
        int i32 = types.add(new BtfType.Int("long", 4, BtfType.Int.SIGNED, 0, 32));
        assertEquals("0", shown(types.add(new BtfType.Ptr(i32)), new byte[4]));
    }
}
