package wasmbpf.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;

/**
 * The few of a kernel's types that some objects' CO-RE relocations need: bpftool's {@code gen min_core_btf}, type for type
 * but where several types of a name fit: bpftool keeps the first, and a later relocation may need another.
 * Composites keep only the members that are asked for; what is behind a pointer is left out where nothing asks for it, and
 * the pointer then points at void. Relocating the objects against the result gives what relocating against the whole does.
 */
public final class MinimalBtf {
    private final Btf kernel;
    private final CandidateIndex targets;
    private final BitSet types = new BitSet();
    private final Map<Integer, BitSet> members = new HashMap<>();

    /** @param kernel the whole; not split */
    public MinimalBtf(Btf kernel) {
        this.kernel = kernel;
        this.targets = new CandidateIndex(List.of(kernel));
    }

    /**
     * Marks what an object's relocations need. What the kernel does not have is no error.
     *
     * @param local       the object's BTF
     * @param relocations all of the object, in the order of the file
     * @throws CoreException if a relocation is damaged or ambiguous
     */
    public void add(Btf local, List<CoreRelo> relocations) {
        CoreRelocator relocator = new CoreRelocator(local, targets);
        for (CoreRelo relocation : relocations) {
            for (AccessSpec target : relocator.targets(relocation)) {
                add(relocation.kind(), target);
            }
        }
    }

    private void add(ReloKind kind, AccessSpec target) {
        switch (kind) {
            case FIELD_BYTE_OFFSET, FIELD_BYTE_SIZE, FIELD_EXISTS, FIELD_SIGNED, FIELD_LSHIFT_U64, FIELD_RSHIFT_U64 ->
                    field(target);
            case TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE -> mark(target.rootTypeId(), true);
            case TYPE_MATCHES -> markMatch(target.rootTypeId(), false);
            case ENUMVAL_EXISTS, ENUMVAL_VALUE -> mark(target.rootTypeId(), false);
            case TYPE_ID_LOCAL -> { }
        }
    }

    private void field(AccessSpec target) {
        int id = target.rootTypeId();
        mark(id, true);
        for (int i = 1; i < target.rawLength(); i++) {
            while (id != 0 && isModifierOrTypedef(kernel.kind(id))) {
                id = kernel.sizeOrType(id);
            }
            switch (kernel.kind(id)) {
                case STRUCT, UNION -> {
                    int index = target.raw(i);
                    member(id, index);
                    id = kernel.memberTypeId(id, index);
                    mark(id, false);
                }
                case ARRAY -> id = kernel.arrayElementTypeId(id);
                default -> throw new CoreException("a field of " + AccessSpec.typeText(kernel, id) + ", which has none");
            }
        }
    }

    private static boolean isModifierOrTypedef(BtfKind kind) {
        return switch (kind) {
            case CONST, VOLATILE, RESTRICT, TYPE_TAG, TYPEDEF -> true;
            default -> false;
        };
    }

    private void member(int compositeId, int index) {
        members.computeIfAbsent(compositeId, _ -> new BitSet()).set(index);
    }

    /** bpftool's btfgen_mark_type. */
    private void mark(int typeId, boolean followPointers) {
        // A worklist: pointers that are followed can lead far.
        List<Integer> todo = new ArrayList<>(List.of(typeId));
        while (!todo.isEmpty()) {
            int id = todo.removeLast();
            // Seen before without its pointers followed, it may have more to give.
            if (id == 0 || types.get(id) && !followPointers) {
                continue;
            }
            boolean seen = types.get(id);
            types.set(id);
            switch (kernel.kind(id)) {
                case PTR -> {
                    if (followPointers && (!seen || !types.get(kernel.sizeOrType(id)))) {
                        todo.add(kernel.sizeOrType(id));
                    }
                }
                case CONST, RESTRICT, VOLATILE, TYPEDEF, TYPE_TAG -> {
                    if (!seen || followPointers) {
                        todo.add(kernel.sizeOrType(id));
                    }
                }
                case ARRAY -> {
                    if (!seen || followPointers) {
                        todo.add(kernel.arrayElementTypeId(id));
                        todo.add(kernel.arrayIndexTypeId(id));
                    }
                }
                default -> { }
            }
        }
    }

    /** A type, and whether a pointer led to it: then a composite's members do not count. */
    private record Matched(int id, boolean behindPointer) {
    }

