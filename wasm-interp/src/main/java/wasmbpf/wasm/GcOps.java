package wasmbpf.wasm;

import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.RawMemory.putLong;

/** The codes after 0xFB: structs, arrays, i31 and conversions of references. */
final class GcOps {
    /** No array takes more bytes; with it no length can overflow an int. */
    private static final int MAX_ARRAY_BYTES = 1 << 30;

    private GcOps() {
    }

    /** Whether a reference is of a type given as a {@link TypeCode} of the function's module. */
    static boolean isInstance(GuestFunction f, int type, Object value) {
        if (value == null) {
            return TypeCode.isNullable(type);
        }
        HeapType heap = TypeCode.isConcrete(type) ? f.instance.module().types().def(TypeCode.heap(type)).heap()
                : HeapType.abstractType(TypeCode.heap(type) & ~TypeCode.ABSTRACT);
        return References.isInstance(heap, value);
    }

    /** Slots that values of these field types take, one after the other. */
    static int slots(int[] fields) {
        int slots = 0;
        for (int field : fields) {
            slots += TypeCode.unpacked(field) == TypeCode.V128 ? 2 : 1;
        }
        return slots;
    }

    static WasmStruct newStruct(ModuleTypes types, int type) {
        int[] fields = types.fields(type);
        return WasmStruct.of(types.def(type), FieldLayout.slots(fields, fields.length, false),
                FieldLayout.slots(fields, fields.length, true));
    }

    static WasmArray newArray(ModuleTypes types, int type, int length) {
        return newArray(types.def(type), length, FieldLayout.elementSizeLog2(types.fields(type)[0]));
    }

    /** @param elementSizeLog2 as {@link FieldLayout#elementSizeLog2} */
    static WasmArray newArray(DefType type, int length, int elementSizeLog2) {
        boolean ref = elementSizeLog2 < 0;
        int sizeLog2 = ref ? REF_SIZE_LOG2 : elementSizeLog2;
        if (length < 0 || (long) length << sizeLog2 > MAX_ARRAY_BYTES) {
            throw new Trap(Trap.Kind.OUT_OF_MEMORY, "out of memory: an array of " + Integer.toUnsignedString(length)
                    + " elements");
        }
        try {
            return new WasmArray(type, length, sizeLog2, ref ? null : new byte[length << sizeLog2],
                    ref ? new Object[length] : null);
        } catch (OutOfMemoryError e) {
            throw new Trap(Trap.Kind.OUT_OF_MEMORY, "out of memory: an array of " + length + " elements", e);
        }
    }

    private static final int REF_SIZE_LOG2 = 3;

    /** Operands are in their own slots from a on; or, where there are no immediates, in b and c. */
    static long execute(int op, long w, long pc, long fp, GuestStack stack, GuestFunction f) {
        long a = ColdOps.a(w, fp);
        long b = ColdOps.b(w, fp);
        switch (op) {
            case OpBytes.ARRAY_LEN -> putLong(a, array(ColdOps.ref(stack, b)).length);
            case OpBytes.ANY_CONVERT_EXTERN, OpBytes.EXTERN_CONVERT_ANY ->
                ColdOps.putRef(stack, a, ColdOps.ref(stack, b));
            case OpBytes.REF_I31 -> ColdOps.putRef(stack, a, I31.of(getInt(b)));
            case OpBytes.I31_GET_S -> putLong(a, i31(ColdOps.ref(stack, b)));
            case OpBytes.I31_GET_U -> putLong(a, i31(ColdOps.ref(stack, b)) & Integer.MAX_VALUE);
            default -> {
                int x = f.half(pc);
                int y = f.half(pc + 4);
                if (op <= OpBytes.STRUCT_SET) {
                    struct(op, a, x, y, stack, f.instance);
                } else {
                    array(op, a, x, y, stack, f.instance);
                }
                return pc + 8;
            }
        }
        return pc;
    }

    static int i31(Object ref) {
        if (ref instanceof I31 i) {
            return i.value();
        }
        throw new Trap(Trap.Kind.NULL_I31);
    }

    static WasmArray array(Object ref) {
        if (ref instanceof WasmArray array) {
            return array;
        }
        throw new Trap(Trap.Kind.NULL_ARRAY);
    }

    static WasmStruct struct(Object ref) {
        if (ref instanceof WasmStruct struct) {
            return struct;
        }
        throw new Trap(Trap.Kind.NULL_STRUCT);
    }

