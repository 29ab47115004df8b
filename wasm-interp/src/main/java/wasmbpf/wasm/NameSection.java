package wasmbpf.wasm;

import java.util.HashMap;

/**
 * The names that a module's name section gives its functions, locals and so on (appendix 7.4, and the
 * extended-name-section proposal). Nothing in it can make a module invalid: reading stops at the first byte that
 * makes no sense, and keeps what was read before. Not thread-safe.
 */
final class NameSection {
    private static final int FUNCTIONS = 1;
    private static final int LOCALS = 2;
    private static final int TYPES = 4;
    private static final int TABLES = 5;
    private static final int MEMORIES = 6;
    private static final int GLOBALS = 7;
    private static final int TAGS = 11;

    private final HashMap<Integer, String> functions = new HashMap<>();
    private final HashMap<Integer, String> globals = new HashMap<>();
    private final HashMap<Integer, String> types = new HashMap<>();
    private final HashMap<Integer, String> tables = new HashMap<>();
    private final HashMap<Integer, String> memories = new HashMap<>();
    private final HashMap<Integer, String> tags = new HashMap<>();
    /** By function and local. */
    private final HashMap<Long, String> locals = new HashMap<>();

    /** @param withAll also reads what only listings show: everything but the names of functions */
    NameSection(WasmModule module, boolean withAll) {
        for (CustomSection section : module.customSections()) {
            if (section.name().equals("name")) {
                WasmReader in = new WasmReader(module.name(), module.bytes());
                in.pos = section.start();
                in.end = section.start() + section.length();
                try {
                    read(in, withAll);
                } catch (MalformedException e) {
                    // Names are only hints: what was read so far is good.
                    break;
                }
            }
        }
        addLinkNames(module);
    }

    /** Functions and tags without a name are known by how they are exported, or else imported. */
    private void addLinkNames(WasmModule module) {
        for (Export export : module.exports()) {
            if (export.kind() == ExternKind.FUNC) {
                functions.putIfAbsent(export.index(), export.name());
            } else if (export.kind() == ExternKind.TAG) {
                tags.putIfAbsent(export.index(), export.name());
            }
        }
        int function = 0;
        int tag = 0;
        for (Import wanted : module.imports()) {
            if (wanted.type().kind() == ExternKind.FUNC) {
                functions.putIfAbsent(function++, wanted.module() + "." + wanted.name());
            } else if (wanted.type().kind() == ExternKind.TAG) {
                tags.putIfAbsent(tag++, wanted.module() + "." + wanted.name());
            }
        }
    }

    /** Null if it has none, or one of no characters, which would tell nobody anything. */
    String function(int index) {
        String name = functions.get(index);
        return name == null || name.isEmpty() ? null : name;
    }

    String local(int function, int local) {
        return locals.get((long) function << 32 | local);
    }

    String global(int index) {
        return globals.get(index);
    }

    String type(int index) {
        return types.get(index);
    }

    String table(int index) {
        return tables.get(index);
    }

    String memory(int index) {
        return memories.get(index);
    }

    String tag(int index) {
        return tags.get(index);
    }

    private void read(WasmReader in, boolean withAll) {
        int sectionEnd = in.end;
        while (in.pos < sectionEnd) {
            in.end = sectionEnd;
            int id = in.u8();
            int size = in.index();
            if (size > in.remaining()) {
                return;
            }
            int next = in.pos + size;
            in.end = next;
            switch (withAll || id == FUNCTIONS ? id : 0) {
                case FUNCTIONS -> readMap(in, functions);
                case GLOBALS -> readMap(in, globals);
                case TYPES -> readMap(in, types);
                case TABLES -> readMap(in, tables);
                case MEMORIES -> readMap(in, memories);
                case TAGS -> readMap(in, tags);
                case LOCALS -> {
                    for (int n = in.index(); n > 0; n--) {
                        long function = in.index();
                        for (int k = in.index(); k > 0; k--) {
                            long local = in.index();
                            locals.put(function << 32 | local, in.name());
                        }
                    }
                }
                default -> {
                }
            }
            in.pos = next;
        }
    }

    private static void readMap(WasmReader in, HashMap<Integer, String> names) {
        for (int n = in.index(); n > 0; n--) {
            int index = in.index();
            names.put(index, in.name());
        }
    }
}
