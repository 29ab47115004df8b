package wasmbpf.wasm;

import java.util.List;
import wasmbpf.wasm.dwarf.Dwarf;
import wasmbpf.wasm.dwarf.SourceLine;

/**
 * Writes instructions in the text format, a line each, with the place of each in the module as a comment. Checks no
 * more than it needs to read on: bodies that validation refuses can be listed.
 */
final class InstructionPrinter {
    /** Deeper blocks are not indented further, so that hostile nesting costs no quadratic output. */
    private static final int MAX_INDENT = 40;

    private final WasmModule module;
    private final NameSection names;
    private final WasmReader in;
    private final TypeReader types;
    private final StringBuilder out;
    private int function;
    /** Open blocks around the instruction; labels count from it. */
    private int nesting;
    /** Source lines of the code to come, in its order, and the place printed last. */
    private List<Dwarf.Row> lines = List.of();
    private int nextLine;
    private SourceLine printedLine;

    InstructionPrinter(WasmModule module, NameSection names, WasmReader in, StringBuilder out) {
        this.module = module;
        this.names = names;
        this.in = in;
        this.types = new TypeReader(in, module.types());
        this.out = out;
    }

    /** Instructions are headed by the source lines they come from. */
    void lines(List<Dwarf.Row> rows) {
        lines = rows;
    }

    /** Locals and instructions of a function; the last {@code end} is left out. */
    void body(int function) {
        this.function = function;
        printedLine = null;
        in.function(module, function);
        in.pos = module.bodyStart(function);
        in.end = module.bodyEnd(function);
        locals();
        int depth = 0;
        while (!in.atEnd()) {
            int at = in.pos;
            Opcode opcode = next();
            boolean closes = switch (opcode) {
                case END, ELSE, CATCH, CATCH_ALL, DELEGATE -> true;
                default -> false;
            };
            if (opcode == Opcode.END && depth == 0) {
                if (!in.atEnd()) {
                    out.append("    (; not valid: ").append(in.remaining()).append(" more bytes at 0x")
                            .append(Integer.toHexString(in.pos)).append(";)\n");
                }
                return;
            }
            if (closes) {
                depth = Math.max(0, depth - 1);
            }
            line(at);
            out.append("    (;0x").append(Integer.toHexString(at)).append(";) ");
            out.repeat("  ", Math.min(depth, MAX_INDENT));
            nesting = depth;
            instruction(opcode);
            out.append('\n');
            switch (opcode) {
                case BLOCK, LOOP, IF, TRY, TRY_TABLE, ELSE, CATCH, CATCH_ALL -> depth++;
                default -> {
                }
            }
        }
        out.append("    (; not valid: the function has no end;)\n");
    }

    /** The place in the source, if it is another than that of the instruction before. */
    private void line(int at) {
        while (nextLine < lines.size() && lines.get(nextLine).end() <= at) {
            nextLine++;
        }
        if (nextLine < lines.size() && lines.get(nextLine).start() <= at) {
            SourceLine line = lines.get(nextLine).line();
            if (!line.equals(printedLine)) {
                out.append("    ;; ").append(WasmText.printable(line.toString())).append('\n');
                printedLine = line;
            }
        }
    }

    private void locals() {
        int groups = in.count("groups of locals", Integer.MAX_VALUE);
        int local = module.types().params(module.functionTypeIndex(function)).length;
        for (int i = 0; i < groups; i++) {
            int at = in.pos;
            int count = in.index();
            int code = types.valType();
            if (count > Limits.LOCALS - local) {
                throw in.invalid(at, "too many locals");
            }
            String type = ModuleTypes.text(code);
            if (count > 0) {
                out.append("    (local");
                for (int k = 0; k < count; k++) {
                    out.append(' ').append(type).append(WasmText.comment(names.local(function, local++)));
                }
                out.append(")\n");
            }
        }
    }

