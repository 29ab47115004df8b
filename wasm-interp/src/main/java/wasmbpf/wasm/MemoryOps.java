package wasmbpf.wasm;

import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.RawMemory.putLong;

/** Loads and stores in their general form: any memory, 64-bit addresses, any offset. */
final class MemoryOps {
    private MemoryOps() {
    }

    /**
     * The absolute address an access means; the one check for memories of 64-bit addresses.
     *
     * @param w the instruction: b = address, c = memory
     * @param pc where the offset is
     */
    static long address(GuestFunction f, long w, long pc, long fp, int bytes) {
        LinearMemory memory = f.instance.memories[Code.c(w)];
        return address(memory, ColdOps.b(w, fp), f.word(pc), bytes);
    }

    static long address(LinearMemory memory, long slot, long offset, int bytes) {
        return absolute(memory, memory.type().memory64() ? getLong(slot) : getInt(slot) & 0xFFFFFFFFL, offset, bytes);
    }

    static long absolute(LinearMemory memory, long address, long offset, int bytes) {
        long ea = address + offset;
        // Unsigned: a sum that wraps is out of bounds, and so is one of 2^63 and more.
        if (Long.compareUnsigned(ea, address) < 0 || ea < 0 || ea > memory.size - bytes) {
            throw LinearMemory.outOfBounds(address, offset, bytes, memory.size);
        }
        return memory.base + ea;
    }

    static long execute(int op, long w, long pc, long fp, GuestFunction f) {
        int bytes = 1 << (OpBytes.SIGNATURES[op] >>> 12);
        long at = address(f, w, pc, fp, bytes);
        long a = ColdOps.a(w, fp);
        long value = getLong(fp + 8 * (f.word(pc + 8) & 0xFFFF));
        switch (op) {
            case OpBytes.I32_LOAD, OpBytes.F32_LOAD, OpBytes.I64_LOAD32_S -> putLong(a, getInt(at));
            case OpBytes.I64_LOAD, OpBytes.F64_LOAD -> putLong(a, getLong(at));
            case OpBytes.I32_LOAD8_S, OpBytes.I64_LOAD8_S -> putLong(a, RawMemory.getByte(at));
            case OpBytes.I32_LOAD8_U, OpBytes.I64_LOAD8_U -> putLong(a, RawMemory.getByte(at) & 0xFF);
            case OpBytes.I32_LOAD16_S, OpBytes.I64_LOAD16_S -> putLong(a, RawMemory.getShort(at));
            case OpBytes.I32_LOAD16_U, OpBytes.I64_LOAD16_U -> putLong(a, RawMemory.getShort(at) & 0xFFFF);
            case OpBytes.I64_LOAD32_U -> putLong(a, getInt(at) & 0xFFFFFFFFL);
            case OpBytes.I32_STORE, OpBytes.F32_STORE, OpBytes.I64_STORE32 -> RawMemory.putInt(at, (int) value);
            case OpBytes.I64_STORE, OpBytes.F64_STORE -> putLong(at, value);
            case OpBytes.I32_STORE8, OpBytes.I64_STORE8 -> RawMemory.putByte(at, (byte) value);
            case OpBytes.I32_STORE16, OpBytes.I64_STORE16 -> RawMemory.putShort(at, (short) value);
            default -> throw new IllegalStateException("instruction " + op);
        }
        return pc + 16;
    }
}
