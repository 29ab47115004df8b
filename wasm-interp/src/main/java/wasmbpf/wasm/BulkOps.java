package wasmbpf.wasm;

import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getDouble;
import static wasmbpf.wasm.RawMemory.getFloat;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.RawMemory.putLong;

/** The codes after 0xFC: saturating truncation, bulk memory and tables, wide arithmetic. */
final class BulkOps {
    private static final Object[] DROPPED = {};

    private BulkOps() {
    }

    /** An operand that is an address or index, unsigned. */
    static long index(long slot, boolean is64) {
        return is64 ? getLong(slot) : getInt(slot) & 0xFFFFFFFFL;
    }

    static long execute(int op, long w, long pc, long fp, GuestStack stack, GuestFunction f) {
        long a = ColdOps.a(w, fp);
        long b = ColdOps.b(w, fp);
        long c = ColdOps.c(w, fp);
        switch (op) {
            case OpBytes.I64_TRUNC_SAT_F32_U -> putLong(a, Numerics.i64TruncSatU(getFloat(b)));
            case OpBytes.I64_TRUNC_SAT_F64_U -> putLong(a, Numerics.i64TruncSatU(getDouble(b)));
            case OpBytes.I64_ADD128, OpBytes.I64_SUB128 -> {
                long high = getLong(fp + 8 * (f.word(pc) >>> 16));
                wideSum(op, a, getLong(b), getLong(c), getLong(fp + 8 * (f.word(pc) & 0xFFFF)), high);
                return pc + 8;
            }
            case OpBytes.I64_MUL_WIDE_S -> {
                long high = Math.multiplyHigh(getLong(b), getLong(c));
                putLong(a, getLong(b) * getLong(c));
                putLong(a + 8, high);
            }
            case OpBytes.I64_MUL_WIDE_U -> {
                long high = Math.unsignedMultiplyHigh(getLong(b), getLong(c));
                putLong(a, getLong(b) * getLong(c));
                putLong(a + 8, high);
            }
            default -> {
                bulk(op, a, f.half(pc), f.half(pc + 4), stack, f.instance);
                return pc + 8;
            }
        }
        return pc;
    }

    private static void wideSum(int op, long to, long lowA, long highA, long lowB, long highB) {
        if (op == OpBytes.I64_ADD128) {
            long low = lowA + lowB;
            putLong(to, low);
            putLong(to + 8, highA + highB + (Long.compareUnsigned(low, lowA) < 0 ? 1 : 0));
        } else {
            putLong(to, lowA - lowB);
            putLong(to + 8, highA - highB - (Long.compareUnsigned(lowA, lowB) < 0 ? 1 : 0));
        }
    }

    /**
     * Operands from {@code a} on; {@code x} and {@code y} are the immediates in the order {@link FuncValidator} gives.
     */
    private static void bulk(int op, long a, int x, int y, GuestStack stack, Instance instance) {
        switch (op) {
            case OpBytes.MEMORY_INIT -> {
                LinearMemory memory = instance.memories[y];
                boolean is64 = memory.type().memory64();
                initMemory(instance, memory, x, index(a, is64), getInt(a + 8) & 0xFFFFFFFFL,
                        getInt(a + 16) & 0xFFFFFFFFL);
            }
            case OpBytes.DATA_DROP -> instance.droppedData[x] = true;
            case OpBytes.MEMORY_COPY -> {
                LinearMemory to = instance.memories[x];
                LinearMemory from = instance.memories[y];
                boolean to64 = to.type().memory64();
                boolean from64 = from.type().memory64();
                long length = index(a + 16, to64 && from64);
                long target = to.address(index(a, to64), length);
                RawMemory.copy(from.address(index(a + 8, from64), length), target, length);
            }
            case OpBytes.MEMORY_FILL -> {
                LinearMemory memory = instance.memories[x];
                boolean is64 = memory.type().memory64();
                memory.fill(index(a, is64), index(a + 16, is64), (byte) getInt(a + 8));
            }
            case OpBytes.TABLE_INIT -> {
                WasmTable table = instance.tables[y];
                Object[] segment = instance.elements[x] == null ? DROPPED : instance.elements[x];
                table.copy(index(a, table.type().table64()), segment, segment.length, getInt(a + 8) & 0xFFFFFFFFL,
                        getInt(a + 16) & 0xFFFFFFFFL);
            }
            case OpBytes.ELEM_DROP -> instance.elements[x] = null;
            case OpBytes.TABLE_COPY -> {
                WasmTable to = instance.tables[x];
                WasmTable from = instance.tables[y];
                boolean to64 = to.type().table64();
                boolean from64 = from.type().table64();
                to.copy(index(a, to64), from.elements, from.size, index(a + 8, from64), index(a + 16, to64 && from64));
            }
            case OpBytes.TABLE_GROW -> {
                WasmTable table = instance.tables[x];
                putLong(a, table.add(index(a + 8, table.type().table64()), ColdOps.ref(stack, a)));
            }
            case OpBytes.TABLE_SIZE -> putLong(a, instance.tables[x].size);
            case OpBytes.TABLE_FILL -> {
                WasmTable table = instance.tables[x];
                boolean is64 = table.type().table64();
                table.fill(index(a, is64), ColdOps.ref(stack, a + 8), index(a + 16, is64));
            }
            default -> throw new IllegalStateException("instruction " + op);
        }
    }

    private static void initMemory(Instance instance, LinearMemory memory, int data, long to, long from, long length) {
        DataSegment segment = instance.module().dataSegments().get(data);
        int size = instance.droppedData[data] ? 0 : segment.length();
        if (length > size || from > size - length) {
            throw new Trap(Trap.Kind.MEMORY_OUT_OF_BOUNDS, Trap.Kind.MEMORY_OUT_OF_BOUNDS + ": " + length
                    + " bytes from " + from + " of a segment of " + size);
        }
        memory.write(to, instance.module().bytes(), segment.start() + (int) from, (int) length);
    }
}
