package wasmbpf.wasm;

import jdk.internal.misc.Unsafe;

/**
 * Loads and stores of generated code, at an address that has been checked, from where the memory lies. That they take the sum apart
 * is three bytes less for each in the method that calls them, whose length decides whether HotSpot inlines it in turn.
 */
final class CompiledAccess {
    private static final Unsafe UNSAFE = RawMemory.unsafe();

    private CompiledAccess() {
    }

    static byte getByte(long address, long base, int offset) {
        return UNSAFE.getByte(null, address + base + offset);
    }

    static short getShort(long address, long base, int offset) {
        return UNSAFE.getShort(null, address + base + offset);
    }

    static char getChar(long address, long base, int offset) {
        return UNSAFE.getChar(null, address + base + offset);
    }

    static int getInt(long address, long base, int offset) {
        return UNSAFE.getInt(null, address + base + offset);
    }

    static long getLong(long address, long base, int offset) {
        return UNSAFE.getLong(null, address + base + offset);
    }

    static float getFloat(long address, long base, int offset) {
        return UNSAFE.getFloat(null, address + base + offset);
    }

    static double getDouble(long address, long base, int offset) {
        return UNSAFE.getDouble(null, address + base + offset);
    }

    static void putByte(byte value, long address, long base, int offset) {
        UNSAFE.putByte(null, address + base + offset, value);
    }

    static void putShort(short value, long address, long base, int offset) {
        UNSAFE.putShort(null, address + base + offset, value);
    }

    static void putInt(int value, long address, long base, int offset) {
        UNSAFE.putInt(null, address + base + offset, value);
    }

    static void putLong(long value, long address, long base, int offset) {
        UNSAFE.putLong(null, address + base + offset, value);
    }

    static void putFloat(float value, long address, long base, int offset) {
        UNSAFE.putFloat(null, address + base + offset, value);
    }

    static void putDouble(double value, long address, long base, int offset) {
        UNSAFE.putDouble(null, address + base + offset, value);
    }
}
