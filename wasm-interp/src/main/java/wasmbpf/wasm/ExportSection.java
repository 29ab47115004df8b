package wasmbpf.wasm;

import java.util.HashSet;

/** Reads the export section: names, each once, and what they mean (section 5.5.10). */
final class ExportSection {
    private final ModuleDecoder module;
    private final WasmReader in;

    ExportSection(ModuleDecoder module, WasmReader in) {
        this.module = module;
        this.in = in;
    }

    /** Reads it all into the module's exports. */
    void read() {
        in.part("export section");
        int count = in.count("exports", Limits.EXPORTS);
        HashSet<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int at = in.pos;
            String field = in.name();
            int kindAt = in.pos;
            int kind = in.u8();
            int indexAt = in.pos;
            int index = in.index();
            ExternKind externKind;
            switch (kind) {
                case 0 -> {
                    externKind = ExternKind.FUNC;
                    module.checkIndex(indexAt, "function", index, module.functionTypes.size());
                    module.declare(index);
                }
                case 1 -> {
                    externKind = ExternKind.TABLE;
                    module.checkIndex(indexAt, "table", index, module.tables.size());
                }
                case 2 -> {
                    externKind = ExternKind.MEMORY;
                    module.checkIndex(indexAt, "memory", index, module.memories.size());
                }
                case 3 -> {
                    externKind = ExternKind.GLOBAL;
                    module.checkIndex(indexAt, "global", index, module.globals.size());
                }
                case 4 -> {
                    externKind = ExternKind.TAG;
                    module.checkIndex(indexAt, "tag", index, module.tagTypes.size());
                }
                default -> throw in.malformed(kindAt, "malformed export kind " + kind);
            }
            if (!names.add(field)) {
                throw in.invalid(at, "duplicate export name " + WasmText.quote(field));
            }
            module.exports.add(new Export(field, externKind, index));
        }
    }
}
