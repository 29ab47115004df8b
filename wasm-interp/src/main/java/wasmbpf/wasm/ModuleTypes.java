package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/**
 * The type section of one module, in the {@code int} form of {@link TypeCode} that decoder, validator and lowering use:
 * equal types have one canonical index, so that equality is {@code ==} on ints; {@link #def} leads to the form that is
 * comparable across modules. Immutable once the module is decoded. Returned arrays are shared: never write to them.
 */
public final class ModuleTypes {
    static final int[] EMPTY = {};
    static final int NO_SUPER = RecGroup.NO_SUPER;

    private int count;
    private byte[] kinds = new byte[16];
    /** Function parameters, or fields with {@link TypeCode#MUTABLE}. */
    private int[][] first = new int[16][];
    private int[][] results = new int[16][];
    private int[] supers = new int[16];
    private boolean[] finals = new boolean[16];
    private byte[] depths = new byte[16];
    private int[] canonical = new int[16];
    private DefType[] defs = new DefType[16];
    private final HashMap<RecGroup, Integer> starts = new HashMap<>();

    ModuleTypes() {
    }

    public int count() {
        return count;
    }

    /** The smallest index of a type equal to this one; the form in which a {@link TypeCode} holds it. */
    public int canonical(int index) {
        return canonical[index];
    }

    /** The type, comparable across modules. */
    public DefType def(int index) {
        return defs[index];
    }

    public boolean isFunc(int index) {
        return kinds[index] == RecGroup.KIND_FUNC;
    }

    public boolean isStruct(int index) {
        return kinds[index] == RecGroup.KIND_STRUCT;
    }

    public boolean isArray(int index) {
        return kinds[index] == RecGroup.KIND_ARRAY;
    }

    /** Parameter types of a function type. */
    public int[] params(int index) {
        return first[index];
    }

    /** Result types of a function type. */
    public int[] results(int index) {
        return results[index];
    }

    /** Storage types of a struct's fields or the one of an array, with {@link TypeCode#MUTABLE} where it applies. */
    public int[] fields(int index) {
        return first[index];
    }

    /** Whether a value of type {@code sub} may stand where {@code sup} is wanted. */
    public boolean isSubtype(int sub, int sup) {
        if (sub == sup || sub == TypeCode.BOTTOM) {
            return true;
        }
        if ((sub & sup & TypeCode.REF) == 0) {
            return false;
        }
        if ((sub & TypeCode.NULLABLE) != 0 && (sup & TypeCode.NULLABLE) == 0) {
            return false;
        }
        return isHeapSubtype(TypeCode.heap(sub), TypeCode.heap(sup));
    }

    /** The same for heap types as {@link TypeCode#heap} gives them. */
    boolean isHeapSubtype(int sub, int sup) {
        if (sub == sup || sub == TypeCode.ABSTRACT) {
            return true;
        }
        boolean subIsDef = (sub & TypeCode.ABSTRACT) == 0;
        if ((sup & TypeCode.ABSTRACT) == 0) {
            return subIsDef ? defs[sub].isSubtypeOf(defs[sup])
                    : HeapType.isBottomOf(sub & ~TypeCode.ABSTRACT, kindCode(sup));
        }
        return HeapType.isAbstractSubtype(subIsDef ? kindCode(sub) : sub & ~TypeCode.ABSTRACT,
                sup & ~TypeCode.ABSTRACT);
    }

    /** The top of the hierarchy a heap type belongs to, as a byte of the binary format: any, func, extern or exn. */
    int top(int heap) {
        return HeapType.top((heap & TypeCode.ABSTRACT) == 0 ? kindCode(heap) : heap & ~TypeCode.ABSTRACT);
    }

    private int kindCode(int index) {
        return switch (kinds[index]) {
            case RecGroup.KIND_FUNC -> TypeCode.FUNC;
            case RecGroup.KIND_STRUCT -> TypeCode.STRUCT;
            default -> TypeCode.ARRAY;
        };
    }

    /** The type in the form that is comparable across modules. */
    public ValType valType(int code) {
        return TypeCode.isConcrete(code)
                ? ValType.ref(TypeCode.isNullable(code), defs[TypeCode.heap(code)].heap())
                : ValType.of(code);
    }

    /** As {@code i32} or {@code (ref null 5)}, with type indices as the module numbers them. */
    public static String text(int code) {
        if (code == TypeCode.BOTTOM) {
            return "any type";
        }
        if (code == TypeCode.REF_BOTTOM || code == (TypeCode.REF_BOTTOM | TypeCode.NULLABLE)) {
            return "any reference";
        }
        if (TypeCode.isConcrete(code)) {
            return (TypeCode.isNullable(code) ? "(ref null " : "(ref ") + TypeCode.heap(code) + ")";
        }
        return ValType.of(code).toString();
    }

