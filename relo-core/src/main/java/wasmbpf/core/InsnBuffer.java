package wasmbpf.core;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * BPF code that is being worked on: slots of eight bytes, read in either byte order, written in the one asked for. An
 * ldimm64 takes two slots; every index counts slots, as the kernel, the verifier's log and libbpf do. Not thread-safe.
 *
 * <pre>
 *   byte   0        1 (little)   1 (big)      2..3   4..7
 *        +--------+------------+------------+------+------+
 *        | opcode | src  | dst | dst  | src | off  | imm  |      nibbles: high | low
 *        +--------+------------+------------+------+------+
 * </pre>
 */
public final class InsnBuffer {
    /** Size of a slot. */
    public static final int SLOT_BYTES = 8;

    /** Slots as the little-endian layout reads as a long: imm | off | src dst | opcode, from the top. */
    private long[] slots;
    private int count;

    private InsnBuffer(long[] slots, int count) {
        this.slots = slots;
        this.count = count;
    }

    /** An empty buffer to append to. */
    public static InsnBuffer empty() {
        return new InsnBuffer(new long[16], 0);
    }

    /**
     * A copy of {@code code}, in the byte order of the file it comes from.
     *
     * @throws CoreException if its length is not a multiple of eight
     */
    public static InsnBuffer of(byte[] code, ByteOrder order) {
        if (code.length % SLOT_BYTES != 0) {
            throw new CoreException("BPF code is " + code.length + " bytes long, not a multiple of 8");
        }
        long[] slots = new long[code.length / SLOT_BYTES];
        boolean little = order == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < slots.length; i++) {
            slots[i] = little ? readLittle(code, i * SLOT_BYTES) : readBig(code, i * SLOT_BYTES);
        }
        return new InsnBuffer(slots, slots.length);
    }

    /** A buffer of these slots. */
    public static InsnBuffer of(BpfInsn... insns) {
        InsnBuffer buffer = new InsnBuffer(new long[insns.length], insns.length);
        for (int i = 0; i < insns.length; i++) {
            buffer.set(i, insns[i]);
        }
        return buffer;
    }

    private static long readLittle(byte[] b, int at) {
        long slot = 0;
        for (int i = SLOT_BYTES - 1; i >= 0; i--) {
            slot = slot << 8 | b[at + i] & 0xff;
        }
        return slot;
    }

    private static long readBig(byte[] b, int at) {
        int registers = b[at + 1] & 0xff;
        int off = (b[at + 2] & 0xff) << 8 | b[at + 3] & 0xff;
        int imm = b[at + 4] << 24 | (b[at + 5] & 0xff) << 16 | (b[at + 6] & 0xff) << 8 | b[at + 7] & 0xff;
        return pack(b[at] & 0xff, registers >>> 4, registers & 15, off, imm);
    }

    private static long pack(int opcode, int dst, int src, int off, int imm) {
        return (long) imm << 32 | (long) (off & 0xffff) << 16 | src << 12 | dst << 8 | opcode;
    }

    /** How many slots there are. */
    public int count() {
        return count;
    }

    public int sizeBytes() {
        return count * SLOT_BYTES;
    }

    /** 0..255. */
    public int opcode(int index) {
        return (int) slot(index) & 0xff;
    }

    public int dst(int index) {
        return (int) slot(index) >>> 8 & 15;
    }

    public int src(int index) {
        return (int) slot(index) >>> 12 & 15;
    }

    public short off(int index) {
        return (short) (slot(index) >>> 16);
    }

    public int imm(int index) {
        return (int) (slot(index) >>> 32);
    }

    /** The 64-bit operand of the ldimm64 that starts at {@code index}; the second slot has to exist. */
    public long imm64(int index) {
        return imm(index) & 0xffff_ffffL | (long) imm(index + 1) << 32;
    }

    /** Whether an ldimm64 starts here. Its second slot may still be missing: ask {@link #count}. */
    public boolean isLdimm64(int index) {
        return opcode(index) == BpfOpcode.LDIMM64;
    }

    /** Whether this is a call, whatever it calls. */
    public boolean isCall(int index) {
        return opcode(index) == BpfOpcode.CALL;
    }

    /** Whether this calls a subprogram of the same object: {@code BPF_PSEUDO_CALL}. */
    public boolean isSubprogramCall(int index) {
        return isCall(index) && src(index) == BpfOpcode.BPF_PSEUDO_CALL;
    }

    public BpfInsn insn(int index) {
        return new BpfInsn(opcode(index), dst(index), src(index), off(index), imm(index));
    }

    public void set(int index, BpfInsn insn) {
        slot(index);
        slots[index] = pack(insn.opcode(), insn.dst(), insn.src(), insn.off(), insn.imm());
    }

    public void setOpcode(int index, int opcode) {
        slots[index] = slot(index) & ~0xffL | opcode & 0xff;
    }

    public void setDst(int index, int dst) {
        slots[index] = slot(index) & ~0xf00L | (dst & 15) << 8;
    }

    public void setSrc(int index, int src) {
        slots[index] = slot(index) & ~0xf000L | (src & 15) << 12;
    }

    public void setOff(int index, short off) {
        slots[index] = slot(index) & ~0xffff_0000L | (off & 0xffffL) << 16;
    }

    public void setImm(int index, int imm) {
        slots[index] = slot(index) & 0xffff_ffffL | (long) imm << 32;
    }

    /** Both halves of the ldimm64 that starts at {@code index}. */
    public void setImm64(int index, long imm64) {
        setImm(index + 1, (int) (imm64 >>> 32));
        setImm(index, (int) imm64);
    }

    /** A copy of {@code length} slots from {@code from} on. */
    public InsnBuffer slice(int from, int length) {
        if (from < 0 || length < 0 || length > count - from) {
            throw new IndexOutOfBoundsException("slots " + from + "+" + length + " of " + count);
        }
        return new InsnBuffer(Arrays.copyOfRange(slots, from, from + length), length);
    }

    public InsnBuffer copy() {
        return slice(0, count);
    }

    /** Adds the slots of {@code other} at the end and returns the index of the first of them. */
    public int append(InsnBuffer other) {
        int at = count;
        int total = Math.addExact(count, other.count);
        if (total > slots.length) {
            slots = Arrays.copyOf(slots, Math.max(total, slots.length * 2));
        }
        System.arraycopy(other.slots, 0, slots, at, other.count);
        count = total;
        return at;
    }

    /** The code as {@code bpf(BPF_PROG_LOAD)} of a kernel of that byte order takes it. */
    public byte[] toBytes(ByteOrder order) {
        byte[] out = new byte[sizeBytes()];
        boolean little = order == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < count; i++) {
            int at = i * SLOT_BYTES;
            out[at] = (byte) opcode(i);
            out[at + 1] = (byte) (little ? src(i) << 4 | dst(i) : dst(i) << 4 | src(i));
            int off = off(i);
            out[at + (little ? 2 : 3)] = (byte) off;
            out[at + (little ? 3 : 2)] = (byte) (off >> 8);
            int imm = imm(i);
            for (int b = 0; b < 4; b++) {
                out[at + (little ? 4 + b : 7 - b)] = (byte) (imm >> 8 * b);
            }
        }
        return out;
    }

    private long slot(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("instruction " + index + " of " + count);
        }
        return slots[index];
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof InsnBuffer other && Arrays.equals(slots, 0, count, other.slots, 0, other.count);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < count; i++) {
            hash = 31 * hash + Long.hashCode(slots[i]);
        }
        return hash;
    }

    /** The disassembly, see {@link InsnPrinter}. */
    @Override
    public String toString() {
        return InsnPrinter.print(this);
    }
}
