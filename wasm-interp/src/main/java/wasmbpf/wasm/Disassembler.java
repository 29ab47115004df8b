package wasmbpf.wasm;

import java.util.List;

/**
 * A module as text, in the WebAssembly text format with indices for names; the names a module has are shown as
 * comments, as are the place of every instruction, in the form in which error messages give it, the number of every block
 * and which block a label means, and source lines where the module has debug information.
 *
 * <pre>
 *   (func (;12;) (;"main";) (type 3)
 *     (local i32 i64)
 *     ;; main.c:7:12
 *     (;0x1a2b;) local.get 0
 *     (;0x1a2d;) if (result i32) (;@1;)
 *     (;0x1a2f;)   br 0 (;@1;)
 * </pre>
 */
public final class Disassembler {
    private final WasmModule module;
    private final NameSection names;
    private final StringBuilder out = new StringBuilder();
    private final InstructionPrinter instructions;

    private Disassembler(WasmModule module) {
        this.module = module;
        this.names = new NameSection(module, true);
        this.instructions = new InstructionPrinter(module, names, new WasmReader(module.name(), module.bytes()), out);
    }

    /**
     * The whole module.
     *
     * @throws MalformedException if a function body does not follow the binary format
     */
    public static String print(WasmModule module) {
        Disassembler d = new Disassembler(module);
        if (module.functionCount() > module.importedFunctionCount()) {
            d.instructions.lines(DebugLines.of(module).rows(module.bodyStart(module.importedFunctionCount()),
                    module.bodyEnd(module.functionCount() - 1)));
        }
        d.module();
        return d.out.toString();
    }

    /** One defined function; throws as {@link #print} does. */
    public static String printFunction(WasmModule module, int function) {
        Disassembler d = new Disassembler(module);
        d.instructions.lines(DebugLines.of(module).rows(module.bodyStart(function), module.bodyEnd(function)));
        d.function(function);
        return d.out.toString();
    }

    private void module() {
        out.append("(module");
        out.append(WasmText.comment(module.name())).append('\n');
        types();
        imports();
        for (int i = module.importedTableCount(); i < module.tableCount(); i++) {
            open("table", i, names.table(i));
            tableType(module.table(i), module.tableCode(i));
            ConstExpr init = module.tableInit(i);
            if (init != null) {
                out.append(' ');
                instructions.expression(init);
            }
            out.append(")\n");
        }
        for (int i = module.importedMemoryCount(); i < module.memoryCount(); i++) {
            open("memory", i, names.memory(i));
            memoryType(module.memory(i));
            out.append(")\n");
        }
        for (int i = module.importedTagCount(); i < module.tagCount(); i++) {
            open("tag", i, names.tag(i));
            out.append(" (type ").append(module.tagTypeIndex(i)).append("))\n");
        }
        for (int i = module.importedGlobalCount(); i < module.globalCount(); i++) {
            open("global", i, names.global(i));
            globalType(i);
            out.append(' ');
            instructions.expression(module.globalInit(i));
            out.append(")\n");
        }
        for (Export export : module.exports()) {
            out.append("  (export ").append(WasmText.quote(export.name())).append(" (").append(keyword(export.kind()))
                    .append(' ').append(export.index()).append("))\n");
        }
        if (module.start() >= 0) {
            out.append("  (start ").append(module.start()).append(")\n");
        }
        for (int i = 0; i < module.elements().size(); i++) {
            element(i);
        }
        for (int i = module.importedFunctionCount(); i < module.functionCount(); i++) {
            function(i);
        }
        for (int i = 0; i < module.dataSegments().size(); i++) {
            data(i);
        }
        for (CustomSection section : module.customSections()) {
            out.append("  (; custom section ").append(WasmText.inComment(WasmText.quote(section.name())))
                    .append(", ").append(section.length()).append(" bytes at 0x")
                    .append(Integer.toHexString(section.start())).append(" ;)\n");
        }
        out.append(")\n");
    }

    /** {@code   (table (;0;) (;"name";)}. */
    private void open(String keyword, int index, String name) {
        out.append("  (").append(keyword).append(" (;").append(index).append(";)").append(WasmText.comment(name));
    }

    private static String keyword(ExternKind kind) {
        return kind == ExternKind.FUNC ? "func" : kind.toString();
    }

    private void types() {
        ModuleTypes types = module.types();
        for (int i = 0; i < types.count();) {
            int size = types.def(i).group().types.length;
            boolean group = size != 1;
            if (group) {
                out.append("  (rec\n");
            }
            for (int k = 0; k < size; k++, i++) {
                out.append(group ? "  " : "");
                type(i);
            }
            if (group) {
                out.append("  )\n");
            }
        }
    }