    /** bpftool's btfgen_mark_type_match. */
    private void markMatch(int typeId, boolean behindPointer) {
        List<Matched> todo = new ArrayList<>(List.of(new Matched(typeId, behindPointer)));
        java.util.Set<Matched> done = new java.util.HashSet<>();
        while (!todo.isEmpty()) {
            Matched next = todo.removeLast();
            int id = next.id();
            if (id == 0 || !done.add(next)) {
                continue;
            }
            types.set(id);
            switch (kernel.kind(id)) {
                case STRUCT, UNION -> {
                    for (int i = 0; !next.behindPointer() && i < kernel.vlen(id); i++) {
                        member(id, i);
                        todo.add(new Matched(kernel.memberTypeId(id, i), false));
                    }
                }
                case CONST, RESTRICT, TYPEDEF, VOLATILE, TYPE_TAG ->
                        todo.add(new Matched(kernel.sizeOrType(id), next.behindPointer()));
                case PTR -> todo.add(new Matched(kernel.sizeOrType(id), true));
                case ARRAY -> {
                    todo.add(new Matched(kernel.arrayElementTypeId(id), false));
                    todo.add(new Matched(kernel.arrayIndexTypeId(id), false));
                }
                case FUNC_PROTO -> {
                    todo.add(new Matched(kernel.sizeOrType(id), false));
                    for (int i = 0; i < kernel.vlen(id); i++) {
                        todo.add(new Matched(kernel.paramTypeId(id, i), false));
                    }
                }
                default -> { }
            }
        }
    }

    /** The blob: marked types in the kernel's order, renumbered. */
    public byte[] toBytes() {
        Map<Integer, Integer> newIds = new HashMap<>();
        int next = 1;
        for (int id = types.nextSetBit(1); id > 0; id = types.nextSetBit(id + 1)) {
            newIds.put(id, next++);
        }
        BtfWriter writer = BtfWriter.empty(kernel.order());
        for (int id = types.nextSetBit(1); id > 0; id = types.nextSetBit(id + 1)) {
            writer.add(renumbered(id, newIds));
        }
        return writer.toBytes();
    }

    private BtfType renumbered(int id, Map<Integer, Integer> ids) {
        return switch (kernel.type(id)) {
            case BtfType.Struct t -> {
                List<BtfType.Member> kept = kept(t.members(), id, ids);
                yield new BtfType.Struct(t.name(), t.sizeBytes(), hasBitfield(kept), kept);
            }
            case BtfType.Union t -> {
                List<BtfType.Member> kept = kept(t.members(), id, ids);
                yield new BtfType.Union(t.name(), t.sizeBytes(), hasBitfield(kept), kept);
            }
            case BtfType.Ptr t -> new BtfType.Ptr(of(ids, t.typeId()));
            case BtfType.Array t -> new BtfType.Array(of(ids, t.elementTypeId()), of(ids, t.indexTypeId()), t.count());
            case BtfType.Typedef t -> new BtfType.Typedef(t.name(), of(ids, t.typeId()));
            case BtfType.Const t -> new BtfType.Const(of(ids, t.typeId()));
            case BtfType.Volatile t -> new BtfType.Volatile(of(ids, t.typeId()));
            case BtfType.Restrict t -> new BtfType.Restrict(of(ids, t.typeId()));
            case BtfType.TypeTag t -> new BtfType.TypeTag(t.name(), of(ids, t.typeId()), t.kindFlag());
            case BtfType.FuncProto t -> new BtfType.FuncProto(of(ids, t.returnTypeId()), t.params().stream()
                    .map(each -> new BtfType.Param(each.name(), of(ids, each.typeId()))).toList());
            case BtfType other -> other;
        };
    }

    private static int of(Map<Integer, Integer> ids, int id) {
        return ids.getOrDefault(id, 0);
    }

    private static boolean hasBitfield(List<BtfType.Member> members) {
        return members.stream().anyMatch(each -> each.isBitfield() || (each.bitOffset() & 7) != 0);
    }

    private List<BtfType.Member> kept(List<BtfType.Member> all, int id, Map<Integer, Integer> ids) {
        BitSet wanted = members.getOrDefault(id, new BitSet());
        List<BtfType.Member> kept = new ArrayList<>();
        for (int i = wanted.nextSetBit(0); i >= 0; i = wanted.nextSetBit(i + 1)) {
            BtfType.Member member = all.get(i);
            kept.add(new BtfType.Member(member.name(), of(ids, member.typeId()), member.bitOffset(), member.bitfieldSize()));
        }
        return kept;
    }
}
