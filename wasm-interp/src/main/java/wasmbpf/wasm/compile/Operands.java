package wasmbpf.wasm.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.Arrays;
import wasmbpf.wasm.TypeCode;

/**
 * Values on the JVM stack. Where code is live, the JVM's stack holds what the validator's does, but for entries that loops and
 * try blocks below have put into locals ({@code spilled}): the JVM empties the stack for a handler, and HotSpot wants it empty
 * where it enters a loop.
 */
final class Operands {
    /** Among temporary locals, where arguments of calls begin. */
    static final int FIRST_ARGUMENT = 2_000;
    /** The number of the first of all; those before have other uses, and some live longer than an instruction. */
    private static final int FIRST_TEMP = 64;

    private final MethodCode m;
    private final CodeBuilder code;
    /** How many of the lowest stack entries are in locals, and in which. */
    int spilled;
    private int[] spillLocals = new int[16];
    private int[] spillTypes = new int[16];

    Operands(MethodCode m) {
        this.m = m;
        code = m.code;
    }

    /** Types of those from a height on. */
    int[] types(int from) {
        int[] types = new int[m.at.height() - from];
        for (int i = 0; i < types.length; i++) {
            types[i] = m.at.type(from + i);
        }
        return types;
    }

    /** Pops a value into a local of its own, the i-th. */
    void store(int type, int i) {
        if (type == TypeCode.V128) {
            code.lstore(m.temp(FIRST_TEMP + 2 * i + 1, TypeKind.LONG)).lstore(m.temp(FIRST_TEMP + 2 * i, TypeKind.LONG));
        } else {
            code.storeLocal(Names.kind(type), m.temp(FIRST_TEMP + 2 * i, Names.kind(type)));
        }
    }

    /** Pushes it again. */
    void load(int type, int i) {
        code.loadLocal(Names.kind(type), m.temp(FIRST_TEMP + 2 * i, Names.kind(type)));
        if (type == TypeCode.V128) {
            code.lload(m.temp(FIRST_TEMP + 2 * i + 1, TypeKind.LONG));
        }
    }

    /** Pops values into locals from the i-th on. */
    void store(int[] types, int first) {
        for (int i = types.length - 1; i >= 0; i--) {
            store(types[i], first + i);
        }
    }

    void load(int[] types, int first) {
        for (int i = 0; i < types.length; i++) {
            load(types[i], first + i);
        }
    }

    void drop(int type) {
        switch (type) {
            case TypeCode.V128 -> code.pop2().pop2();
            case TypeCode.I64, TypeCode.F64 -> code.pop2();
            default -> code.pop();
        }
    }

    /** Below {@code carried} values, moves what the JVM stack holds into locals, up to a height. */
    void spill(int height, int[] carried) {
        if (spilled >= height) {
            return;
        }
        store(carried, 0);
        int from = spilled;
        haveSpilled(height);
        for (int i = height - 1; i >= from; i--) {
            storeSpilled(i);
        }
        load(carried, 0);
    }

    /** The same where control does not come: it comes in elsewhere, with the locals set. */
    void haveSpilled(int height) {
        if (height > spillLocals.length) {
            int size = Math.max(height, 2 * spillLocals.length);
            spillLocals = Arrays.copyOf(spillLocals, size);
            spillTypes = Arrays.copyOf(spillTypes, size);
        }
        for (int i = height - 1; i >= spilled; i--) {
            int type = m.at.type(i);
            spillTypes[i] = type;
            spillLocals[i] = m.allocate(Names.kind(type));
            if (type == TypeCode.V128) {
                m.allocate(TypeKind.LONG);
            }
        }
        spilled = Math.max(spilled, height);
    }

    /** Locals of entries that are spilled, below a height. */
    int[] spillLocals(int height) {
        return Arrays.copyOf(spillLocals, height);
    }

    private void storeSpilled(int i) {
        if (spillTypes[i] == TypeCode.V128) {
            code.lstore(spillLocals[i] + 2);
        }
        code.storeLocal(Names.kind(spillTypes[i]), spillLocals[i]);
    }

    private void loadSpilled(int i) {
        code.loadLocal(Names.kind(spillTypes[i]), spillLocals[i]);
        if (spillTypes[i] == TypeCode.V128) {
            code.lload(spillLocals[i] + 2);
        }
    }

    /** Whether {@link #move} to the label of a block would do something. */
    boolean needsMoves(Block target, int h) {
        return h != target.height || spilled != target.labelSpilled();
    }

    /** Makes the stack, {@code h} entries and the carried ones on top, what a label expects. */
    void move(int[] carried, int h, int targetHeight, int targetSpilled) {
        if (h == targetHeight && spilled == targetSpilled) {
            return;
        }
        store(carried, 0);
        for (int i = h - 1; i >= Math.max(targetHeight, spilled); i--) {
            drop(m.at.type(i));
        }
        for (int i = targetSpilled; i < Math.min(spilled, targetHeight); i++) {
            loadSpilled(i);
        }
        load(carried, 0);
    }
}
