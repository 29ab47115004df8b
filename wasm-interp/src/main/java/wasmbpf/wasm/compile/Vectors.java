package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.OBJECT;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.TypeCode;

/**
 * Vectors on the operand stack. In a run of instructions without a branch or call they are kept beside the JVM's stack, as
 * lanes in locals: so an addition of floats is four additions, and no lane is taken out of a long or put into one. HotSpot
 * makes vector instructions of such fours where a loop lets it. Anything else finds a vector as two longs on the JVM stack,
 * low half first: {@link #flush}.
 */
final class Vectors {
    /** Among temporary locals. */
    private static final int FLUSHED = 100;

    private final MethodCode m;
    private final CodeBuilder code;
    private final Locals locals;
    private final Operands operands;
    final LaneMoves moves;
    /** By height; null: a number, or a vector on the JVM stack. */
    private Vector[] entries = new Vector[16];
    private final List<Vector.Bank> free = new ArrayList<>();

    Vectors(MethodCode m, Locals locals, Operands operands) {
        this.m = m;
        this.locals = locals;
        this.operands = operands;
        code = m.code;
        moves = new LaneMoves(m);
    }

    // The stack

    /** Whether some vector is kept beside the JVM's stack. */
    boolean any() {
        for (Vector entry : entries) {
            if (entry != null) {
                return true;
            }
        }
        return false;
    }

    /** Puts all vectors onto the JVM stack. @param height of the operand stack */
    void flush(int height) {
        int first = 0;
        while (first < entries.length && entries[first] == null) {
            first++;
        }
        if (first == entries.length) {
            return;
        }
        for (int i = height - 1; i > first; i--) {
            if (i >= entries.length || entries[i] == null) {
                operands.store(m.at.type(i), FLUSHED + i - first);
            }
        }
        for (int i = first; i < height; i++) {
            if (i < entries.length && entries[i] != null) {
                moves.pushHalves(entries[i]);
                release(entries[i]);
                entries[i] = null;
            } else {
                operands.load(m.at.type(i), FLUSHED + i - first);
            }
        }
    }

    /** Where control does not come. */
    void forget() {
        for (int i = 0; i < entries.length; i++) {
            if (entries[i] != null) {
                release(entries[i]);
                entries[i] = null;
            }
        }
    }

    /** Takes the topmost operand, what lay above it being gone from the JVM stack. */
    Vector pop(int height) {
        if (height < entries.length && entries[height] != null) {
            Vector vector = entries[height];
            entries[height] = null;
            return vector;
        }
        Vector.Held held = result(LaneForm.LONGS);
        code.lstore(held.lanes()[1]).lstore(held.lanes()[0]);
        return held;
    }

    void push(int height, Vector vector) {
        if (height >= entries.length) {
            entries = Arrays.copyOf(entries, 2 * height);
        }
        entries[height] = vector;
    }

    /** Before memory is written: reads what lies there. */
    void read() {
        for (int i = 0; i < entries.length; i++) {
            if (entries[i] instanceof Vector.Unread) {
                entries[i] = hold(entries[i], LaneForm.LONGS);
            }
        }
    }

    // Locals

    void localGet(int height, int local) {
        if (!locals.isHomed(local)) {
            push(height, locals.vector(local));
        } else {
            locals.get(local);
        }
    }

    /** @return what the local then is, or null if it lives in the frame */
    private Vector set(int height, int local) {
        Vector value = pop(height);
        if (locals.isHomed(local)) {
            moves.pushHalves(value);
            release(value);
            locals.set(local);
            return null;
        }
        Vector.Held target = locals.vector(local);
        boolean itself = value instanceof Vector.Held held && held.form() == target.form()
                && Arrays.equals(held.lanes(), target.lanes());
        if (!itself) {
            for (int i = 0; i < entries.length; i++) {
                if (entries[i] instanceof Vector.Held held && held.guests().contains(local)) {
                    entries[i] = copy(held, held.form());
                }
            }
            if (value instanceof Vector.Held held && held.guests().contains(local)) {
                value = copy(held, target.form());
            }
            moves.copy(value, target.form(), target.lanes()[0]);
        }
        release(value);
        return target;
    }

    void localSet(int height, int local) {
        set(height, local);
    }

