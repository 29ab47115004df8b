package wasmbpf.wasm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

    private static final MemorySegment ALL = UNSAFE ? null : MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    static {
        // Wasm memory is little endian, and frames keep an i32 in the low half of a slot.
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException("this engine runs on little-endian machines only");
        }
    }

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

    /** Loaded only where the package is exported. */
    private static final class U {
        static final Unsafe UNSAFE = Unsafe.getUnsafe();
    }

    static byte getByte(long address) {
        return UNSAFE ? U.UNSAFE.getByte(address) : ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    static short getShort(long address) {
        return UNSAFE ? U.UNSAFE.getShortUnaligned(null, address) : ALL.get(SHORT, address);
    }

    static int getInt(long address) {
        return UNSAFE ? U.UNSAFE.getIntUnaligned(null, address) : ALL.get(INT, address);
    }

    static long getLong(long address) {
        return UNSAFE ? U.UNSAFE.getLongUnaligned(null, address) : ALL.get(LONG, address);
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
            ALL.set(ValueLayout.JAVA_BYTE, address, value);
        }
    }

    static void putShort(long address, short value) {
        if (UNSAFE) {
            U.UNSAFE.putShortUnaligned(null, address, value);
        } else {
            ALL.set(SHORT, address, value);
        }
    }

    static void putInt(long address, int value) {
        if (UNSAFE) {
            U.UNSAFE.putIntUnaligned(null, address, value);
        } else {
            ALL.set(INT, address, value);
        }
    }

    static void putLong(long address, long value) {
        if (UNSAFE) {
            U.UNSAFE.putLongUnaligned(null, address, value);
        } else {
            ALL.set(LONG, address, value);
        }
    }

    static void fill(long address, long length, byte value) {
        if (UNSAFE) {
            U.UNSAFE.setMemory(address, length, value);
        } else {
            ALL.asSlice(address, length).fill(value);
        }
    }

    /** Overlap is allowed. */
    static void copy(long from, long to, long length) {
        if (UNSAFE) {
            U.UNSAFE.copyMemory(from, to, length);
        } else {
            MemorySegment.copy(ALL, from, ALL, to, length);
        }
    }

    static void copy(byte[] from, int offset, long to, int length) {
        if (UNSAFE) {
            U.UNSAFE.copyMemory(from, Unsafe.ARRAY_BYTE_BASE_OFFSET + offset, null, to, length);
        } else {
            MemorySegment.copy(from, offset, ALL, ValueLayout.JAVA_BYTE, to, length);
        }
    }

    static void copy(long from, byte[] to, int offset, int length) {
        if (UNSAFE) {
            U.UNSAFE.copyMemory(null, from, to, Unsafe.ARRAY_BYTE_BASE_OFFSET + offset, length);
        } else {
            MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, from, to, offset, length);
        }
    }

    /** Memory with any contents that lives as long as its owner. Only where {@link #UNSAFE}. */
    static long allocate(Object owner, long bytes) {
        long address = U.UNSAFE.allocateMemory(bytes);
        LinearMemory.CLEANER.register(owner, () -> U.UNSAFE.freeMemory(address));
        return address;
    }
}
