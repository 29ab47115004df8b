package wasmbpf.core;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;

/**
 * type_matches, the strict comparison: every member, enumerator and parameter of the object's type has to be in the
 * kernel's, of matching type; the kernel's may have more members and enumerators. Behind a pointer, structs need only
 * have the same name. libbpf {@code bpf_core_types_match}.
 */
final class TypeMatcher {
    private static final int MAX_DEPTH = 32;

    private final Btf local;
    private final Btf target;
    private final WorkBudget budget;

    private TypeMatcher(Btf local, Btf target, WorkBudget budget) {
        this.local = local;
        this.target = target;
        this.budget = budget;
    }

    /** @throws CoreException if the types nest deeper than 32 */
    static boolean typesMatch(Btf local, int localId, Btf target, int targetId, WorkBudget budget) {
        return new TypeMatcher(local, target, budget).types(localId, targetId, false, MAX_DEPTH);
    }

    private boolean types(int localRoot, int targetRoot, boolean pointedTo, int level) {
        if (level <= 0) {
            throw new CoreException("its types nest deeper than " + MAX_DEPTH);
        }
        int localId = localRoot;
        int targetId = targetRoot;
        boolean behindPointer = pointedTo;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            budget.spend(1);
            localId = TypeChain.skipModsAndTypedefs(local, localId);
            targetId = TypeChain.skipModsAndTypedefs(target, targetId);
            if (!Names.match(local, local.nameOffset(localId), target, target.nameOffset(targetId), budget)) {
                return false;
            }
            BtfKind kind = local.kind(localId);
            BtfKind targetKind = target.kind(targetId);
            switch (kind) {
                case UNKN -> {
                    return localId == 0 && targetId == 0;
                }
                case FWD -> {
                    return forwardMatches(localId, targetId, behindPointer);
                }
                case ENUM, ENUM64 -> {
                    return AccessSpec.isEnumeration(targetKind) && enumsMatch(localId, targetId);
                }
                case STRUCT, UNION -> {
                    if (behindPointer) {
                        return kind == targetKind || targetKind == BtfKind.FWD
                                && (kind == BtfKind.UNION) == target.kindFlag(targetId);
                    }
                    return kind == targetKind && membersMatch(localId, targetId, level);
                }
                case INT -> {
                    return targetKind == BtfKind.INT && local.sizeOrType(localId) == target.sizeOrType(targetId)
                            && isSigned(local, localId) == isSigned(target, targetId);
                }
                case PTR -> {
                    if (targetKind != BtfKind.PTR) {
                        return false;
                    }
                    behindPointer = true;
                    localId = local.sizeOrType(localId);
                    targetId = target.sizeOrType(targetId);
                }
                case ARRAY -> {
                    if (targetKind != BtfKind.ARRAY || local.arrayCount(localId) != target.arrayCount(targetId)) {
                        return false;
                    }
                    localId = local.arrayElementTypeId(localId);
                    targetId = target.arrayElementTypeId(targetId);
                }
                case FUNC_PROTO -> {
                    if (targetKind != BtfKind.FUNC_PROTO || !paramsMatch(localId, targetId, behindPointer, level)) {
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

    /** The kind flag of a FWD says whether it declares a union. */
    private boolean forwardMatches(int localId, int targetId, boolean behindPointer) {
        BtfKind targetKind = target.kind(targetId);
        boolean union = local.kindFlag(localId);
        if (targetKind == BtfKind.FWD) {
            return union == target.kindFlag(targetId);
        }
        return behindPointer && targetKind == (union ? BtfKind.UNION : BtfKind.STRUCT);
    }

    private static boolean isSigned(Btf btf, int intId) {
        return (btf.intEncoding(intId) & BtfType.Int.SIGNED) != 0;
    }

    private boolean enumsMatch(int localId, int targetId) {
        int n = local.vlen(localId);
        int targetCount = target.vlen(targetId);
        if (local.sizeOrType(localId) != target.sizeOrType(targetId) || n > targetCount) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            byte[] name = Names.essence(local, local.enumeratorNameOffset(localId, i));
            boolean found = false;
            for (int j = 0; j < targetCount && !found; j++) {
                found = Names.match(name, target, target.enumeratorNameOffset(targetId, j), budget);
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    private boolean membersMatch(int localId, int targetId, int level) {
        int n = local.vlen(localId);
        int targetCount = target.vlen(targetId);
        if (n > targetCount) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if (!memberMatches(localId, i, targetId, targetCount, level)) {
                return false;
            }
        }
        return true;
    }

    /** Several members of the kernel's type may bear the name (if it is ""): the first that matches will do. */
    private boolean memberMatches(int localId, int index, int targetId, int targetCount, int level) {
        int nameOffset = local.memberNameOffset(localId, index);
        boolean anonymous = Names.isEmpty(local, nameOffset);
        byte[] name = anonymous ? null : Names.essence(local, nameOffset);
        for (int j = 0; j < targetCount; j++) {
            int targetName = target.memberNameOffset(targetId, j);
            boolean sameName = anonymous
                    ? Names.isEmpty(target, targetName)
                    : Names.match(name, target, targetName, budget);
            if (sameName && types(local.memberTypeId(localId, index), target.memberTypeId(targetId, j), false,
                    level - 1)) {
                return true;
            }
        }
        return false;
    }

    private boolean paramsMatch(int localId, int targetId, boolean behindPointer, int level) {
        int n = local.vlen(localId);
        if (n != target.vlen(targetId)) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            if (!types(local.paramTypeId(localId, i), target.paramTypeId(targetId, i), behindPointer, level - 1)) {
                return false;
            }
        }
        return true;
    }
}