    void localTee(int height, int local) {
        Vector target = set(height, local);
        if (target == null) {
            locals.get(local);
        } else {
            push(height, target);
        }
    }

    // Values

    private Vector.Bank bank() {
        Vector.Bank bank;
        if (free.isEmpty()) {
            bank = new Vector.Bank(m.allocate(TypeKind.LONG));
            m.allocate(TypeKind.LONG);
        } else {
            bank = free.removeLast();
        }
        bank.holders = 1;
        return bank;
    }

    /** Locals for a new vector; the caller fills them. */
    Vector.Held result(LaneForm form) {
        Vector.Bank bank = bank();
        return new Vector.Held(form, form.slots(bank.first), List.of(), List.of(bank));
    }

    /** The vector in memory at a checked address, which is on the JVM stack. */
    Vector unread() {
        Vector.Bank bank = bank();
        code.lstore(bank.first);
        return new Vector.Unread(bank.first, bank);
    }

    /** One number in every lane, popped from the JVM stack. */
    Vector.Held splat(LaneForm form) {
        Vector.Bank bank = bank();
        code.storeLocal(form.kind, bank.first);
        int[] lanes = new int[form.count];
        Arrays.fill(lanes, bank.first);
        return new Vector.Held(form, lanes, List.of(), List.of(bank));
    }

    void release(Vector vector) {
        switch (vector) {
            case Vector.Held held -> held.banks().forEach(this::release);
            case Vector.Unread unread -> release(unread.bank());
            case Vector.Literal literal -> {
            }
        }
    }

    private void release(Vector.Bank bank) {
        if (--bank.holders == 0) {
            free.add(bank);
        }
    }

    private Vector.Held copy(Vector vector, LaneForm form) {
        Vector.Held copy = result(form);
        moves.copy(vector, form, copy.lanes()[0]);
        release(vector);
        return copy;
    }

    /** The vector in locals, in a form; takes the place of what was given. */
    Vector.Held hold(Vector vector, LaneForm form) {
        return vector instanceof Vector.Held held && held.form() == form ? held : copy(vector, form);
    }

    /** A vector of lanes of others, which it takes the place of. */
    Vector.Held arranged(LaneForm form, int[] lanes, Vector.Held... from) {
        Set<Integer> guests = new LinkedHashSet<>();
        Set<Vector.Bank> banks = new LinkedHashSet<>();
        for (Vector.Held held : from) {
            guests.addAll(held.guests());
            banks.addAll(held.banks());
        }
        banks.forEach(bank -> bank.holders++);
        for (Vector.Held held : from) {
            release(held);
        }
        return new Vector.Held(form, lanes, List.copyOf(guests), List.copyOf(banks));
    }

    // Memory

    /** Writes a vector to the checked address in a local. */
    void write(Vector vector, int address) {
        Vector.Held held = vector instanceof Vector.Held h ? h : hold(vector, LaneForm.LONGS);
        LaneForm form = held.form();
        for (int i = 0; i < form.count; i++) {
            moves.address(address, form, i);
            moves.push(held, form, i);
            code.invokevirtual(Names.UNSAFE, switch (form) {
                case LONGS -> "putLong";
                case DOUBLES -> "putDouble";
                case INTS -> "putInt";
                case FLOATS -> "putFloat";
            }, Names.type(V, OBJECT, Names.J, switch (form) {
                case LONGS -> Names.J;
                case DOUBLES -> Names.D;
                case INTS -> Names.I;
                case FLOATS -> Names.F;
            }));
        }
        release(held);
    }

    /** Whether an instruction on numbers, or one that {@link FunctionCompiler} brings here, may come while there are some. */
    static boolean leavesAlone(FuncValidator at) {
        int op = at.op();
        return switch (op) {
            case OpBytes.NOP, OpBytes.LOCAL_GET, OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE, OpBytes.I32_CONST, OpBytes.I64_CONST,
                    OpBytes.F32_CONST, OpBytes.F64_CONST, OpBytes.DROP, OpBytes.SELECT, OpBytes.SELECT_T, OpBytes.GLOBAL_GET -> true;
            case OpBytes.GLOBAL_SET -> at.module().globalCode(at.a()) != TypeCode.V128;
            default -> NumberOps.isComparison(op) || NumberOps.isNumber(op);
        };
    }
}
