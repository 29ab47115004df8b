package wasmbpf.wasm;

import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.RawMemory.putLong;

import java.util.concurrent.locks.LockSupport;

/**
 * The codes after 0xFE (threads proposal). This engine runs an instance on one thread, so a plain read and write are
 * one step and nobody can wake a waiter.
 */
final class AtomicOps {
    /** Loads, stores and each operator come as seven: i32, i64, i32 of 8 and 16 bits, i64 of 8, 16 and 32 bits. */
    private static final int GROUP = 7;
    private static final long NANOS_PER_CHECK = 10_000_000;

    private AtomicOps() {
    }

    static long execute(int op, long w, long pc, long fp, GuestFunction f) {
        if (op == OpBytes.ATOMIC_FENCE) {
            return pc + 8;
        }
        int bytes = 1 << (OpBytes.SIGNATURES[op] >>> 12);
        LinearMemory memory = f.instance.memories[Code.c(w)];
        long at = MemoryOps.address(f, w, pc, fp, bytes);
        if ((at - memory.base & bytes - 1) != 0) {
            throw new Trap(Trap.Kind.UNALIGNED_ATOMIC, Trap.Kind.UNALIGNED_ATOMIC + ": " + bytes + " bytes at 0x"
                    + Long.toHexString(at - memory.base));
        }
        long a = ColdOps.a(w, fp);
        long more = f.word(pc + 8);
        long first = getLong(fp + 8 * (more & 0xFFFF));
        long second = getLong(fp + 8 * (more >>> 16 & 0xFFFF));
        if (op < OpBytes.ATOMIC_FENCE) {
            putLong(a, op == OpBytes.MEMORY_ATOMIC_NOTIFY ? 0
                    : await(f.instance, memory, read(at, bytes) == (first & mask(bytes)), second));
            return pc + 16;
        }
        int group = (op - OpBytes.I32_ATOMIC_LOAD) / GROUP;
        boolean i32 = op - OpBytes.I32_ATOMIC_LOAD == group * GROUP;
        long old = read(at, bytes);
        if (group != STORE) {
            putLong(a, i32 ? (int) old : old);
        }
        switch (group) {
            case LOAD -> {
            }
            case STORE, XCHG -> write(at, bytes, first);
            case ADD -> write(at, bytes, old + first);
            case SUB -> write(at, bytes, old - first);
            case AND -> write(at, bytes, old & first);
            case OR -> write(at, bytes, old | first);
            case XOR -> write(at, bytes, old ^ first);
            default -> {
                // Of a narrow access the whole expected operand counts, so that one too wide never matches.
                if (old == (i32 || isI32Narrow(op, group) ? first & 0xFFFFFFFFL : first)) {
                    write(at, bytes, second);
                }
            }
        }
        return pc + 16;
    }

    private static final int LOAD = 0;
    private static final int STORE = 1;
    private static final int ADD = 2;
    private static final int SUB = 3;
    private static final int AND = 4;
    private static final int OR = 5;
    private static final int XOR = 6;
    private static final int XCHG = 7;

    private static boolean isI32Narrow(int op, int group) {
        int member = op - OpBytes.I32_ATOMIC_LOAD - group * GROUP;
        return member == 2 || member == 3;
    }

    private static long mask(int bytes) {
        return bytes == 8 ? -1 : (1L << 8 * bytes) - 1;
    }

    private static long read(long at, int bytes) {
        return switch (bytes) {
            case 1 -> RawMemory.getByte(at) & 0xFF;
            case 2 -> RawMemory.getShort(at) & 0xFFFF;
            case 4 -> getInt(at) & 0xFFFFFFFFL;
            default -> getLong(at);
        };
    }

    private static void write(long at, int bytes, long value) {
        switch (bytes) {
            case 1 -> RawMemory.putByte(at, (byte) value);
            case 2 -> RawMemory.putShort(at, (short) value);
            case 4 -> RawMemory.putInt(at, (int) value);
            default -> putLong(at, value);
        }
    }

    /** 1 if the value is another one, else 2 after the time is over. */
    private static int await(Instance instance, LinearMemory memory, boolean equal, long timeoutNanos) {
        if (!memory.type().shared()) {
            throw new Trap(Trap.Kind.EXPECTED_SHARED_MEMORY);
        }
        if (!equal) {
            return 1;
        }
        if (timeoutNanos < 0) {
            throw new Trap(Trap.Kind.ENDLESS_WAIT);
        }
        long end = System.nanoTime() + timeoutNanos;
        for (long left = timeoutNanos; left > 0; left = end - System.nanoTime()) {
            instance.checkInterrupt();
            LockSupport.parkNanos(Math.min(left, NANOS_PER_CHECK));
        }
        return 2;
    }
}
