package wasmbpf.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InsnBufferTest {
    private static final HexFormat HEX = HexFormat.of();

    /** {@code r3 = *(u16 *)(r10 - 2)}, as llvm-mc 19 encodes it for bpfel and for bpfeb. */
    @Test
    void readsBothByteOrders() {
        for (InsnBuffer code : new InsnBuffer[] {
            InsnBuffer.of(HEX.parseHex("69a3feff00000000"), ByteOrder.LITTLE_ENDIAN),
            InsnBuffer.of(HEX.parseHex("693afffe00000000"), ByteOrder.BIG_ENDIAN)}) {
            assertEquals(BpfInsn.load(BpfOpcode.BPF_H, 3, 10, -2), code.insn(0));
            assertEquals("69a3feff00000000", HEX.formatHex(code.toBytes(ByteOrder.LITTLE_ENDIAN)));
            assertEquals("693afffe00000000", HEX.formatHex(code.toBytes(ByteOrder.BIG_ENDIAN)));
        }
    }

    @Property
    void writesWhatItRead(@ForAll @Size(max = 100) byte[] random, @ForAll boolean big) {
        byte[] bytes = Arrays.copyOf(random, random.length / 8 * 8);
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteOrder other = big ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        InsnBuffer code = InsnBuffer.of(bytes, order);
        assertArrayEquals(bytes, code.toBytes(order));
        assertEquals(code, InsnBuffer.of(code.toBytes(other), other));
    }

    @Property
    void fieldsLieWhereTheKernelHasThem(@ForAll long slot) {
        byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(slot).array();
        InsnBuffer code = InsnBuffer.of(bytes, ByteOrder.LITTLE_ENDIAN);
        assertEquals(bytes[0] & 0xff, code.opcode(0));
        assertEquals(bytes[1] & 15, code.dst(0));
        assertEquals(bytes[1] >> 4 & 15, code.src(0));
        assertEquals((short) (slot >> 16), code.off(0));
        assertEquals((int) (slot >> 32), code.imm(0));
    }

    @Property
    void settersChangeTheirFieldOnly(@ForAll long slot, @ForAll @IntRange(max = 255) int opcode,
                                     @ForAll @IntRange(max = 15) int register, @ForAll short off, @ForAll int imm) {
        byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(slot).array();
        InsnBuffer code = InsnBuffer.of(bytes, ByteOrder.LITTLE_ENDIAN);
        BpfInsn i = code.insn(0);
        code.setOpcode(0, opcode);
        assertEquals(new BpfInsn(opcode, i.dst(), i.src(), i.off(), i.imm()), code.insn(0));
        code.setDst(0, register);
        assertEquals(new BpfInsn(opcode, register, i.src(), i.off(), i.imm()), code.insn(0));
        code.setSrc(0, register);
        assertEquals(new BpfInsn(opcode, register, register, i.off(), i.imm()), code.insn(0));
        code.setOff(0, off);
        assertEquals(new BpfInsn(opcode, register, register, off, i.imm()), code.insn(0));
        code.setImm(0, imm);
        assertEquals(new BpfInsn(opcode, register, register, off, imm), code.insn(0));
    }

    @Property
    void anImm64IsReadAsWritten(@ForAll long value) {
        InsnBuffer code = InsnBuffer.of(BpfInsn.imm64Low(1, 0, 0), BpfInsn.imm64High(0));
        code.setImm64(0, value);
        assertEquals(value, code.imm64(0));
        assertEquals(InsnBuffer.of(BpfInsn.imm64Low(1, 0, value), BpfInsn.imm64High(value)), code);
    }

    @Test
    void appendsAndSlices() {
        InsnBuffer code = InsnBuffer.empty();
        for (int i = 0; i < 40; i++) {
            assertEquals(i, code.append(InsnBuffer.of(BpfInsn.mov64Imm(0, i))));
        }
        assertEquals(40, code.count());
        InsnBuffer part = code.slice(38, 2);
        part.setImm(0, 99);
        assertEquals(38, code.imm(38), "a slice is a copy");
        assertEquals(InsnBuffer.of(BpfInsn.mov64Imm(0, 99), BpfInsn.mov64Imm(0, 39)), part);
        assertThrows(IndexOutOfBoundsException.class, () -> code.slice(39, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> InsnBuffer.empty().opcode(0), "spare room is no code");
    }

    @Test
    void refusesCodeThatIsNotWholeInstructions() {
        assertThrows(CoreException.class, () -> InsnBuffer.of(new byte[12], ByteOrder.LITTLE_ENDIAN));
    }
}
