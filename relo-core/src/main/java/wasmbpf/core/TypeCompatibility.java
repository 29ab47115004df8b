package wasmbpf.core;

import static wasmbpf.core.AccessSpec.isEnumeration;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;

/**
 * Whether a type of the object may stand for a type of the kernel. Two rules, both without regard to sizes: for whole
 * types (type_exists, type_size, type_id_target) and for the field that an access ends in.
 */
public final class TypeCompatibility {
    private static final int MAX_DEPTH = 32;

    private final Btf local;
    private final Btf target;
    private final WorkBudget budget;

    private TypeCompatibility(Btf local, Btf target, WorkBudget budget) {
        this.local = local;
        this.target = target;
        this.budget = budget;
    }

    /** The same kind, or an enum of either width: {@code btf_kind_core_compat}. */
    static boolean kindsCompatible(BtfKind a, BtfKind b) {
        return a == b || isEnumeration(a) && isEnumeration(b);
    }

    /**
     * {@code bpf_core_types_are_compat}: beyond the root's name, which the caller has compared, names do not matter;
     * pointers, arrays and functions are followed, structs are not looked into.
     *
     * @throws CoreException if the types nest deeper than 32
     */
    static boolean typesAreCompatible(Btf local, int localId, Btf target, int targetId, WorkBudget budget) {
        return new TypeCompatibility(local, target, budget).types(localId, targetId, MAX_DEPTH);
    }

    /**
     * As above for a single pair: whether a {@code __ksym} extern of that local type may stand for the kernel's.
     *
     * @throws CoreException if the types nest deeper than 32
     */
    public static boolean typesAreCompatible(Btf local, int localId, Btf target, int targetId) {
        return typesAreCompatible(local, localId, target, targetId, new WorkBudget(WorkBudget.DEFAULT_STEPS));
    }

    private boolean types(int localRoot, int targetRoot, int level) {
        int localId = localRoot;
        int targetId = targetRoot;
        if (!kindsCompatible(local.kind(localId), target.kind(targetId))) {
            return false;
        }
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            budget.spend(1);
            localId = TypeChain.skipModsAndTypedefs(local, localId);
            targetId = TypeChain.skipModsAndTypedefs(target, targetId);
            BtfKind kind = local.kind(localId);
            if (!kindsCompatible(kind, target.kind(targetId))) {
                return false;
            }
            switch (kind) {
                case STRUCT, UNION, ENUM, FWD, ENUM64 -> {
                    return true;
                }
                case UNKN -> {
                    return localId == 0 && targetId == 0;
                }
                case INT -> {
                    return intsAreWhole(localId, targetId);
                }
                case PTR -> {
                    localId = local.sizeOrType(localId);
                    targetId = target.sizeOrType(targetId);
                }
                case ARRAY -> {
                    localId = local.arrayElementTypeId(localId);
                    targetId = target.arrayElementTypeId(targetId);
                }
                case FUNC_PROTO -> {
                    if (!paramsAreCompatible(localId, targetId, level)) {
                        return false;
                    }
                    localId = local.sizeOrType(localId);
                    targetId = target.sizeOrType(targetId);
                }
                case TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, VAR, DATASEC, FLOAT, DECL_TAG, TYPE_TAG -> {
                    return false;
                }
            }
        }
        throw new CoreException("its types nest deeper than " + MAX_DEPTH);
    }

    private boolean paramsAreCompatible(int localId, int targetId, int level) {
        int n = local.vlen(localId);
        if (n != target.vlen(targetId)) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if (level <= 0) {
                throw new CoreException("its types nest deeper than " + MAX_DEPTH);
            }
            int localParam = TypeChain.skipModsAndTypedefs(local, local.paramTypeId(localId, i));
            int targetParam = TypeChain.skipModsAndTypedefs(target, target.paramTypeId(targetId, i));
            if (!types(localParam, targetParam, level - 1)) {
                return false;
            }
        }
        return true;
    }

    /**
     * {@code bpf_core_fields_are_compat}: composites of any kind, pointers and floats fit each other; enums and forward
     * declarations by essential name, if both have one; arrays by element.
     */
    static boolean fieldsAreCompatible(Btf local, int localRoot, Btf target, int targetRoot, WorkBudget budget) {
        return new TypeCompatibility(local, target, budget).fields(localRoot, targetRoot);
    }

    private boolean fields(int localRoot, int targetRoot) {
        int localId = localRoot;
        int targetId = targetRoot;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            budget.spend(1);
            localId = TypeChain.skipModsAndTypedefs(local, localId);
            targetId = TypeChain.skipModsAndTypedefs(target, targetId);
            BtfKind kind = local.kind(localId);
            BtfKind targetKind = target.kind(targetId);
            if (AccessSpec.isComposite(kind) && AccessSpec.isComposite(targetKind)) {
                return true;
            }
            if (!kindsCompatible(kind, targetKind)) {
                return false;
            }
            switch (kind) {
                case PTR, FLOAT -> {
                    return true;
                }
                case FWD, ENUM, ENUM64 -> {
                    return Names.eitherEmptyOrSameEssence(local, local.nameOffset(localId),
                            target, target.nameOffset(targetId), budget);
                }
                case INT -> {
                    return intsAreWhole(localId, targetId);
                }
                case ARRAY -> {
                    localId = local.arrayElementTypeId(localId);
                    targetId = target.arrayElementTypeId(targetId);
                }
                case UNKN, STRUCT, UNION, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FUNC_PROTO, VAR, DATASEC, DECL_TAG,
                        TYPE_TAG -> {
                    return false;
                }
            }
        }
        throw new CoreException("its field is an array of arrays deeper than " + MAX_DEPTH);
    }

    /** Old compilers wrote bit fields as INTs that start at a bit of their own: those cannot be relocated. */
    private boolean intsAreWhole(int localId, int targetId) {
        return local.intBitOffset(localId) == 0 && target.intBitOffset(targetId) == 0;
    }

    /** Signed and nothing else, {@code encoding == BTF_INT_SIGNED}: what may not be loaded at another size. */
    static boolean isPlainSigned(Btf btf, int intId) {
        return btf.intEncoding(intId) == BtfType.Int.SIGNED;
    }
}
