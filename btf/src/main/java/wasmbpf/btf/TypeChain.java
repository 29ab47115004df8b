package wasmbpf.btf;

import wasmbpf.elf.FormatException;

/** Walks through modifiers to the type they modify. Bounded at 32 steps, as in libbpf: a damaged chain may be a ring. */
public final class TypeChain {
    /** libbpf MAX_RESOLVE_DEPTH. */
    public static final int MAX_DEPTH = 32;

    private TypeChain() {
    }

    /** The type behind CONST, VOLATILE, RESTRICT and TYPE_TAG. */
    public static int skipMods(Btf btf, int id) {
        return skip(btf, id, false);
    }

    /** The type behind CONST, VOLATILE, RESTRICT, TYPE_TAG and TYPEDEF: libbpf {@code skip_mods_and_typedefs}. */
    public static int skipModsAndTypedefs(Btf btf, int id) {
        return skip(btf, id, true);
    }

    private static int skip(Btf btf, int id, boolean typedefs) {
        int current = id;
        for (int depth = 0; depth <= MAX_DEPTH; depth++) {
            BtfKind kind = btf.kind(current);
            if (!isModifier(kind) && !(typedefs && kind == BtfKind.TYPEDEF)) {
                return current;
            }
            current = btf.sizeOrType(current);
        }
        throw new FormatException(btf.file() + ": BTF type " + id + ": chain of modifiers is longer than " + MAX_DEPTH);
    }

    /** Whether it is CONST, VOLATILE, RESTRICT or TYPE_TAG. */
    public static boolean isModifier(BtfKind kind) {
        return kind == BtfKind.CONST || kind == BtfKind.VOLATILE || kind == BtfKind.RESTRICT
                || kind == BtfKind.TYPE_TAG;
    }
}
