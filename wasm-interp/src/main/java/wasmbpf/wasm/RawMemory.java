package wasmbpf.wasm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.nio.ByteOrder;
import jdk.internal.misc.Unsafe;

/**
 * Reads and writes at absolute addresses, without any check: the one place that touches memory outside the heap. Every
 * caller has compared its address with the bounds of a {@link LinearMemory}, {@link GuestStack} or other allocation it
 * owns.
 *
 * <p>With {@code jdk.internal.misc} exported to this module ({@code --add-exports}, or {@code Add-Exports} in the
 * manifest of the runner) it is the JDK's own Unsafe, whose methods are intrinsics; otherwise one {@link
 * MemorySegment} over the whole address space, which is correct but several times slower until compiled. {@code
 * sun.misc.Unsafe} is no choice: it warns at the first use. The dispatch
 * loop names Unsafe itself, see {@link SegmentInterpreter}.
 */
final class RawMemory {
    /** False if {@code jdk.internal.misc} is not exported to us, or if {@code wasmbpf.segments} asks to do without. */
    static final boolean UNSAFE = !Boolean.getBoolean("wasmbpf.segments") && exported();

    /** Where in a {@code long[]} the first word lies, for Unsafe. */
    static final long WORDS_OFFSET = UNSAFE ? Unsafe.ARRAY_LONG_BASE_OFFSET : 16;

    static {
        // Wasm memory is little endian, and frames keep an i32 in the low half of a slot.
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException("this engine runs on little-endian machines only");
        }
    }

    /** From here on an arena's zeroing costs more than a mapping. */
    private static final long LARGE = 1 << 20;

    private RawMemory() {
    }

    private static boolean exported() {
        Module base = Object.class.getModule();
        return base.isExported("jdk.internal.misc", RawMemory.class.getModule()) && U.UNSAFE.unalignedAccess();
    }

    /** For the dispatch loop only. */
    static Unsafe unsafe() {
        return U.UNSAFE;
    }

    /** Loaded only where it is not. */
    private static final class S {
        static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
        static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
        static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
        static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    }

    /** Loaded only where the package is exported. */
    private static final class U {
        static final Unsafe UNSAFE = Unsafe.getUnsafe();
    }

    static byte getByte(long address) {
        return UNSAFE ? U.UNSAFE.getByte(address) : S.ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    static short getShort(long address) {
        return UNSAFE ? U.UNSAFE.getShortUnaligned(null, address) : S.ALL.get(S.SHORT, address);
    }

    static int getInt(long address) {
        return UNSAFE ? U.UNSAFE.getIntUnaligned(null, address) : S.ALL.get(S.INT, address);
    }

    static long getLong(long address) {
        return UNSAFE ? U.UNSAFE.getLongUnaligned(null, address) : S.ALL.get(S.LONG, address);
    }

    static float getFloat(long address) {
        return Float.intBitsToFloat(getInt(address));
    }

    static double getDouble(long address) {
        return Double.longBitsToDouble(getLong(address));
    }

    static void putByte(long address, byte value) {
        if (UNSAFE) {
            U.UNSAFE.putByte(address, value);
        } else {
            S.ALL.set(ValueLayout.JAVA_BYTE, address, value);
        }
    }

    static void putShort(long address, short value) {
        if (UNSAFE) {
            U.UNSAFE.putShortUnaligned(null, address, value);
        } else {
            S.ALL.set(S.SHORT, address, value);
        }
    }

    static void putInt(long address, int value) {
        if (UNSAFE) {
            U.UNSAFE.putIntUnaligned(null, address, value);
        } else {
            S.ALL.set(S.INT, address, value);
        }
    }

    static void putLong(long address, long value) {
        if (UNSAFE) {
            U.UNSAFE.putLongUnaligned(null, address, value);
        } else {
            S.ALL.set(S.LONG, address, value);
        }
    }

    static void fill(long address, long length, byte value) {
        if (UNSAFE) {
            // JDK 25's stub takes stores as wide as address and length are aligned: bytes become vectors, but words stay words,
            // 960 ns for 64 KiB instead of 290 (bench's workload "bulk").
            if (length >= 96 && ((address | length) & 1) == 0) {
                U.UNSAFE.putByte(address, value);
                U.UNSAFE.setMemory(address + 1, length - 1, value);
            } else {
                U.UNSAFE.setMemory(address, length, value);
            }
        } else {
            S.ALL.asSlice(address, length).fill(value);
        }
    }

    /** Overlap is allowed. */
    static void copy(long from, long to, long length) {
        if (UNSAFE) {
            U.UNSAFE.copyMemory(from, to, length);
        } else {
            MemorySegment.copy(S.ALL, from, S.ALL, to, length);
        }
    }

    static void copy(byte[] from, int offset, long to, int length) {
        if (UNSAFE) {
            U.UNSAFE.copyMemory(from, Unsafe.ARRAY_BYTE_BASE_OFFSET + offset, null, to, length);
        } else {
            MemorySegment.copy(from, offset, S.ALL, ValueLayout.JAVA_BYTE, to, length);
        }
    }

    static void copy(long from, byte[] to, int offset, int length) {
        if (UNSAFE) {
            U.UNSAFE.copyMemory(null, from, to, Unsafe.ARRAY_BYTE_BASE_OFFSET + offset, length);
        } else {
            MemorySegment.copy(S.ALL, ValueLayout.JAVA_BYTE, from, to, offset, length);
        }
    }

    /** Memory with any contents, aligned to 16 bytes, that lives as long as its owner. */
    static long allocate(Object owner, long bytes) {
        return allocateBlock(owner, bytes).address;
    }

    /** The same, to be given back earlier. */
    static Allocation allocateBlock(Object owner, long bytes) {
        if (UNSAFE) {
            // Not zeroed: of a large block the C library maps fresh pages, which cost when they are touched.
            long address = U.UNSAFE.allocateMemory(bytes);
            return new Allocation(address, LinearMemory.CLEANER.register(owner, new Block(address)));
        }
        if (bytes >= LARGE) {
            MemoryReservation reservation = FileReservation.PROVIDER.reserve(bytes + 4095 & -4096);
            return new Allocation(reservation.address(), LinearMemory.CLEANER.register(owner, reservation::close));
        }
        Arena arena = Arena.ofShared();
        return new Allocation(arena.allocate(bytes, 16).address(), LinearMemory.CLEANER.register(owner, arena::close));
    }

    /** Memory that its owner's end, or whoever calls {@code clean} before, gives back. */
    record Allocation(long address, Cleaner.Cleanable memory) {
    }

    private record Block(long address) implements Runnable {
        @Override
        public void run() {
            U.UNSAFE.freeMemory(address);
        }
    }
}
