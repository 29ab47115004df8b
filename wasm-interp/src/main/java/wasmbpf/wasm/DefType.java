package wasmbpf.wasm;

/**
 * A defined type, the same object for every equal type in every module of this process, so equality is {@code ==}.
 * Two types are equal when they stand at the same place of equal recursion groups (iso-recursive equality,
 * WebAssembly 3.0 section 3.1.3); {@link RecGroup} does the interning. Subtyping costs one array access: each type
 * knows its chain of supertypes by depth.
 */
public final class DefType {
    /** Deepest allowed chain of supertypes; the bound of the JavaScript API. */
    static final int MAX_DEPTH = 63;

    private final RecGroup group;
    private final int index;
    private final boolean isFinal;
    /** chain[d] is the supertype at depth d; the last one is this type. */
    private final DefType[] chain;
    private CompType comp;
    private HeapType heap;
    private Layout layout;

    DefType(RecGroup group, int index, boolean isFinal, DefType supertype) {
        this.group = group;
        this.index = index;
        this.isFinal = isFinal;
        int depth = supertype == null ? 0 : supertype.chain.length;
        DefType[] chain = new DefType[depth + 1];
        if (supertype != null) {
            System.arraycopy(supertype.chain, 0, chain, 0, depth);
        }
        chain[depth] = this;
        this.chain = chain;
    }

    /** Set once by {@link RecGroup}, before anyone else sees the type: types of a group may refer to each other. */
    void setComp(CompType comp) {
        this.comp = comp;
    }

    /** The structure: function, struct or array type. */
    public CompType comp() {
        return comp;
    }

    /** The function type. @throws IllegalStateException if it is a struct or an array */
    public FuncType func() {
        if (comp instanceof FuncType type) {
            return type;
        }
        throw new IllegalStateException("not a function type: " + this);
    }

    public boolean isFinal() {
        return isFinal;
    }

    /** How many supertypes it has, transitively. */
    public int depth() {
        return chain.length - 1;
    }

    /** The declared supertype, or null. */
    public DefType supertype() {
        return chain.length > 1 ? chain[chain.length - 2] : null;
    }

    /** Reflexive and transitive. */
    public boolean isSubtypeOf(DefType other) {
        int depth = other.chain.length - 1;
        return this == other || depth < chain.length && chain[depth] == other;
    }

    /** The abstract heap type (as in {@link TypeCode}) just above it: func, struct or array. */
    int kindCode() {
        return comp.kindCode();
    }

    /** How arguments and results of a function type lie in frames. */
    Layout layout() {
        Layout layout = this.layout;
        if (layout == null) {
            this.layout = layout = Layout.of(func());
        }
        return layout;
    }

    /** As the target of a reference. */
    public HeapType heap() {
        HeapType type = heap;
        if (type == null) {
            heap = type = new HeapType(this);
        }
        return type;
    }

    RecGroup group() {
        return group;
    }

    /** As {@code func#1a2b.0}: a recursive type has no finite text, so this only tells types apart. */
    @Override
    public String toString() {
        return HeapType.abstractType(kindCode()) + "#" + Integer.toHexString(System.identityHashCode(group)) + "."
                + index;
    }

    /** The final type of this structure that is alone in its group, as {@code (type (func ...))} declares it. */
    static DefType of(FuncType type) {
        ModuleTypes types = new ModuleTypes();
        types.addFunc(codes(type.params()), codes(type.results()), ModuleTypes.NO_SUPER, true);
        types.closeGroup(0);
        return types.def(0);
    }

    private static int[] codes(java.util.List<ValType> types) {
        int[] codes = new int[types.size()];
        for (int i = 0; i < codes.length; i++) {
            if (types.get(i).isRef() && types.get(i).heap().def() != null) {
                throw new IllegalArgumentException("host types cannot name defined types: " + types.get(i));
            }
            codes[i] = types.get(i).code();
        }
        return codes;
    }
}
