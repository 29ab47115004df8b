package wasmbpf.btf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import wasmbpf.elf.FormatException;

/**
 * Sizes, alignments and member places of C types as BTF states or implies them: the one place where they are computed.
 * Offsets and sizes are stated by BTF; alignments are not, and are found as libbpf {@code btf__align_of} finds them.
 */
public final class BtfLayout {
    /** Composites within composites: a real kernel nests 20 deep, a damaged BTF may hold a struct within itself. */
    private static final int MAX_NESTING = 128;
    /** Members of one composite with those of anonymous ones in it; the largest of a kernel has 370. */
    private static final int MAX_MEMBERS = 1 << 17;

    private BtfLayout() {
    }

    /**
     * One named member of a composite, with those of its anonymous structs and unions in line (C11 6.7.2.1p13).
     *
     * @param bitOffset    from the start of the outermost composite
     * @param bitfieldSize bits, 0 if it is no bit field
     * @param sizeBytes    of its type; of a bit field, of the type it was declared with; 0 for a flexible array
     * @param anonymousIn  ids of the anonymous composites it lies in, outermost first; usually empty
     */
    public record Field(String name, int typeId, int bitOffset, int bitfieldSize, long sizeBytes,
                        List<Integer> anonymousIn) {
        public boolean isBitfield() {
            return bitfieldSize != 0;
        }

        /** The byte it starts in. */
        public int byteOffset() {
            return bitOffset >>> 3;
        }
    }

    /**
     * Bytes of a type, through typedefs, modifiers and arrays: libbpf {@code btf__resolve_size}.
     *
     * @throws FormatException if it has none (void, FWD, FUNC, FUNC_PROTO), is 4 GiB or more, or is a ring
     */
    public static long sizeOf(Btf btf, int id) {
        long size = sizeOrNegative(btf, id);
        if (size < 0) {
            throw btf.error(id, "has no size");
        }
        return size;
    }

    /** As {@link #sizeOf}, with -1 for every type that has no size. */
    public static long sizeOrNegative(Btf btf, int id) {
        final int next = -2;
        long count = 1;
        int current = id;
        for (int depth = 0; depth < TypeChain.MAX_DEPTH; depth++) {
            long size = switch (btf.kind(current)) {
                case INT, STRUCT, UNION, ENUM, ENUM64, DATASEC, FLOAT -> btf.sizeOrType(current) & 0xffffffffL;
                case PTR -> btf.pointerSize();
                case FWD, FUNC, FUNC_PROTO, UNKN -> -1;
                case TYPEDEF, VOLATILE, CONST, RESTRICT, VAR, DECL_TAG, TYPE_TAG -> {
                    current = btf.sizeOrType(current);
                    yield next;
                }
                case ARRAY -> {
                    long elements = btf.arrayCount(current);
                    boolean tooLarge = count != 0 && elements > 0xffffffffL / count;
                    count *= elements;
                    current = btf.arrayElementTypeId(current);
                    yield tooLarge ? -1 : next;
                }
            };
            if (size != next) {
                return size < 0 || count != 0 && size > 0xffffffffL / count ? -1 : count * size;
            }
        }
        return -1;
    }

    /**
     * Alignment in bytes that C gives the type; 1 for a struct or union that must have been packed. As in libbpf, no
     * type is aligned to more than a pointer is, so {@code __int128} and {@code __aligned(64)} come out as 8.
     *
     * @throws FormatException if it has none (void, FWD, FUNC, FUNC_PROTO, VAR, DATASEC), or nests without end
     */
    public static int alignOf(Btf btf, int id) {
        return align(btf, id, 0);
    }

