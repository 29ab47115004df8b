package wasmbpf.host.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StructLayoutTest {
    private static StructLayout.Field field(String type, String name, int byteOffset, int size, int align) {
        return new StructLayout.Field(name, type, "", byteOffset * 8L, 0, size, align);
    }

    private static StructLayout.Field bits(String type, String name, int bitOffset, int width, int size) {
        return new StructLayout.Field(name, type, "", bitOffset, width, size, size);
    }

    @Test
    void addsNothingWhereTheCompilerPadsTheSameWay() {
        StructLayout layout = StructLayout.of(
                List.of(field("uint32_t", "a", 0, 4, 4), field("uint64_t", "b", 8, 8, 8)), 16, false, 0);
        assertEquals(List.of("uint32_t a;", "uint64_t b;"), layout.lines());
        assertFalse(layout.packed());
        assertEquals(8, layout.align());
    }

    @Test
    void spellsOutAGapThatTheCompilerWouldNotLeave() {
        StructLayout layout = StructLayout.of(
                List.of(field("uint32_t", "a", 0, 4, 4), field("uint32_t", "b", 16, 4, 4)), 24, false, 0);
        assertEquals(List.of("uint32_t a;", "char __gap0[12];", "uint32_t b;", "char __gap1[4];"), layout.lines());
        assertFalse(layout.packed());
    }

    @Test
    void packsWhereAMemberIsNotAligned() {
        StructLayout layout = StructLayout.of(
                List.of(field("uint8_t", "a", 0, 1, 1), field("uint64_t", "b", 1, 8, 8)), 9, false, 0);
        assertEquals(List.of("uint8_t a;", "uint64_t b;"), layout.lines());
        assertTrue(layout.packed());
        assertEquals(1, layout.align());
    }

    @Test
    void aBitFieldThatWouldStraddleItsTypeStartsTheNextUnit() {
        StructLayout layout = StructLayout.of(
                List.of(bits("uint32_t", "a", 0, 30, 4), bits("uint32_t", "b", 32, 3, 4)), 8, false, 0);
        assertEquals(List.of("uint32_t a : 30;", "uint32_t b : 3;"), layout.lines());
        assertFalse(layout.packed());
    }

    @Test
    void fillsUnnamedBitsByteByByte() {
        StructLayout layout = StructLayout.of(
                List.of(bits("uint32_t", "a", 0, 3, 4), bits("uint32_t", "b", 21, 5, 4)), 4, false, 0);
        assertEquals(List.of("uint32_t a : 3;", "uint8_t : 5;", "char __gap0[1];", "uint8_t : 5;", "uint32_t b : 5;"), layout.lines());
    }

    @Test
    void aUnionThatIsLargerThanItsMembersGetsOneMore() {
        StructLayout layout = StructLayout.of(
                List.of(field("uint32_t", "a", 0, 4, 4), field("uint8_t", "b", 0, 1, 1)), 16, true, 3);
        assertEquals(List.of("uint32_t a;", "uint8_t b;", "char __gap3[16];"), layout.lines());
        assertEquals(4, layout.gaps());
    }

    @Test
    void membersThatOverlapBecomeBytes() {
        StructLayout layout = StructLayout.of(
                List.of(field("uint32_t", "a", 0, 4, 4), field("uint32_t", "b", 2, 4, 4)), 8, false, 0);
        assertEquals(List.of("unsigned char __opaque0[8];"), layout.lines());
    }
}
