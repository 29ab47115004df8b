package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns the object form of values (see {@link WasmFunction#apply}) into frame slots and back. */
final class Values {
    private Values() {
    }

    static List<Object> unpack(Layout layout, long[] slots, Object[] refs) {
        List<Object> values = new ArrayList<>(layout.params.length);
        int slot = 0;
        for (ValType type : layout.params) {
            values.add(type.isRef() ? refs[slot] : number(type, slots, slot));
            slot += Layout.slots(type);
        }
        return values;
    }

    static Object number(ValType type, long[] slots, int slot) {
        return number(type, slots[slot], type == ValType.V128 ? slots[slot + 1] : 0);
    }

    static Object number(ValType type, long low, long high) {
        return switch (type.code()) {
            case TypeCode.I32 -> (int) low;
            case TypeCode.I64 -> low;
            case TypeCode.F32 -> Float.intBitsToFloat((int) low);
            case TypeCode.F64 -> Double.longBitsToDouble(low);
            case TypeCode.V128 -> new V128(low, high);
            default -> throw new IllegalStateException("no number: " + type);
        };
    }

    /** The slot of a number, or the low slot of a vector. */
    static long low(ValType type, Object value) {
        try {
            return switch (type.code()) {
                case TypeCode.I32 -> (Integer) value;
                case TypeCode.I64 -> (Long) value;
                case TypeCode.F32 -> Float.floatToRawIntBits((Float) value);
                case TypeCode.F64 -> Double.doubleToRawLongBits((Double) value);
                case TypeCode.V128 -> ((V128) value).low();
                default -> throw new IllegalStateException("no number: " + type);
            };
        } catch (ClassCastException | NullPointerException e) {
            throw mismatch(type, value);
        }
    }

    static long high(Object value) {
        return ((V128) value).high();
    }

    /** Checks that a host's reference is a value of a type. */
    static Object checkRef(ValType type, Object value) {
        if (!References.isInstance(type, value)) {
            throw mismatch(type, value);
        }
        return value;
    }

    static IllegalArgumentException mismatch(ValType type, Object value) {
        return new IllegalArgumentException(type + " wanted, given " + (value == null ? "null"
                : value.getClass().getSimpleName() + " " + value));
    }

    static IllegalArgumentException wrongCount(FuncType type, Object[] args) {
        return new IllegalArgumentException(type + " given " + args.length + " arguments: " + Arrays.toString(args));
    }

    /** Puts values into a frame, whose references must have room. */
    static void store(GuestStack stack, long frame, ValType[] types, Object[] values) {
        long at = frame;
        for (int i = 0; i < types.length; i++) {
            if (types[i].isRef()) {
                stack.refs[stack.index(at)] = checkRef(types[i], values[i]);
                at += 8;
            } else {
                RawMemory.putLong(at, low(types[i], values[i]));
                at += 8;
                if (types[i] == ValType.V128) {
                    RawMemory.putLong(at, high(values[i]));
                    at += 8;
                }
            }
        }
    }

    static Object[] load(GuestStack stack, long frame, ValType[] types) {
        Object[] values = new Object[types.length];
        long at = frame;
        for (int i = 0; i < types.length; i++) {
            ValType type = types[i];
            if (type.isRef()) {
                values[i] = stack.refs[stack.index(at)];
                at += 8;
            } else {
                values[i] = number(type, RawMemory.getLong(at), type == ValType.V128 ? RawMemory.getLong(at + 8) : 0);
                at += 8L * Layout.slots(type);
            }
        }
        return values;
    }
}
