package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.List;

/** Reads a module from its bytes. */
final class ModuleDecoder {
    final String name;
    final byte[] bytes;
    final ModuleTypes types = new ModuleTypes();
    final List<Import> imports = new ArrayList<>();
    final IntList functionTypes = new IntList();
    int importedFunctions;
    int[] bodies = {};
    final List<TableType> tables = new ArrayList<>();
    int importedTables;
    final List<ConstExpr> tableInits = new ArrayList<>();
    final List<MemoryType> memories = new ArrayList<>();
    int importedMemories;
    final List<GlobalType> globals = new ArrayList<>();
    int importedGlobals;
    final List<ConstExpr> globalInits = new ArrayList<>();
    final IntList tagTypes = new IntList();
    int importedTags;
    final List<Export> exports = new ArrayList<>();
    int start = -1;
    final List<ElementSegment> elements = new ArrayList<>();
    final List<DataSegment> dataSegments = new ArrayList<>();
    final List<CustomSection> customSections = new ArrayList<>();

    ModuleDecoder(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    WasmModule decode() {
        throw new UnsupportedOperationException();
    }
}
