package wasmbpf.wasm.compile;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import wasmbpf.wasm.TypeCode;

/** The classes and descriptors that generated code refers to. */
final class Names {
    static final String PACKAGE = "wasmbpf.wasm";
    /** The generated class; hidden, so every one of them may have this name. */
    static final ClassDesc SELF = ClassDesc.of(PACKAGE, "Compiled");
    static final ClassDesc SUPER = ClassDesc.of(PACKAGE, "CompiledClass");
    /** Static methods for generated code. */
    static final ClassDesc SUPPORT = ClassDesc.of(PACKAGE, "CompiledSupport");
    static final ClassDesc RUN_TIMES = ClassDesc.of(PACKAGE, "RunTimes");
    /** The same for loads and stores. */
    static final ClassDesc ACCESSES = ClassDesc.of(PACKAGE, "CompiledAccess");
    /** And for objects of the GC proposal. */
    static final ClassDesc HEAP = ClassDesc.of(PACKAGE, "CompiledHeap");
    static final ClassDesc STRUCT = ClassDesc.of(PACKAGE, "WasmStruct");
    static final ClassDesc STACK = ClassDesc.of(PACKAGE, "GuestStack");
    static final ClassDesc GUEST_FUNCTION = ClassDesc.of(PACKAGE, "GuestFunction");
    static final ClassDesc FUNCTION = ClassDesc.of(PACKAGE, "WasmFunction");
    static final ClassDesc HOST = ClassDesc.of(PACKAGE, "HostBinding");
    static final ClassDesc MEMORY = ClassDesc.of(PACKAGE, "LinearMemory");
    static final ClassDesc TABLE = ClassDesc.of(PACKAGE, "WasmTable");
    static final ClassDesc GLOBAL = ClassDesc.of(PACKAGE, "WasmGlobal");
    static final ClassDesc TAG = ClassDesc.of(PACKAGE, "WasmTag");
    static final ClassDesc TYPE = ClassDesc.of(PACKAGE, "DefType");
    static final ClassDesc INSTANCE = ClassDesc.of(PACKAGE, "Instance");
    static final ClassDesc TRAP = ClassDesc.of(PACKAGE, "Trap");
    /** Both of them. */
    static final ClassDesc WASM_EXCEPTION = ClassDesc.of(PACKAGE, "WasmException");
    static final ClassDesc EXCEPTION = ClassDesc.of(PACKAGE, "GuestException");
    static final ClassDesc NUMERICS = ClassDesc.of(PACKAGE, "Numerics");
    static final ClassDesc LANES = ClassDesc.of(PACKAGE, "Lanes");
    static final ClassDesc PACKED_INTS = ClassDesc.of(PACKAGE, "PackedInts");
    static final ClassDesc SHORT_RANGES = ClassDesc.of(PACKAGE, "ShortRanges");
    static final ClassDesc TRUNCATIONS = ClassDesc.of(PACKAGE, "Truncations");
    static final ClassDesc WIDE_LANES = ClassDesc.of(PACKAGE, "WideLanes");
    static final ClassDesc UNSAFE = ClassDesc.of("jdk.internal.misc", "Unsafe");

    static final ClassDesc I = ConstantDescs.CD_int;
    static final ClassDesc J = ConstantDescs.CD_long;
    static final ClassDesc F = ConstantDescs.CD_float;
    static final ClassDesc D = ConstantDescs.CD_double;
    static final ClassDesc V = ConstantDescs.CD_void;
    static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
    static final ClassDesc OBJECT = ConstantDescs.CD_Object;

    private Names() {
    }

    static MethodTypeDesc type(ClassDesc result, ClassDesc... params) {
        return MethodTypeDesc.of(result, params);
    }

    static ClassDesc of(Constant.Kind kind, boolean guest) {
        return switch (kind) {
            case MEMORY -> MEMORY;
            case FUNCTION -> guest ? GUEST_FUNCTION : FUNCTION;
            case GLOBAL -> GLOBAL;
            case NUMBERS -> LONGS;
            case TABLE -> TABLE;
            case TAG -> TAG;
            case TYPE -> TYPE;
            case INSTANCE -> INSTANCE;
        };
    }

    /** The JVM type of a value; of a vector, one of its two halves. */
    static ClassDesc of(int type) {
        return switch (type) {
            case TypeCode.I32 -> I;
            case TypeCode.F32 -> F;
            case TypeCode.F64 -> D;
            case TypeCode.I64, TypeCode.V128 -> J;
            default -> OBJECT;
        };
    }

    static TypeKind kind(int type) {
        return switch (type) {
            case TypeCode.I32 -> TypeKind.INT;
            case TypeCode.F32 -> TypeKind.FLOAT;
            case TypeCode.F64 -> TypeKind.DOUBLE;
            case TypeCode.I64, TypeCode.V128 -> TypeKind.LONG;
            default -> TypeKind.REFERENCE;
        };
    }

    /** The letter that ends the name of a {@link #SUPPORT} method for this type. */
    static String letter(int type) {
        return switch (type) {
            case TypeCode.I32 -> "I";
            case TypeCode.F32 -> "F";
            case TypeCode.F64 -> "D";
            case TypeCode.I64 -> "J";
            case TypeCode.V128 -> "V";
            default -> "A";
        };
    }

    static int slots(int type) {
        return type == TypeCode.V128 ? 2 : 1;
    }

    static int slots(int[] types) {
        int slots = 0;
        for (int type : types) {
            slots += slots(type);
        }
        return slots;
    }
}
