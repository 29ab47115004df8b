package wasmbpf.core;

import wasmbpf.btf.Btf;
import wasmbpf.btf.EssentialName;

/** Comparing a name of the object with a name of the kernel, without the flavour suffix of either. */
final class Names {
    private static final byte[] EMPTY = {};

    private Names() {
    }

    static boolean isEmpty(Btf btf, int nameOffset) {
        return nameOffset == 0 || btf.stringEquals(nameOffset, EMPTY);
    }

    /** {@code bpf_core_names_match}: the essential names are equal, or there is none on both sides. */
    static boolean match(Btf local, int localName, Btf target, int targetName, WorkBudget budget) {
        if (isEmpty(target, targetName)) {
            return isEmpty(local, localName);
        }
        return !isEmpty(local, localName) && match(essence(local, localName), target, targetName, budget);
    }

    /** The same with the local name taken out once, see {@link #essence}; it is not empty. */
    static boolean match(byte[] localEssence, Btf target, int targetName, WorkBudget budget) {
        budget.spendOn(localEssence);
        return targetName != 0 && target.essentialNameEquals(targetName, localEssence);
    }

    static boolean eitherEmptyOrSameEssence(Btf local, int localName, Btf target, int targetName, WorkBudget budget) {
        return isEmpty(local, localName) || isEmpty(target, targetName)
                || match(local, localName, target, targetName, budget);
    }

    /** The essential name as {@link Btf#essentialNameEquals} compares it. */
    static byte[] essence(Btf local, int localName) {
        return Btf.encodeName(EssentialName.of(local.string(localName)));
    }
}