    private static void struct(int op, long a, int type, int field, GuestStack stack, Instance instance) {
        ModuleTypes types = instance.module().types();
        int[] fields = types.fields(type);
        switch (op) {
            case OpBytes.STRUCT_NEW, OpBytes.STRUCT_NEW_DEFAULT -> {
                WasmStruct struct = newStruct(types, type);
                if (op == OpBytes.STRUCT_NEW) {
                    long from = a;
                    for (int i = 0; i < fields.length; i++) {
                        setField(struct, fields, i, from, stack);
                        from += FieldLayout.isVector(fields[i]) ? 16 : 8;
                    }
                }
                ColdOps.putRef(stack, a, struct);
            }
            case OpBytes.STRUCT_SET ->
                setField(struct(ColdOps.ref(stack, a)), fields, field, a + 8, stack);
            default -> {
                WasmStruct struct = struct(ColdOps.ref(stack, a));
                int slot = FieldLayout.slot(fields, field);
                if (TypeCode.isRef(fields[field])) {
                    ColdOps.putRef(stack, a, struct.refs[slot]);
                } else {
                    putLong(a, extend(fields[field], struct.slots[slot], op == OpBytes.STRUCT_GET_S));
                    if (TypeCode.unpacked(fields[field]) == TypeCode.V128) {
                        putLong(a + 8, struct.slots[slot + 1]);
                    }
                }
            }
        }
    }

    private static void setField(WasmStruct struct, int[] fields, int field, long from, GuestStack stack) {
        int slot = FieldLayout.slot(fields, field);
        if (TypeCode.isRef(fields[field])) {
            struct.refs[slot] = ColdOps.ref(stack, from);
            return;
        }
        struct.slots[slot] = getLong(from);
        if (FieldLayout.isVector(fields[field])) {
            struct.slots[slot + 1] = getLong(from + 8);
        }
    }

    /** A packed field is cut when it is read; a 32-bit number is sign-extended, as slots want it. */
    private static long extend(int field, long value, boolean signed) {
        return switch (field & ~TypeCode.MUTABLE) {
            case TypeCode.I8 -> signed ? (byte) value : value & 0xFF;
            case TypeCode.I16 -> signed ? (short) value : value & 0xFFFF;
            case TypeCode.I32, TypeCode.F32 -> (int) value;
            default -> value;
        };
    }

    private static long u32(long slot) {
        return getInt(slot) & 0xFFFFFFFFL;
    }

    private static void check(WasmArray array, long from, long count) {
        if (count > array.length || from > array.length - count) {
            throw outOfBounds(from, count, array);
        }
    }

    static Trap outOfBounds(long from, long count, WasmArray array) {
        return new Trap(Trap.Kind.ARRAY_OUT_OF_BOUNDS, Trap.Kind.ARRAY_OUT_OF_BOUNDS + ": " + count + " elements at "
                + from + " of " + array.length);
    }

