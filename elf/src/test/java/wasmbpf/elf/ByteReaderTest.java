package wasmbpf.elf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ByteReaderTest {
    private static final byte[] BYTES = {(byte) 0x81, 0x02, 0x03, (byte) 0x84, 0x05, 0x06, 0x07, (byte) 0x88};

    @Test
    void readsNumbersInBothByteOrders() {
        ByteReader little = ByteReader.of("f", "p", BYTES, ByteOrder.LITTLE_ENDIAN);
        assertEquals(0x81, little.u8("a"));
        assertEquals(0x0302, little.u16("b"));
        assertEquals(5, little.remaining());
        little.seek(0);
        assertEquals(0x84030281L, little.u32("c"));
        little.seek(0);
        assertEquals(0x84030281, little.s32("d"));
        little.seek(0);
        assertEquals(0x8807060584030281L, little.s64("e"));
        ByteReader big = little.order(ByteOrder.BIG_ENDIAN);
        assertEquals(0x8102, big.u16("a"));
        assertEquals(0x03840506, big.s32("b"));
        big.seek(0);
        assertEquals(0x8102038405060788L, big.s64("c"));
        assertEquals(0, big.remaining());
    }

    @Test
    void namesFilePartFieldAndOffsetInErrors() {
        ByteReader reader = ByteReader.of("a.o", "section 3", BYTES, ByteOrder.LITTLE_ENDIAN);
        reader.seek(6);
        FormatException e = assertThrows(FormatException.class, () -> reader.s32("value"));
        assertEquals("a.o: section 3: value needs 4 bytes, 2 remain (offset 0x6)", e.getMessage());
    }

    @Test
    void checksACountAgainstTheBytesLeftBeforeAnyoneAllocates() {
        ByteReader reader = ByteReader.of("a.o", "p", BYTES, ByteOrder.LITTLE_ENDIAN);
        assertEquals(2, reader.count("members", 2, 4));
        assertThrows(FormatException.class, () -> reader.count("members", 3, 4));
        assertThrows(FormatException.class, () -> reader.count("members", Long.MAX_VALUE, 12));
        assertThrows(FormatException.class, () -> reader.count("members", -1, 1));
        assertThrows(FormatException.class, () -> reader.bytes("name", 1L << 40));
    }

    @Test
    void slicesOnlyWithinItself() {
        ByteReader reader = ByteReader.of("a.o", "p", BYTES, ByteOrder.BIG_ENDIAN);
        ByteReader slice = reader.slice("q", 2, 4);
        assertEquals(0x03840506, slice.s32("x"));
        assertThrows(FormatException.class, () -> slice.u8("y"));
        assertThrows(FormatException.class, () -> slice.slice("r", 1, 4));
        assertThrows(FormatException.class, () -> reader.slice("r", 9, 0));
        assertThrows(FormatException.class, () -> reader.slice("r", Long.MAX_VALUE, Long.MAX_VALUE));
        assertThrows(FormatException.class, () -> reader.slice("r", -1, 1));
        assertEquals(0, reader.slice("r", 8, 0).size());
    }

    @Test
    void endsStringsAtTheirNulAndNowhereElse() {
        ByteReader reader = ByteReader.of("a.o", "p", new byte[] {'a', 'b', 0, 'c'}, ByteOrder.LITTLE_ENDIAN);
        assertEquals("ab", reader.cString("name"));
        assertThrows(FormatException.class, () -> reader.cString("name"));
        byte[] longest = new byte[ByteReader.MAX_STRING_BYTES + 2];
        java.util.Arrays.fill(longest, 0, longest.length - 1, (byte) 'x');
        ByteReader tooLong = ByteReader.of("a.o", "p", longest, ByteOrder.LITTLE_ENDIAN);
        assertThrows(FormatException.class, () -> tooLong.cString("name"));
    }

    @Property
    void readsBackWhatAByteBufferWrote(@ForAll long a, @ForAll int b, @ForAll short c, @ForAll byte d,
                                       @ForAll boolean little) {
        ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        byte[] bytes = ByteBuffer.allocate(15).order(order).put(d).putLong(a).putInt(b).putShort(c).array();
        ByteReader reader = ByteReader.of("f", "p", bytes, order);
        assertEquals(d & 0xff, reader.u8("d"));
        assertEquals(a, reader.s64("a"));
        assertEquals(b & 0xffffffffL, reader.u32("b"));
        assertEquals(c & 0xffff, reader.u16("c"));
        assertEquals(0, reader.remaining());
        reader.seek(0);
        assertArrayEquals(bytes, reader.bytes("all", 15));
    }
}