    /** A constant expression, on one line: {@code (i32.const 8)}; several instructions one after the other. */
    void expression(ConstExpr expression) {
        in.pos = expression.offset();
        in.end = expression.offset() + expression.length();
        String separator = "";
        while (true) {
            Opcode opcode = next();
            if (opcode == Opcode.END) {
                return;
            }
            out.append(separator);
            instruction(opcode);
            separator = " ";
        }
    }

    private Opcode next() {
        int at = in.pos;
        int code = in.u8();
        int number = code;
        String suffix = "";
        if (code >= Opcode.GC_PREFIX && code <= Opcode.ATOMIC_PREFIX) {
            int second = in.index();
            suffix = " 0x" + Integer.toHexString(second);
            int base = OpBytes.base(code);
            int room = switch (code) {
                case Opcode.GC_PREFIX -> OpBytes.MISC - OpBytes.GC;
                case Opcode.MISC_PREFIX -> OpBytes.ATOMIC - OpBytes.MISC;
                case Opcode.SIMD_PREFIX -> OpBytes.LIMIT - OpBytes.SIMD;
                default -> OpBytes.SIMD - OpBytes.ATOMIC;
            };
            number = second < room ? base + second : -1;
        }
        Opcode opcode = Opcode.of(number);
        if (opcode == null) {
            throw in.malformed(at, "illegal opcode 0x" + Integer.toHexString(code) + suffix);
        }
        return opcode;
    }

    private void instruction(Opcode opcode) {
        String mnemonic = opcode.mnemonic();
        // The table says "ref.test null" where the text format writes the nullability with the type.
        int space = mnemonic.indexOf(' ');
        out.append(space < 0 ? mnemonic : mnemonic.substring(0, space));
        switch (opcode.immediates()) {
            case NONE -> {
            }
            case BLOCK_TYPE -> {
                blockType();
                out.append(" (;@").append(nesting + 1).append(";)");
            }
            case CATCHES -> {
                blockType();
                catches();
                out.append(" (;@").append(nesting + 1).append(";)");
            }
            case LABEL -> label();
            case ELEM, DATA, LANE -> index();
            case LABELS -> {
                for (int n = in.count("labels", Integer.MAX_VALUE); n >= 0; n--) {
                    label();
                }
            }
            case FUNC -> {
                int index = in.index();
                out.append(' ').append(index).append(WasmText.comment(functionName(index)));
            }
            case TAG -> named(in.index(), Kind.TAG);
            case LOCAL -> named(in.index(), Kind.LOCAL);
            case GLOBAL -> named(in.index(), Kind.GLOBAL);
            case TABLE -> named(in.index(), Kind.TABLE);
            case MEM -> memory(in.index());
            case TYPE -> named(types.typeIndex(), Kind.TYPE);
            case TYPE_TABLE -> {
                int type = types.typeIndex();
                index();
                out.append(" (type ").append(type).append(')');
            }
            case TYPES -> {
                out.append(" (result");
                for (int n = in.count("types", Integer.MAX_VALUE); n > 0; n--) {
                    out.append(' ').append(ModuleTypes.text(types.valType()));
                }
                out.append(')');
            }
            case TABLE_TABLE, TYPE_FIELD, TYPE_COUNT, TYPE_DATA, TYPE_ELEM, TYPE_TYPE -> {
                index();
                index();
            }
            case ELEM_TABLE, DATA_MEM -> {
                // The text format has the two the other way round.
                int segment = in.index();
                index();
                out.append(' ').append(segment);
            }
            case MEM_MEM -> {
                int to = in.index();
                int from = in.index();
                if ((to | from) != 0) {
                    out.append(' ').append(to).append(' ').append(from);
                }
            }
            case MEMARG -> memarg(opcode);
            case MEMARG_LANE -> {
                memarg(opcode);
                out.append(' ').append(in.u8());
            }
            case SHUFFLE -> {
                for (int i = 0; i < 16; i++) {
                    out.append(' ').append(in.u8());
                }
            }
            case I32 -> out.append(' ').append(in.s32());
            case I64 -> out.append(' ').append(in.s64());
            case F32 -> out.append(' ').append(WasmText.f32(in.fixed32()));
            case F64 -> out.append(' ').append(WasmText.f64(in.fixed64()));
            case V128 -> out.append(" i64x2 0x").append(Long.toHexString(in.fixed64())).append(" 0x")
                    .append(Long.toHexString(in.fixed64()));
            case HEAP -> heap(opcode);
            case CAST -> {
                int flags = in.u8();
                label();
                int from = TypeCode.ref((flags & 1) != 0, types.heapType());
                int to = TypeCode.ref((flags & 2) != 0, types.heapType());
                out.append(' ').append(ModuleTypes.text(from)).append(' ').append(ModuleTypes.text(to));
            }
            case FENCE -> in.u8();
        }
    }

