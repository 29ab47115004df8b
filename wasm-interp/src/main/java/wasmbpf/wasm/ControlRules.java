package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

import java.util.Arrays;

/** The rules of validation for structured control: blocks, branches, exceptions and calls. */
abstract class ControlRules extends BodyState {
    private static final int[] ONE_I32 = {TypeCode.I32};
    private static final int[] ONE_I64 = {TypeCode.I64};
    private static final int[] ONE_F32 = {TypeCode.F32};
    private static final int[] ONE_F64 = {TypeCode.F64};

    /** What to do after the sink has seen the instruction, besides pushing its results. */
    static final int GO_ON = 0;
    static final int UNREACHABLE_NOW = 1;
    static final int NEXT_ARM = 2;
    static final int END_FRAME = 3;

    ControlRules(WasmModule module) {
        super(module);
    }

    /** Does what follows from the structure of control after the sink has seen the instruction. */
    final void finish() {
        switch (after) {
            case UNREACHABLE_NOW -> {
                height = base;
                unreachable = true;
                frameUnreachable[frames - 1] = true;
            }
            case NEXT_ARM -> {
                frameOps[frames - 1] = op;
                unreachable = false;
                frameUnreachable[frames - 1] = false;
                undoInits(frameInits[frames - 1]);
            }
            default -> {
                undoInits(frameInits[frames - 1]);
                frames--;
                if (frames > 0) {
                    base = frameHeights[frames - 1];
                    unreachable = frameUnreachable[frames - 1];
                } else {
                    results = EMPTY;
                }
            }
        }
    }

    // Blocks and branches

    final void openBlock(int code) {
        int[] params = blockType();
        open(code, params, results);
    }

    final void open(int code, int[] params, int[] given) {
        popAll(params);
        pushFrame(code, params, given);
        results = params;
    }

    /** Reads a block type: returns the parameters and leaves the results in {@code results}. */
    final int[] blockType() {
        int at = in.pos;
        int first = in.peek();
        // One byte that is negative as s33, or the first of a longer reference type.
        if ((first & 0xC0) == 0x40) {
            if (first == 0x40) {
                in.pos++;
                results = EMPTY;
            } else {
                int type = typeReader.valType();
                results = switch (type) {
                    case TypeCode.I32 -> ONE_I32;
                    case TypeCode.I64 -> ONE_I64;
                    case TypeCode.F32 -> ONE_F32;
                    case TypeCode.F64 -> ONE_F64;
                    default -> new int[] {type};
                };
            }
            return EMPTY;
        }
        long index = in.s33();
        if (index < 0) {
            throw in.malformed(at, "malformed block type");
        }
        int type = typeReader.typeIndex(index, at);
        if (!types.isFunc(type)) {
            throw invalid("block type " + type + " is not a function type");
        }
        results = types.results(type);
        return types.params(type);
    }

    final void branchTable() {
        int count = in.count("labels", Integer.MAX_VALUE);
        if (count >= labels.length) {
            labels = new int[Math.max(count + 1, 2 * labels.length)];
        }
        for (int i = 0; i <= count; i++) {
            labels[i] = label();
        }
        labelCount = count + 1;
        pop(TypeCode.I32);
        int[] byDefault = labelTypes(labels[count]);
        stamp++;
        for (int i = 0; i <= count; i++) {
            int frame = frames - 1 - labels[i];
            if (frameStamps[frame] != stamp) {
                frameStamps[frame] = stamp;
                int[] carried = labelTypes(labels[i]);
                if (carried.length != byDefault.length) {
                    throw invalid("type mismatch: br_table expects labels of " + byDefault.length
                            + " operands as its default has, found " + carried.length);
                }
                checkTop(carried);
            }
        }
        // In dead code the labels may disagree on types; the default's are as good as any.
        height = Math.max(base, height - byDefault.length);
        after = UNREACHABLE_NOW;
    }

    /** The rules of popAll without popping: each label of a br_table sees the same operands. */
    private void checkTop(int[] expected) {
        int at = height;
        for (int i = expected.length - 1; i >= 0; i--) {
            at--;
            if (at >= base) {
                if (!types.isSubtype(stack[at], expected[i])) {
                    throw mismatch(expected[i], stack[at]);
                }
            } else if (!unreachable) {
                throw mismatch(expected[i], NOTHING);
            }
        }
    }

    /** For branches that carry one reference last: checks it against the label in {@code a}, and pops the rest. */
    void carryRest(int reference) {
        int[] carried = labelTypes(a);
        int last = carried.length - 1;
        if (last < 0 || !TypeCode.isRef(carried[last]) || !types.isSubtype(reference, carried[last])) {
            throw invalid("type mismatch: " + mnemonic() + " expects a label that takes "
                    + ModuleTypes.text(reference) + " last, found " + ModuleTypes.text(carried));
        }
        for (int i = last - 1; i >= 0; i--) {
            pop(carried[i]);
        }
        results = last == 0 ? EMPTY : Arrays.copyOf(carried, last);
    }

