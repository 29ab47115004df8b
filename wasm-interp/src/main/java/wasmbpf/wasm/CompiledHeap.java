package wasmbpf.wasm;

import jdk.internal.misc.Unsafe;

/**
 * Static methods that generated code calls for structs, arrays and i31 of the GC proposal. Validation has typed their
 * operands, so that a reference is of the wanted kind or null. A letter says what a value is: I J F D as in descriptors, A a
 * reference, B and S packed fields of 8 and 16 bits, with U where the sign is not extended.
 */
final class CompiledHeap {
    private static final long BYTES = Unsafe.ARRAY_BYTE_BASE_OFFSET;

    private CompiledHeap() {
    }

    // i31

    static Object newI31(int value) {
        return I31.of(value);
    }

    static int i31S(Object ref) {
        return GcOps.i31(ref);
    }

    static int i31U(Object ref) {
        return GcOps.i31(ref) & Integer.MAX_VALUE;
    }

    // Structs; slot as FieldLayout counts

    static WasmStruct newStruct(DefType type, int numbers, int refs) {
        return WasmStruct.of(type, numbers, refs);
    }

    static int getI(Object ref, int slot) {
        return (int) GcOps.struct(ref).slots[slot];
    }

    static long getJ(Object ref, int slot) {
        return GcOps.struct(ref).slots[slot];
    }

    static float getF(Object ref, int slot) {
        return Float.intBitsToFloat((int) GcOps.struct(ref).slots[slot]);
    }

    static double getD(Object ref, int slot) {
        return Double.longBitsToDouble(GcOps.struct(ref).slots[slot]);
    }

    static Object getA(Object ref, int slot) {
        return GcOps.struct(ref).refs[slot];
    }

    static int getB(Object ref, int slot) {
        return (byte) GcOps.struct(ref).slots[slot];
    }

    static int getBU(Object ref, int slot) {
        return (int) GcOps.struct(ref).slots[slot] & 0xFF;
    }

    static int getS(Object ref, int slot) {
        return (short) GcOps.struct(ref).slots[slot];
    }

    static int getSU(Object ref, int slot) {
        return (int) GcOps.struct(ref).slots[slot] & 0xFFFF;
    }

    static void setI(Object ref, int value, int slot) {
        GcOps.struct(ref).slots[slot] = value;
    }

    static void setJ(Object ref, long value, int slot) {
        GcOps.struct(ref).slots[slot] = value;
    }

    static void setF(Object ref, float value, int slot) {
        GcOps.struct(ref).slots[slot] = Float.floatToRawIntBits(value);
    }

    static void setD(Object ref, double value, int slot) {
        GcOps.struct(ref).slots[slot] = Double.doubleToRawLongBits(value);
    }

    static void setA(Object ref, Object value, int slot) {
        GcOps.struct(ref).refs[slot] = value;
    }

    // Arrays

    static Object newArray(int length, DefType type, int sizeLog2) {
        return GcOps.newArray(type, length, sizeLog2);
    }

    static int length(Object ref) {
        return GcOps.array(ref).length;
    }

    /** Where an element lies in the bytes, which Unsafe takes beside the array. */
    private static long at(WasmArray array, int index, int shift) {
        check(array, index);
        return BYTES + ((long) index << shift);
    }

    private static void check(WasmArray array, int index) {
        if (Integer.compareUnsigned(index, array.length) >= 0) {
            throw GcOps.outOfBounds(index & 0xFFFFFFFFL, 1, array);
        }
    }

    static int elementI(Object ref, int index) {
        WasmArray array = GcOps.array(ref);
        return RawMemory.unsafe().getInt(array.bytes, at(array, index, 2));
    }

    static long elementJ(Object ref, int index) {
        WasmArray array = GcOps.array(ref);
        return RawMemory.unsafe().getLong(array.bytes, at(array, index, 3));
    }

    static float elementF(Object ref, int index) {
        WasmArray array = GcOps.array(ref);
        return RawMemory.unsafe().getFloat(array.bytes, at(array, index, 2));
    }

    static double elementD(Object ref, int index) {
        WasmArray array = GcOps.array(ref);
        return RawMemory.unsafe().getDouble(array.bytes, at(array, index, 3));
    }

    static Object elementA(Object ref, int index) {
        WasmArray array = GcOps.array(ref);
        check(array, index);
        return array.refs[index];
    }

    static int elementB(Object ref, int index) {
        WasmArray array = GcOps.array(ref);
        return RawMemory.unsafe().getByte(array.bytes, at(array, index, 0));
    }

    static int elementBU(Object ref, int index) {
        return elementB(ref, index) & 0xFF;
    }

    static int elementS(Object ref, int index) {
        WasmArray array = GcOps.array(ref);
        return RawMemory.unsafe().getShort(array.bytes, at(array, index, 1));
    }

    static int elementSU(Object ref, int index) {
        return elementS(ref, index) & 0xFFFF;
    }

    static void setElementI(Object ref, int index, int value) {
        WasmArray array = GcOps.array(ref);
        RawMemory.unsafe().putInt(array.bytes, at(array, index, 2), value);
    }

    static void setElementJ(Object ref, int index, long value) {
        WasmArray array = GcOps.array(ref);
        RawMemory.unsafe().putLong(array.bytes, at(array, index, 3), value);
    }

    static void setElementF(Object ref, int index, float value) {
        WasmArray array = GcOps.array(ref);
        RawMemory.unsafe().putFloat(array.bytes, at(array, index, 2), value);
    }

    static void setElementD(Object ref, int index, double value) {
        WasmArray array = GcOps.array(ref);
        RawMemory.unsafe().putDouble(array.bytes, at(array, index, 3), value);
    }

    static void setElementA(Object ref, int index, Object value) {
        WasmArray array = GcOps.array(ref);
        check(array, index);
        array.refs[index] = value;
    }

    static void setElementB(Object ref, int index, int value) {
        WasmArray array = GcOps.array(ref);
        RawMemory.unsafe().putByte(array.bytes, at(array, index, 0), (byte) value);
    }

    static void setElementS(Object ref, int index, int value) {
        WasmArray array = GcOps.array(ref);
        RawMemory.unsafe().putShort(array.bytes, at(array, index, 1), (short) value);
    }
}