    private void index() {
        out.append(' ').append(Integer.toUnsignedString(in.u32()));
    }

    /** A label and which block it means: {@code @1} is the outermost, {@code @0} the function. */
    private void label() {
        int label = in.u32();
        out.append(' ').append(Integer.toUnsignedString(label));
        if (label >= 0 && label <= nesting) {
            out.append(" (;@").append(nesting - label).append(";)");
        }
    }

    private enum Kind {
        TAG, LOCAL, GLOBAL, TABLE, TYPE
    }

    private void named(int index, Kind kind) {
        out.append(' ').append(index).append(WasmText.comment(switch (kind) {
            case TAG -> names.tag(index);
            case LOCAL -> names.local(function, index);
            case GLOBAL -> names.global(index);
            case TABLE -> names.table(index);
            case TYPE -> names.type(index);
        }));
    }

    private String functionName(int index) {
        return index < module.functionCount() ? module.functionName(index) : null;
    }

    private void memory(int index) {
        if (index != 0) {
            out.append(' ').append(index);
        }
    }

    private void memarg(Opcode opcode) {
        int flags = in.index();
        if (flags >= 0x40 && flags < 0x80) {
            memory(in.index());
        }
        long offset = in.u64();
        if (offset != 0) {
            out.append(" offset=").append(Long.toUnsignedString(offset));
        }
        int alignment = flags & 0x3F;
        if (alignment != opcode.widthLog2()) {
            out.append(" align=").append(Long.toUnsignedString(1L << alignment));
        }
    }

    private void blockType() {
        int at = in.pos;
        int first = in.peek();
        if (first == 0x40) {
            in.pos++;
        } else if ((first & 0xC0) == 0x40) {
            out.append(" (result ").append(ModuleTypes.text(types.valType())).append(')');
        } else {
            out.append(" (type ").append(types.typeIndex(Math.max(0, in.s33()), at)).append(')');
        }
    }

    private void catches() {
        for (int n = in.count("catch clauses", Integer.MAX_VALUE); n > 0; n--) {
            int at = in.pos;
            int kind = in.u8();
            out.append(switch (kind) {
                case 0 -> " (catch";
                case 1 -> " (catch_ref";
                case 2 -> " (catch_all";
                case 3 -> " (catch_all_ref";
                default -> throw in.malformed(at, "malformed catch clause " + kind);
            });
            if (kind < 2) {
                index();
            }
            label();
            out.append(')');
        }
    }

    private void heap(Opcode opcode) {
        int heap = types.heapType();
        switch (opcode) {
            case REF_NULL -> {
                if ((heap & TypeCode.ABSTRACT) != 0) {
                    out.append(' ').append(HeapType.abstractType(heap & ~TypeCode.ABSTRACT));
                } else {
                    out.append(' ').append(heap);
                }
            }
            case REF_TEST_NULL, REF_CAST_NULL -> out.append(' ').append(ModuleTypes.text(TypeCode.ref(true, heap)));
            default -> out.append(' ').append(ModuleTypes.text(TypeCode.ref(false, heap)));
        }
    }
}