    private void type(int index) {
        ModuleTypes types = module.types();
        open("type", index, names.type(index));
        boolean plain = types.isFinal(index) && types.supertype(index) == ModuleTypes.NO_SUPER;
        if (!plain) {
            out.append(types.isFinal(index) ? " (sub final" : " (sub");
            if (types.supertype(index) != ModuleTypes.NO_SUPER) {
                out.append(' ').append(types.supertype(index));
            }
        }
        if (types.isFunc(index)) {
            out.append(" (func");
            list("param", types.params(index));
            list("result", types.results(index));
        } else {
            out.append(types.isStruct(index) ? " (struct" : " (array");
            for (int field : types.fields(index)) {
                String storage = ModuleTypes.text(field & ~TypeCode.MUTABLE);
                String text = (field & TypeCode.MUTABLE) != 0 ? "(mut " + storage + ")" : storage;
                out.append(types.isStruct(index) ? " (field " + text + ")" : " " + text);
            }
        }
        out.append(plain ? "))\n" : ")))\n");
    }

    private void list(String keyword, int[] codes) {
        if (codes.length > 0) {
            out.append(" (").append(keyword);
            for (int code : codes) {
                out.append(' ').append(ModuleTypes.text(code));
            }
            out.append(')');
        }
    }

    private void imports() {
        int[] next = new int[ExternKind.values().length];
        for (Import wanted : module.imports()) {
            int index = next[wanted.type().kind().ordinal()]++;
            out.append("  (import ").append(WasmText.quote(wanted.module())).append(' ')
                    .append(WasmText.quote(wanted.name())).append(" (").append(keyword(wanted.type().kind()))
                    .append(" (;").append(index).append(";)");
            switch (wanted.type()) {
                case ExternType.Func _ -> out.append(" (type ").append(module.functionTypeIndex(index)).append(')');
                case ExternType.Tag _ -> out.append(" (type ").append(module.tagTypeIndex(index)).append(')');
                case TableType type -> tableType(type, module.tableCode(index));
                case MemoryType type -> memoryType(type);
                case GlobalType _ -> globalType(index);
            }
            out.append("))\n");
        }
    }

    private void limits(boolean index64, long min, boolean hasMax, long max) {
        out.append(index64 ? " i64 " : " ").append(Long.toUnsignedString(min));
        if (hasMax) {
            out.append(' ').append(Long.toUnsignedString(max));
        }
    }

    private void tableType(TableType type, int code) {
        limits(type.table64(), type.min(), type.hasMax(), type.max());
        out.append(' ').append(ModuleTypes.text(code));
    }

    private void memoryType(MemoryType type) {
        limits(type.memory64(), type.min(), type.hasMax(), type.max());
        out.append(type.shared() ? " shared" : "");
        if (type.pageSizeLog2() != 16) {
            out.append(" (pagesize ").append(1L << type.pageSizeLog2()).append(')');
        }
    }

    private void globalType(int index) {
        String type = ModuleTypes.text(module.globalCode(index));
        out.append(' ').append(module.global(index).mutable() ? "(mut " + type + ")" : type);
    }

    private void element(int index) {
        ElementSegment segment = module.elements().get(index);
        out.append("  (elem (;").append(index).append(";)");
        switch (segment.mode()) {
            case ACTIVE -> {
                out.append(" (table ").append(segment.table()).append(") (offset ");
                instructions.expression(segment.offset());
                out.append(')');
            }
            case DECLARATIVE -> out.append(" declare");
            case PASSIVE -> {
            }
        }
        if (segment.functions() != null) {
            out.append(" func");
            for (int function : segment.functions()) {
                out.append(' ').append(function);
            }
        } else {
            out.append(' ').append(ModuleTypes.text(module.elementCode(index)));
            List<ConstExpr> items = segment.expressions();
            for (ConstExpr item : items) {
                out.append(" (item ");
                instructions.expression(item);
                out.append(')');
            }
        }
        out.append(")\n");
    }

    private void data(int index) {
        DataSegment segment = module.dataSegments().get(index);
        out.append("  (data (;").append(index).append(";)");
        if (segment.mode() == SegmentMode.ACTIVE) {
            if (segment.memory() != 0) {
                out.append(" (memory ").append(segment.memory()).append(')');
            }
            out.append(" (offset ");
            instructions.expression(segment.offset());
            out.append(')');
        }
        out.append(' ');
        WasmText.bytes(out, module.bytes(), segment.start(), segment.length());
        out.append(")\n");
    }

    private void function(int index) {
        open("func", index, module.functionName(index));
        int type = module.functionTypeIndex(index);
        out.append(" (type ").append(type).append(")\n");
        instructions.body(index);
        out.append("  )\n");
    }
}
