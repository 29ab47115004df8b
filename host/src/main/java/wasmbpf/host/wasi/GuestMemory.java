package wasmbpf.host.wasi;

import wasmbpf.wasm.LinearMemory;

/**
 * A guest's linear memory as host functions see it: addresses are the guest's unsigned 32-bit pointers, and one that does
 * not fit is a {@link GuestFault}, not a trap. Holds no size: memory may grow between any two calls.
 */
public final class GuestMemory {
    private final LinearMemory memory;

    public GuestMemory(LinearMemory memory) {
        this.memory = memory;
    }

    /** The offset {@code pointer} stands for, once {@code length} bytes from there are known to be the guest's. */
    public long offset(int pointer, long length) {
        long offset = Integer.toUnsignedLong(pointer);
        if (!memory.inBounds(offset, length)) {
            throw GuestFault.INSTANCE;
        }
        return offset;
    }

    /** The absolute address of {@code length} bytes at {@code pointer}; memory never moves, so it stays good. */
    public long address(int pointer, long length) {
        return memory.address() + offset(pointer, length);
    }

    public int u8(int pointer) {
        return memory.getByte(offset(pointer, 1)) & 0xff;
    }

    public int u16(int pointer) {
        return memory.getShort(offset(pointer, 2)) & 0xffff;
    }

    public int i32(int pointer) {
        return memory.getInt(offset(pointer, 4));
    }

    public long i64(int pointer) {
        return memory.getLong(offset(pointer, 8));
    }

    public void u8(int pointer, int value) {
        memory.putByte(offset(pointer, 1), (byte) value);
    }

    public void u16(int pointer, int value) {
        memory.putShort(offset(pointer, 2), (short) value);
    }

    public void i32(int pointer, int value) {
        memory.putInt(offset(pointer, 4), value);
    }

    public void i64(int pointer, long value) {
        memory.putLong(offset(pointer, 8), value);
    }

    /** The C string at {@code pointer} without its NUL; a fault when none ends within {@code maxBytes}. */
    public String cString(int pointer, int maxBytes) {
        String text = memory.cString(Integer.toUnsignedLong(pointer), maxBytes);
        if (text == null) {
            throw GuestFault.INSTANCE;
        }
        return text;
    }

    /** A copy of {@code length} bytes. */
    public byte[] bytes(int pointer, int length) {
        long offset = offset(pointer, Integer.toUnsignedLong(length));
        if (length < 0) {
            throw GuestFault.INSTANCE;
        }
        return memory.bytes(offset, length);
    }

    /** Copies {@code length} bytes from absolute address {@code from}, which must be good to read. */
    public void write(int pointer, long from, int length) {
        memory.writeFrom(offset(pointer, length), from, length);
    }

    public void bytes(int pointer, byte[] source, int length) {
        memory.write(offset(pointer, length), source, 0, length);
    }
}
