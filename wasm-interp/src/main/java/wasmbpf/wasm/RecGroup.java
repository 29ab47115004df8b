package wasmbpf.wasm;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.WeakHashMap;

/**
 * A recursion group, interned for the whole process: equal groups are one object and so are their types. The table
 * holds groups weakly; a group lives as long as some module or value uses one of its types.
 */
final class RecGroup {
    /** In a key, {@code INSIDE | n} stands for type n of the group itself, {@code OUTSIDE | n} for outside[n]. */
    static final int INSIDE = 0;
    static final int OUTSIDE = 1 << 23;
    private static final int NUMBER_MASK = OUTSIDE - 1;
    static final int NO_SUPER = -1;

    static final int KIND_FUNC = 0;
    static final int KIND_STRUCT = 1;
    static final int KIND_ARRAY = 2;

    private static final WeakHashMap<Key, WeakReference<RecGroup>> TABLE = new WeakHashMap<>();

    final Key key;
    final DefType[] types;

    private RecGroup(Key key, int count) {
        this.key = key;
        this.types = new DefType[count];
    }

    /**
     * The structure of a group as numbers: per type final flag, supertype, kind, then for a function the counts and
     * codes of its parameters and results, for a struct or array the count and codes of its fields. Codes are
     * {@link TypeCode}s in which the index of a defined type is replaced as described at {@link #INSIDE}.
     */
    static final class Key {
        /** Differs from run to run, so that no module can be written whose types all collide. */
        private static final int SEED = System.identityHashCode(new Object()) ^ (int) System.nanoTime();

        final int[] shape;
        final DefType[] outside;
        private final int hash;

        Key(int[] shape, DefType[] outside) {
            this.shape = shape;
            this.outside = outside;
            int hash = SEED;
            for (int word : shape) {
                hash = (hash ^ word) * 0x9E3779B1;
                hash ^= hash >>> 15;
            }
            for (DefType type : outside) {
                hash = (hash ^ System.identityHashCode(type)) * 0x9E3779B1;
                hash ^= hash >>> 15;
            }
            this.hash = hash;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object o) {
            if (!(o instanceof Key other) || hash != other.hash || outside.length != other.outside.length) {
                return false;
            }
            for (int i = 0; i < outside.length; i++) {
                if (outside[i] != other.outside[i]) {
                    return false;
                }
            }
            return Arrays.equals(shape, other.shape);
        }
    }

    /** The group with this structure. Supertypes come before subtypes, at most {@link DefType#MAX_DEPTH} deep. */
    static RecGroup of(Key key, int count) {
        synchronized (TABLE) {
            WeakReference<RecGroup> known = TABLE.get(key);
            RecGroup group = known == null ? null : known.get();
            if (group == null) {
                group = new RecGroup(key, count);
                group.build();
                // A put alone would keep the old, equal key, and with it the entry would vanish while this group lives.
                TABLE.remove(key);
                TABLE.put(group.key, new WeakReference<>(group));
            }
            return group;
        }
    }

    private void build() {
        int[] shape = key.shape;
        int at = 0;
        for (int i = 0; i < types.length; i++) {
            int supertype = shape[at + 1];
            types[i] = new DefType(this, i, shape[at] != 0, supertype == NO_SUPER ? null : type(supertype));
            at += 3;
            at += shape[at - 1] == KIND_FUNC ? 2 + shape[at] + shape[at + 1] : 1 + shape[at];
        }
        at = 0;
        for (DefType type : types) {
            int kind = shape[at + 2];
            at += 3;
            if (kind == KIND_FUNC) {
                int params = shape[at];
                int results = shape[at + 1];
                type.setComp(new FuncType(values(at + 2, params), values(at + 2 + params, results)));
                at += 2 + params + results;
            } else {
                int fields = shape[at++];
                type.setComp(kind == KIND_STRUCT ? new StructType(fields(at, fields))
                        : new ArrayType(field(shape[at])));
                at += fields;
            }
        }
    }

    private DefType type(int number) {
        return (number & OUTSIDE) != 0 ? key.outside[number & NUMBER_MASK] : types[number];
    }

    private List<ValType> values(int from, int count) {
        ValType[] values = new ValType[count];
        for (int i = 0; i < count; i++) {
            values[i] = value(key.shape[from + i]);
        }
        return List.of(values);
    }

    private List<FieldType> fields(int from, int count) {
        List<FieldType> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            fields.add(field(key.shape[from + i]));
        }
        return fields;
    }

    private FieldType field(int code) {
        return new FieldType(value(code & ~TypeCode.MUTABLE), (code & TypeCode.MUTABLE) != 0);
    }

    private ValType value(int code) {
        return TypeCode.isConcrete(code)
                ? ValType.ref(TypeCode.isNullable(code), type(TypeCode.heap(code)).heap())
                : ValType.of(code);
    }
}