    static String text(int[] codes) {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < codes.length; i++) {
            text.append(i == 0 ? "" : " ").append(text(codes[i]));
        }
        return text.append(']').toString();
    }

    // Building, by the decoder.

    void addFunc(int[] params, int[] results, int supertype, boolean isFinal) {
        add(RecGroup.KIND_FUNC, params, results, supertype, isFinal);
    }

    void addStruct(int[] fields, int supertype, boolean isFinal) {
        add(RecGroup.KIND_STRUCT, fields, EMPTY, supertype, isFinal);
    }

    void addArray(int field, int supertype, boolean isFinal) {
        add(RecGroup.KIND_ARRAY, new int[] {field}, EMPTY, supertype, isFinal);
    }

    private void add(int kind, int[] first, int[] results, int supertype, boolean isFinal) {
        if (count == kinds.length) {
            int size = 2 * count;
            kinds = Arrays.copyOf(kinds, size);
            this.first = Arrays.copyOf(this.first, size);
            this.results = Arrays.copyOf(this.results, size);
            supers = Arrays.copyOf(supers, size);
            finals = Arrays.copyOf(finals, size);
            depths = Arrays.copyOf(depths, size);
            canonical = Arrays.copyOf(canonical, size);
            defs = Arrays.copyOf(defs, size);
        }
        kinds[count] = (byte) kind;
        this.first[count] = first;
        this.results[count] = results;
        supers[count] = supertype;
        finals[count] = isFinal;
        depths[count] = (byte) (supertype == NO_SUPER ? 0 : depths[supertype] + 1);
        canonical[count] = count;
        count++;
    }

    /** How many supertypes, transitively. */
    int depth(int index) {
        return depths[index];
    }

    /** Whether the structure of one type matches that of another (section 3.3.8). */
    boolean structureMatches(int sub, int sup) {
        if (kinds[sub] != kinds[sup]) {
            return false;
        }
        int[] a = first[sub];
        int[] b = first[sup];
        if (kinds[sub] == RecGroup.KIND_FUNC) {
            return isSubtype(b, a) && isSubtype(results[sub], results[sup]);
        }
        if (a.length < b.length) {
            return false;
        }
        for (int i = 0; i < b.length; i++) {
            boolean mutable = (b[i] & TypeCode.MUTABLE) != 0;
            if (mutable ? a[i] != b[i]
                    : (a[i] & TypeCode.MUTABLE) != 0 || !isSubtype(a[i], b[i])) {
                return false;
            }
        }
        return true;
    }

    /** Elementwise, and of equal length. */
    boolean isSubtype(int[] sub, int[] sup) {
        if (sub == sup) {
            return true;
        }
        if (sub.length != sup.length) {
            return false;
        }
        for (int i = 0; i < sub.length; i++) {
            if (!isSubtype(sub[i], sup[i])) {
                return false;
            }
        }
        return true;
    }

    int supertype(int index) {
        return supers[index];
    }

    boolean isFinal(int index) {
        return finals[index];
    }

    /**
     * Ends the group that began at index {@code start}: interns it and makes its indices canonical. Every reference in
     * it must be below {@link #count} and every supertype below its subtype: the decoder has checked that.
     */
    void closeGroup(int start) {
        IntList shape = new IntList();
        List<DefType> outside = new ArrayList<>();
        for (int i = start; i < count; i++) {
            shape.add(finals[i] ? 1 : 0);
            shape.add(supers[i] == NO_SUPER ? RecGroup.NO_SUPER : number(supers[i], start, outside));
            shape.add(kinds[i]);
            shape.add(first[i].length);
            if (kinds[i] == RecGroup.KIND_FUNC) {
                shape.add(results[i].length);
            }
            addCodes(shape, first[i], start, outside);
            addCodes(shape, results[i], start, outside);
        }
        RecGroup group = RecGroup.of(new RecGroup.Key(shape.toArray(), outside.toArray(new DefType[0])), count - start);
        Integer same = starts.putIfAbsent(group, start);
        for (int i = start; i < count; i++) {
            defs[i] = group.types[i - start];
            if (same != null) {
                int equal = same + (i - start);
                canonical[i] = equal;
                first[i] = first[equal];
                results[i] = results[equal];
            }
        }
    }

    private void addCodes(IntList shape, int[] codes, int start, List<DefType> outside) {
        for (int code : codes) {
            if (TypeCode.isConcrete(code)) {
                int heap = TypeCode.heap(code);
                code = code - heap + number(heap, start, outside);
            }
            shape.add(code);
        }
    }

    private int number(int index, int start, List<DefType> outside) {
        if (index >= start) {
            return RecGroup.INSIDE | (index - start);
        }
        outside.add(defs[index]);
        return RecGroup.OUTSIDE | (outside.size() - 1);
    }
}
