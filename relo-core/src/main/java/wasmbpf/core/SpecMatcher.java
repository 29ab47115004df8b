package wasmbpf.core;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.EssentialName;
import wasmbpf.btf.TypeChain;

/**
 * Finds in a candidate type of the kernel what a relocation means in the object: libbpf {@code bpf_core_spec_match}.
 *
 * <p>One difference, on purpose. Looking for a member goes into anonymous structs and unions; when one of them has a
 * member of that name but of a type that does not fit, libbpf goes on searching behind it with a bit offset that still
 * counts the way into it. Here the way out is the way in, so the offset is right.
 */
final class SpecMatcher {
    /** No type: a failed search. Void, 0, is a type. */
    private static final int NONE = -1;

    private final AccessSpec local;
    private final AccessSpec spec;
    private final Btf target;
    private final WorkBudget budget;

    private SpecMatcher(AccessSpec local, Btf target, int targetId, WorkBudget budget) {
        this.local = local;
        this.target = target;
        this.spec = new AccessSpec(target, targetId, local.kind());
        this.budget = budget;
    }

    /**
     * The same access in the candidate, or null if the candidate does not have it.
     *
     * @throws CoreException if either side nests too deep
     */
    static AccessSpec match(AccessSpec local, Btf target, int targetId, WorkBudget budget) {
        SpecMatcher matcher = new SpecMatcher(local, target, targetId, budget);
        ReloKind kind = local.kind();
        boolean matches;
        if (kind == ReloKind.TYPE_MATCHES) {
            matches = TypeMatcher.typesMatch(local.btf(), local.rootTypeId(), target, targetId, budget);
        } else if (kind.isTypeBased()) {
            matches = TypeCompatibility.typesAreCompatible(local.btf(), local.rootTypeId(), target, targetId, budget);
        } else if (kind.isEnumvalBased()) {
            matches = matcher.matchEnumerator(targetId);
        } else {
            matches = matcher.matchField(targetId);
        }
        return matches ? matcher.spec : null;
    }

    private boolean matchEnumerator(int targetRoot) {
        int enumId = TypeChain.skipModsAndTypedefs(target, targetRoot);
        if (!AccessSpec.isEnumeration(target.kind(enumId))) {
            return false;
        }
        String localName = local.accessor(0).name();
        byte[] name = Btf.encodeName(EssentialName.of(localName));
        for (int i = 0, n = target.vlen(enumId); i < n; i++) {
            int nameOffset = target.enumeratorNameOffset(enumId, i);
            if (Names.match(name, target, nameOffset, budget)) {
                spec.push(new AccessSpec.Accessor(enumId, i, target.string(nameOffset)));
                spec.pushRaw(i, 0);
                return true;
            }
        }
        return false;
    }

    private boolean matchField(int targetRoot) {
        int id = targetRoot;
        for (int i = 0; i < local.length(); i++) {
            AccessSpec.Accessor accessor = local.accessor(i);
            id = TypeChain.skipModsAndTypedefs(target, id);
            if (!accessor.isElement()) {
                id = matchMember(accessor, Btf.encodeName(accessor.name()), id);
            } else {
                // The root is taken for an element already: a pointer to it may point into an array.
                if (i > 0) {
                    id = elementOf(id, accessor.index());
                }
                if (id != NONE) {
                    spec.push(new AccessSpec.Accessor(id, accessor.index(), null));
                    spec.pushElement(accessor.index(), BtfLayout.sizeOf(target, id));
                }
            }
            if (id == NONE) {
                return false;
            }
        }
        return true;
    }

    private int elementOf(int arrayId, int index) {
        if (target.kind(arrayId) != BtfKind.ARRAY) {
            return NONE;
        }
        if (index >= target.arrayCount(arrayId) && !AccessSpec.isFlexibleArray(target, spec.last(), arrayId)) {
            return NONE;
        }
        return AccessSpec.elementType(target, arrayId);
    }

    /**
     * The type of the member that bears the name, in the composite or in an anonymous one within; NONE if there is none
     * or it does not fit: the first of that name decides. {@code bpf_core_match_member}.
     */
    private int matchMember(AccessSpec.Accessor wanted, byte[] name, int root) {
        int compositeId = TypeChain.skipModsAndTypedefs(target, root);
        if (!AccessSpec.isComposite(target.kind(compositeId))) {
            return NONE;
        }
        budget.spend(target.vlen(compositeId));
        int next = 0;
        for (;;) {
            int i = target.nextMemberNamedOrAnonymous(compositeId, next, name);
            if (i < 0) {
                return NONE;
            }
            next = i + 1;
            int typeId = target.memberTypeId(compositeId, i);
            long bits = target.memberBitOffset(compositeId, i);
            spec.pushRaw(i, bits);
            if (Names.isEmpty(target, target.memberNameOffset(compositeId, i))) {
                int inner = matchMember(wanted, name, typeId);
                if (inner != NONE) {
                    return inner;
                }
                spec.popRaw(bits);
            } else {
                int localTypeId = local.btf().memberTypeId(wanted.typeId(), wanted.index());
                if (TypeCompatibility.fieldsAreCompatible(local.btf(), localTypeId, target, typeId, budget)) {
                    spec.push(new AccessSpec.Accessor(compositeId, i, wanted.name()));
                    return typeId;
                }
                spec.popRaw(bits);
                return NONE;
            }
        }
    }
}
