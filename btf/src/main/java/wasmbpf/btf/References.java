package wasmbpf.btf;

/** Which types some other type refers to. */
final class References {
    private References() {
    }

    /** By id; ids that do not exist are passed over. */
    static boolean[] of(Btf btf) {
        boolean[] referenced = new boolean[btf.typeCount()];
        for (int id = 1; id < referenced.length; id++) {
            int n = btf.vlen(id);
            switch (btf.kind(id)) {
                case INT, ENUM, ENUM64, FWD, FLOAT, UNKN -> {
                }
                case PTR, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, VAR, DECL_TAG, TYPE_TAG ->
                        mark(referenced, btf.sizeOrType(id));
                case ARRAY -> {
                    mark(referenced, btf.arrayElementTypeId(id));
                    mark(referenced, btf.arrayIndexTypeId(id));
                }
                case STRUCT, UNION -> {
                    for (int i = 0; i < n; i++) {
                        mark(referenced, btf.memberTypeId(id, i));
                    }
                }
                case FUNC_PROTO -> {
                    mark(referenced, btf.sizeOrType(id));
                    for (int i = 0; i < n; i++) {
                        mark(referenced, btf.paramTypeId(id, i));
                    }
                }
                case DATASEC -> {
                    for (int i = 0; i < n; i++) {
                        mark(referenced, btf.variableTypeId(id, i));
                    }
                }
            }
        }
        return referenced;
    }

    private static void mark(boolean[] referenced, int id) {
        if (id >= 0 && id < referenced.length) {
            referenced[id] = true;
        }
    }
}