    private static void array(int op, long a, int x, int y, GuestStack stack, Instance instance) {
        ModuleTypes types = instance.module().types();
        int element = types.fields(x)[0];
        int width = TypeCode.unpacked(element) == TypeCode.V128 ? 2 : 1;
        switch (op) {
            case OpBytes.ARRAY_NEW -> {
                WasmArray array = newArray(types, x, getInt(a + 8L * width));
                fill(array, 0, array.length, a, stack);
                ColdOps.putRef(stack, a, array);
            }
            case OpBytes.ARRAY_NEW_DEFAULT -> ColdOps.putRef(stack, a, newArray(types, x, getInt(a)));
            case OpBytes.ARRAY_NEW_FIXED -> {
                WasmArray array = newArray(types, x, y);
                for (int i = 0; i < y; i++) {
                    fill(array, i, 1, a + 8L * width * i, stack);
                }
                ColdOps.putRef(stack, a, array);
            }
            case OpBytes.ARRAY_NEW_DATA -> {
                int length = getInt(a + 8);
                checkData(instance, y, u32(a), u32(a + 8), FieldLayout.elementSizeLog2(element));
                WasmArray array = newArray(types, x, length);
                copyData(instance, array, 0, y, getInt(a), length);
                ColdOps.putRef(stack, a, array);
            }
            case OpBytes.ARRAY_NEW_ELEM -> {
                checkElements(instance, y, u32(a), u32(a + 8));
                WasmArray array = newArray(types, x, getInt(a + 8));
                copyElements(instance, array, 0, y, getInt(a), array.length);
                ColdOps.putRef(stack, a, array);
            }
            case OpBytes.ARRAY_GET, OpBytes.ARRAY_GET_S, OpBytes.ARRAY_GET_U -> {
                WasmArray array = array(ColdOps.ref(stack, a));
                check(array, u32(a + 8), 1);
                int index = getInt(a + 8);
                if (array.refs != null) {
                    ColdOps.putRef(stack, a, array.refs[index]);
                } else {
                    putLong(a, extend(element, array.get(index, 0), op == OpBytes.ARRAY_GET_S));
                    if (width == 2) {
                        putLong(a + 8, array.get(index, 1));
                    }
                }
            }
            case OpBytes.ARRAY_SET -> {
                WasmArray array = array(ColdOps.ref(stack, a));
                check(array, u32(a + 8), 1);
                fill(array, getInt(a + 8), 1, a + 16, stack);
            }
            case OpBytes.ARRAY_FILL -> {
                WasmArray array = array(ColdOps.ref(stack, a));
                long count = a + 16 + 8L * width;
                check(array, u32(a + 8), u32(count));
                fill(array, getInt(a + 8), getInt(count), a + 16, stack);
            }
            case OpBytes.ARRAY_COPY -> {
                WasmArray to = array(ColdOps.ref(stack, a));
                WasmArray from = array(ColdOps.ref(stack, a + 16));
                check(to, u32(a + 8), u32(a + 32));
                check(from, u32(a + 24), u32(a + 32));
                int count = getInt(a + 32);
                if (to.refs != null) {
                    System.arraycopy(from.refs, getInt(a + 24), to.refs, getInt(a + 8), count);
                } else {
                    int shift = to.sizeLog2;
                    System.arraycopy(from.bytes, getInt(a + 24) << shift, to.bytes, getInt(a + 8) << shift,
                            count << shift);
                }
            }
            case OpBytes.ARRAY_INIT_DATA -> {
                WasmArray array = array(ColdOps.ref(stack, a));
                check(array, u32(a + 8), u32(a + 24));
                checkData(instance, y, u32(a + 16), u32(a + 24), array.sizeLog2);
                copyData(instance, array, getInt(a + 8), y, getInt(a + 16), getInt(a + 24));
            }
            case OpBytes.ARRAY_INIT_ELEM -> {
                WasmArray array = array(ColdOps.ref(stack, a));
                check(array, u32(a + 8), u32(a + 24));
                checkElements(instance, y, u32(a + 16), u32(a + 24));
                copyElements(instance, array, getInt(a + 8), y, getInt(a + 16), getInt(a + 24));
            }
            default -> throw new IllegalStateException("instruction " + op);
        }
    }

    private static void fill(WasmArray array, int from, int count, long value, GuestStack stack) {
        if (array.refs != null) {
            array.fill(from, count, 0, 0, ColdOps.ref(stack, value));
        } else {
            array.fill(from, count, getLong(value), array.sizeLog2 == 4 ? getLong(value + 8) : 0, null);
        }
    }

    private static void checkData(Instance instance, int data, long from, long count, int sizeLog2) {
        int size = instance.droppedData[data] ? 0 : instance.module().dataSegments().get(data).length();
        long bytes = count << sizeLog2;
        if (bytes > size || from > size - bytes) {
            throw new Trap(Trap.Kind.MEMORY_OUT_OF_BOUNDS, Trap.Kind.MEMORY_OUT_OF_BOUNDS + ": " + bytes
                    + " bytes from " + from + " of a segment of " + size);
        }
    }

    private static void copyData(Instance instance, WasmArray array, int to, int data, int from, int count) {
        int start = instance.module().dataSegments().get(data).start();
        System.arraycopy(instance.module().bytes(), start + from, array.bytes, to << array.sizeLog2,
                count << array.sizeLog2);
    }

    private static void checkElements(Instance instance, int segment, long from, long count) {
        int size = instance.elements[segment] == null ? 0 : instance.elements[segment].length;
        if (count > size || from > size - count) {
            throw new Trap(Trap.Kind.TABLE_OUT_OF_BOUNDS, Trap.Kind.TABLE_OUT_OF_BOUNDS + ": " + count
                    + " elements from " + from + " of a segment of " + size);
        }
    }

    private static void copyElements(Instance instance, WasmArray array, int to, int segment, int from, int count) {
        if (count > 0) {
            System.arraycopy(instance.elements[segment], from, array.refs, to, count);
        }
    }
}
