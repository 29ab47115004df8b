package wasmbpf.wasm;

import static wasmbpf.wasm.RawMemory.getByte;
import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.RawMemory.getShort;
import static wasmbpf.wasm.RawMemory.putLong;
import static wasmbpf.wasm.SimdOps.put;
import static wasmbpf.wasm.SimdOps.replace;
import static wasmbpf.wasm.SimdOps.splat;

/** Loads and stores of vectors and of their lanes. */
final class SimdMemoryOps {
    private SimdMemoryOps() {
    }

    /** As {@link ColdOps#next}. */
    static long execute(int op, long w, long pc, long fp, GuestFunction f) {
        long at = MemoryOps.address(f, w, pc, fp, 1 << (OpBytes.SIGNATURES[op] >>> 12));
        long a = ColdOps.a(w, fp);
        long more = f.word(pc + 8);
        long vector = fp + 8 * (more & 0xFFFF);
        int lane = (int) (more >>> 32);
        switch (op) {
            case OpBytes.V128_LOAD -> put(a, getLong(at), getLong(at + 8));
            case OpBytes.V128_STORE -> put(at, getLong(vector), getLong(vector + 8));
            case OpBytes.V128_LOAD8X8_S -> put(a, WideLanes.extend8S(getLong(at), 0), WideLanes.extend8S(getLong(at), 1));
            case OpBytes.V128_LOAD8X8_U -> put(a, WideLanes.extend8U(getLong(at), 0), WideLanes.extend8U(getLong(at), 1));
            case OpBytes.V128_LOAD16X4_S -> put(a, WideLanes.extend16S(getLong(at), 0), WideLanes.extend16S(getLong(at), 1));
            case OpBytes.V128_LOAD16X4_U -> put(a, WideLanes.extend16U(getLong(at), 0), WideLanes.extend16U(getLong(at), 1));
            case OpBytes.V128_LOAD32X2_S -> put(a, getInt(at), getInt(at + 4));
            case OpBytes.V128_LOAD32X2_U -> put(a, getInt(at) & 0xFFFFFFFFL, getInt(at + 4) & 0xFFFFFFFFL);
            case OpBytes.V128_LOAD8_SPLAT -> splat(a, Lanes.i8x16Splat(getByte(at)));
            case OpBytes.V128_LOAD16_SPLAT -> splat(a, Lanes.i16x8Splat(getShort(at)));
            case OpBytes.V128_LOAD32_SPLAT -> splat(a, Lanes.i32x4Splat(getInt(at)));
            case OpBytes.V128_LOAD64_SPLAT -> splat(a, getLong(at));
            case OpBytes.V128_LOAD32_ZERO -> put(a, getInt(at) & 0xFFFFFFFFL, 0);
            case OpBytes.V128_LOAD64_ZERO -> put(a, getLong(at), 0);
            case OpBytes.V128_LOAD8_LANE -> replace(a, vector, getByte(at), 8 * lane, 0xFF);
            case OpBytes.V128_LOAD16_LANE -> replace(a, vector, getShort(at), 16 * lane, 0xFFFF);
            case OpBytes.V128_LOAD32_LANE -> replace(a, vector, getInt(at), 32 * lane, 0xFFFFFFFFL);
            case OpBytes.V128_LOAD64_LANE -> replace(a, vector, getLong(at), 64 * lane, -1);
            case OpBytes.V128_STORE8_LANE -> RawMemory.putByte(at, getByte(vector + lane));
            case OpBytes.V128_STORE16_LANE -> RawMemory.putShort(at, getShort(vector + 2L * lane));
            case OpBytes.V128_STORE32_LANE -> RawMemory.putInt(at, getInt(vector + 4L * lane));
            case OpBytes.V128_STORE64_LANE -> putLong(at, getLong(vector + 8L * lane));
            default -> throw new IllegalStateException("instruction " + op);
        }
        return pc + 16;
    }
}
