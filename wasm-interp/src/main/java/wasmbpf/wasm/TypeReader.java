package wasmbpf.wasm;

/** Reads value types and heap types into {@link TypeCode}s with canonical indices (binary format, section 5.3). */
final class TypeReader {
    private static final int REF_BYTE = 0x64;
    private static final int REF_NULL_BYTE = 0x63;

    private final WasmReader in;
    private final ModuleTypes types;
    /** First index that must not be referred to; above {@link ModuleTypes#count} only inside an open group. */
    private int limit;

    TypeReader(WasmReader in, ModuleTypes types) {
        this.in = in;
        this.types = types;
        this.limit = types.count();
    }

    void limit(int limit) {
        this.limit = limit;
    }

    int valType() {
        int at = in.pos;
        int b = in.u8();
        return switch (b) {
            case TypeCode.I32, TypeCode.I64, TypeCode.F32, TypeCode.F64, TypeCode.V128 -> b;
            default -> refType(b, at);
        };
    }

    /** A value type or a packed type. */
    int storageType() {
        int b = in.peek();
        if (b == TypeCode.I8 || b == TypeCode.I16) {
            in.pos++;
            return b;
        }
        return valType();
    }

    int refType() {
        int at = in.pos;
        return refType(in.u8(), at);
    }

    private int refType(int b, int at) {
        if (b == REF_BYTE || b == REF_NULL_BYTE) {
            return TypeCode.ref(b == REF_NULL_BYTE, heapType());
        }
        if (b >= TypeCode.EXN && b <= TypeCode.NO_EXN) {
            return TypeCode.ref(true, TypeCode.ABSTRACT | b);
        }
        throw in.malformed(at, "malformed value type 0x" + Integer.toHexString(b));
    }

    int heapType() {
        int at = in.pos;
        int b = in.peek();
        if (b >= TypeCode.EXN && b <= TypeCode.NO_EXN) {
            in.pos++;
            return TypeCode.ABSTRACT | b;
        }
        long index = in.s33();
        if (index < 0) {
            throw in.malformed(at, "malformed heap type");
        }
        return typeIndex(index, at);
    }

    /** A type index as u32, made canonical. */
    int typeIndex() {
        int at = in.pos;
        return typeIndex(in.index(), at);
    }

    int typeIndex(long index, int at) {
        if (index >= limit) {
            throw in.invalid(at, "unknown type " + index + "; there are " + limit);
        }
        return index < types.count() ? types.canonical((int) index) : (int) index;
    }

    /** The index of a function type, made canonical. */
    int funcTypeIndex() {
        int at = in.pos;
        int index = typeIndex();
        if (!types.isFunc(index)) {
            throw in.invalid(at, "type " + index + " is not a function type");
        }
        return index;
    }

    boolean mutability() {
        int at = in.pos;
        int b = in.u8();
        if (b > 1) {
            throw in.malformed(at, "malformed mutability 0x" + Integer.toHexString(b));
        }
        return b == 1;
    }
}