    private static int align(Btf btf, int id, int nesting) {
        int current = id;
        for (int depth = 0; depth <= TypeChain.MAX_DEPTH; depth++) {
            switch (btf.kind(current)) {
                case INT, ENUM, ENUM64, FLOAT -> {
                    int size = btf.sizeOrType(current);
                    return size <= 0 ? size == 0 ? 1 : btf.pointerSize() : Math.min(btf.pointerSize(), size);
                }
                case PTR -> {
                    return btf.pointerSize();
                }
                case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG -> current = btf.sizeOrType(current);
                case ARRAY -> current = btf.arrayElementTypeId(current);
                case STRUCT, UNION -> {
                    return compositeAlign(btf, current, nesting);
                }
                case FWD, FUNC, FUNC_PROTO, UNKN, VAR, DATASEC, DECL_TAG -> throw btf.error(id, "has no alignment");
            }
        }
        throw btf.error(id, "chain of types is longer than " + TypeChain.MAX_DEPTH);
    }

    private static int compositeAlign(Btf btf, int id, int nesting) {
        int known = btf.cachedAlign(id);
        if (known != 0) {
            return known;
        }
        if (nesting == MAX_NESTING) {
            throw btf.error(id, "composites are nested more than " + MAX_NESTING + " deep");
        }
        int members = btf.vlen(id);
        int max = 1;
        boolean packed = false;
        for (int i = 0; i < members && !packed; i++) {
            int align = align(btf, btf.memberTypeId(id, i), nesting + 1);
            max = Math.max(max, align);
            packed = btf.memberBitfieldSize(id, i) == 0 && btf.memberBitOffset(id, i) % (8L * align) != 0;
        }
        packed |= (btf.sizeOrType(id) & 0xffffffffL) % max != 0;
        int align = packed ? 1 : max;
        btf.cacheAlign(id, align);
        return align;
    }

    /**
     * Whether a STRUCT or UNION must carry {@code __attribute__((packed))} for C to lay it out as BTF states: libbpf
     * {@code btf_is_struct_packed}. A packed struct whose members are all in their natural places does not show.
     */
    public static boolean isPacked(Btf btf, int id) {
        long size = btf.sizeOrType(id) & 0xffffffffL;
        int max = 1;
        int members = btf.vlen(id);
        for (int i = 0; i < members; i++) {
            int align = alignOf(btf, btf.memberTypeId(id, i));
            if (btf.memberBitfieldSize(id, i) == 0 && btf.memberBitOffset(id, i) % (8L * align) != 0) {
                return true;
            }
            max = Math.max(max, align);
        }
        return size % max != 0;
    }

    /**
     * The named members of a STRUCT or UNION in declaration order, those of anonymous composites in line. Unnamed bit
     * fields (padding) are left out. Named composites are one field each: ask again with their type id.
     *
     * @throws FormatException if it is no composite, or nests without end
     */
    public static List<Field> fields(Btf btf, int compositeId) {
        List<Field> fields = new ArrayList<>();
        collect(btf, compositeId, 0, List.of(), fields, 0);
        return Collections.unmodifiableList(fields);
    }

    /** Returns how many members were looked at so far: anonymous composites may be reached in 2^n ways. */
    private static int collect(Btf btf, int id, int base, List<Integer> anonymousIn, List<Field> fields, int looked) {
        if (!(btf.type(id) instanceof BtfType.Composite composite)) {
            throw btf.error(id, "has no members");
        }
        int seen = looked + 1;
        for (BtfType.Member member : composite.members()) {
            if (++seen > MAX_MEMBERS + btf.vlen(id) || anonymousIn.size() == MAX_NESTING) {
                throw btf.error(id, "composites are nested without end");
            }
            int offset = base + member.bitOffset();
            if (!member.name().isEmpty()) {
                fields.add(new Field(member.name(), member.typeId(), offset, member.bitfieldSize(),
                        Math.max(0, sizeOrNegative(btf, member.typeId())), anonymousIn));
                continue;
            }
            int target = TypeChain.skipModsAndTypedefs(btf, member.typeId());
            if (btf.kind(target) == BtfKind.STRUCT || btf.kind(target) == BtfKind.UNION) {
                List<Integer> inner = new ArrayList<>(anonymousIn);
                inner.add(target);
                seen = collect(btf, target, offset, List.copyOf(inner), fields, seen);
            }
        }
        return seen;
    }
}