    private void tryTable() {
        int[] params = blockType();
        int[] given = results;
        int count = in.count("catch clauses", Integer.MAX_VALUE);
        if (3L * count > catches.length) {
            catches = new int[(int) Math.min(Math.max(3L * count, 2L * catches.length), Integer.MAX_VALUE - 8)];
        }
        for (int i = 0; i < count; i++) {
            int at = in.pos;
            int kind = in.u8();
            if (kind > 3) {
                throw in.malformed(at, "malformed catch clause " + kind);
            }
            int tag = kind < 2 ? tag() : -1;
            int label = label();
            int[] payload = tag < 0 ? EMPTY : types.params(module.tagTypeIndex(tag));
            int[] carried = labelTypes(label);
            boolean withRef = (kind & 1) != 0;
            int arity = payload.length + (withRef ? 1 : 0);
            boolean matches = carried.length == arity;
            for (int k = 0; matches && k < payload.length; k++) {
                matches = types.isSubtype(payload[k], carried[k]);
            }
            if (matches && withRef) {
                matches = types.isSubtype(TypeCode.REF | TypeCode.ABSTRACT | TypeCode.EXN, carried[arity - 1]);
            }
            if (!matches) {
                throw invalid("type mismatch: catch clause " + i + " gives " + ModuleTypes.text(payload)
                        + (withRef ? " and an exception reference" : "") + ", label " + label + " takes "
                        + ModuleTypes.text(carried));
            }
            catches[3 * i] = kind;
            catches[3 * i + 1] = tag;
            catches[3 * i + 2] = label;
        }
        catchCount = count;
        open(TRY_TABLE, params, given);
    }

    // Exceptions

    final void exceptions(int code) {
        switch (code) {
            case THROW -> {
                a = tag();
                popAll(types.params(module.tagTypeIndex(a)));
                after = UNREACHABLE_NOW;
            }
            case THROW_REF -> {
                pop(TypeCode.EXNREF);
                after = UNREACHABLE_NOW;
            }
            case TRY_TABLE -> tryTable();
            case CATCH -> {
                a = tag();
                int frame = frames - 1;
                if (frameOps[frame] != TRY && frameOps[frame] != CATCH) {
                    throw in.malformed(offset, "catch without try");
                }
                closeArm();
                after = NEXT_ARM;
                results = types.params(module.tagTypeIndex(a));
            }
            case CATCH_ALL -> {
                int frame = frames - 1;
                if (frameOps[frame] != TRY && frameOps[frame] != CATCH) {
                    throw in.malformed(offset, "catch_all without try");
                }
                closeArm();
                after = NEXT_ARM;
            }
            case DELEGATE -> {
                int frame = frames - 1;
                a = in.index();
                if (frameOps[frame] != TRY) {
                    throw in.malformed(offset, "delegate without try");
                }
                // The label counts from outside the try.
                if (a >= frames - 1) {
                    throw invalid("unknown label " + a + "; " + (frames - 1) + " blocks are open");
                }
                closeArm();
                after = END_FRAME;
                results = frameResults[frame];
            }
            case RETHROW -> {
                a = label();
                int target = frameOps[frames - 1 - a];
                if (target != CATCH && target != CATCH_ALL) {
                    throw invalid("invalid rethrow label " + a + ": not a catch");
                }
                after = UNREACHABLE_NOW;
            }
            default -> throw in.malformed(offset, "illegal opcode 0x" + Integer.toHexString(code));
        }
    }

    // Calls

    final void call(int type) {
        popAll(types.params(type));
        results = types.results(type);
    }

    final void returnCall(int type) {
        int[] given = types.results(type);
        if (!types.isSubtype(given, frameResults[0])) {
            throw invalid("type mismatch: " + mnemonic() + " gives " + ModuleTypes.text(given)
                    + ", the function must give " + ModuleTypes.text(frameResults[0]));
        }
        popAll(types.params(type));
        after = UNREACHABLE_NOW;
    }

    final int indirect() {
        a = typeReader.funcTypeIndex();
        b = in.index();
        int address = tableAddressType(b);
        if (!types.isSubtype(module.tableCode(b), TypeCode.FUNCREF)) {
            throw invalid("type mismatch: " + mnemonic() + " expects a table of funcref, table " + b + " holds "
                    + ModuleTypes.text(module.tableCode(b)));
        }
        pop(address);
        return a;
    }
}
