package wasmbpf.btf;

import java.util.Arrays;

/**
 * Which types C wants defined before another, and in what order. A struct needs the full definition of what it embeds,
 * but only a forward declaration of what it points to, unless the thing pointed to is anonymous and so is defined in
 * line. Chains through a pointer to a named type are therefore weak, all others strong; the order is a depth-first walk
 * along the strong ones. Same order as libbpf {@code btf_dump_order_type}, so that headers can be compared.
 *
 * <p>Recursive, because what a type needs depends on the way one came; bounded by {@link #MAX_DEPTH}.
 */
final class DefinitionOrder {
    /** Real kernels need about 60. */
    private static final int MAX_DEPTH = 512;

    private static final byte OPEN = 1;
    private static final byte DONE = 2;

    private final Btf btf;
    private final byte[] state;
    private final boolean[] referenced;
    private int[] queue = new int[16];
    private int queued;
    private long steps;

    DefinitionOrder(Btf btf) {
        this.btf = btf;
        this.state = new byte[btf.typeCount()];
        this.referenced = References.of(btf);
        state[0] = DONE;
    }

    /** The types to define, in order, so that {@code id} can be used; those of earlier calls are left out. */
    int[] definitionsFor(int id) {
        queued = 0;
        strong(id, false, 0);
        return Arrays.copyOf(queue, queued);
    }

    /** Whether whoever refers to {@code id} needs its definition first. */
    private boolean strong(int id, boolean throughPointer, int depth) {
        if (state[id] == DONE) {
            return true;
        }
        BtfKind kind = btf.kind(id);
        boolean named = btf.nameOffset(id) != 0;
        if (state[id] == OPEN) {
            if ((kind == BtfKind.STRUCT || kind == BtfKind.UNION) && throughPointer && named) {
                return false;
            }
            throw btf.error(id, "contains itself");
        }
        if (++steps > stepLimit(btf)) {
            throw btf.error(id, "declarations are nested without end");
        }
        if (depth == MAX_DEPTH) {
            throw btf.error(id, "declarations are nested more than " + MAX_DEPTH + " deep");
        }
        return switch (kind) {
            case INT, FLOAT, FUNC, VAR, DATASEC, DECL_TAG -> {
                state[id] = DONE;
                yield false;
            }
            case PTR -> {
                boolean strong = strong(checked(id, btf.sizeOrType(id)), true, depth + 1);
                state[id] = DONE;
                yield strong;
            }
            case ARRAY -> strong(checked(id, btf.arrayElementTypeId(id)), false, depth + 1);
            case VOLATILE, CONST, RESTRICT, TYPE_TAG -> strong(checked(id, btf.sizeOrType(id)), throughPointer, depth + 1);
            case STRUCT, UNION -> {
                if (throughPointer && named) {
                    yield false;
                }
                state[id] = OPEN;
                int members = btf.vlen(id);
                for (int i = 0; i < members; i++) {
                    strong(checked(id, btf.memberTypeId(id, i)), false, depth + 1);
                }
                yield define(id, named);
            }
            // An anonymous enum that nobody refers to declares constants: it stands alone.
            case ENUM, ENUM64, FWD -> define(id, named || !referenced[id]);
            case TYPEDEF -> {
                boolean strong = strong(checked(id, btf.sizeOrType(id)), throughPointer, depth + 1);
                yield (strong || !throughPointer) && define(id, true);
            }
            case FUNC_PROTO -> {
                boolean strong = strong(checked(id, btf.sizeOrType(id)), throughPointer, depth + 1);
                int params = btf.vlen(id);
                for (int i = 0; i < params; i++) {
                    strong |= strong(checked(id, btf.paramTypeId(id, i)), throughPointer, depth + 1);
                }
                yield strong;
            }
            case UNKN -> throw btf.error(id, "has no C declaration");
        };
    }

    /**
     * Most steps of a walk over all types that passes through some more than once: types that are parameters of
     * parameters of parameters can be reached in exponentially many ways. A 6.18 kernel needs 1.2 a type.
     */
    static long stepLimit(Btf btf) {
        return 100_000 + 16L * btf.typeCount();
    }

    private boolean define(int id, boolean standsAlone) {
        if (standsAlone) {
            if (queued == queue.length) {
                queue = Arrays.copyOf(queue, queued * 2);
            }
            queue[queued++] = id;
        }
        state[id] = DONE;
        return true;
    }

    private int checked(int id, int referencedId) {
        if (referencedId < 0 || referencedId >= btf.typeCount()) {
            throw btf.error(id, "refers to type " + Integer.toUnsignedString(referencedId) + " of " + btf.typeCount());
        }
        return referencedId;
    }
}
