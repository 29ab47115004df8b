package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.BitSet;
import java.util.List;
import wasmbpf.wasm.TypeCode;

/**
 * The guest's parameters and locals: each in a JVM local, a vector in one for each lane, or in its home in the frame.
 *
 * <p>C2 computes what several arms of a br_table have in common once, before it jumps: of an interpreter's twenty ways to take
 * an operand from its stack, all twenty addresses, each time, most of them to be spilled. So an arm adds a zero to the locals it
 * starts with that C2 cannot know to be one: it loads it in the arm.
 */
final class Locals {
    private final MethodCode m;
    private final CodeBuilder code;
    private final GuestFrame frame;
    private final BitSet homed;
    private final LaneMoves moves;
    private int[] locals;
    /** Locals that the arm has not read yet, or null: it is none. */
    private BitSet veils;
    private boolean zeroLoaded;

    Locals(MethodCode m, GuestFrame frame) {
        this.m = m;
        this.frame = frame;
        code = m.code;
        homed = m.homed();
        moves = new LaneMoves(m);
    }

    // Where they are

    /**
     * At the start of a method whose first parameters are these locals.
     *
     * @return the first slot behind them
     */
    int parameters(BitSet params) {
        locals = new int[m.at.localCount()];
        int slot = 0;
        for (int i = params.nextSetBit(0); i >= 0; i = params.nextSetBit(i + 1)) {
            locals[i] = slot;
            slot += jvmSlots(m.at.localType(i));
        }
        return slot;
    }

    /** JVM slots of a value. */
    static int jvmSlots(int type) {
        return type == TypeCode.V128 ? 4 : Names.kind(type).slotSize();
    }

    /** Gives one a JVM local. */
    void allocate(int local) {
        int type = m.at.localType(local);
        locals[local] = m.allocate(Names.kind(type));
        if (type == TypeCode.V128) {
            m.allocate(TypeKind.LONG);
        }
    }

    private boolean isVector(int local) {
        return m.at.localType(local) == TypeCode.V128;
    }

    /** Where the lanes of a vector lie, which is not homed. */
    Vector.Held vector(int local) {
        LaneForm form = m.facts.form(local);
        return new Vector.Held(form, form.slots(locals[local]), List.of(local), List.of());
    }

    /** Takes vectors apart that came as parameters, two longs each. */
    void settle(BitSet params) {
        for (int i = params.nextSetBit(0); i >= 0; i = params.nextSetBit(i + 1)) {
            if (isVector(i) && !homed.get(i) && m.facts.form(i) != LaneForm.LONGS) {
                getParameter(i);
                set(i);
            }
        }
    }

    boolean isHomed(int local) {
        return homed.get(local);
    }

    /** Pushes what a parameter brought, of a local that may be homed. */
    void getParameter(int local) {
        code.loadLocal(Names.kind(m.at.localType(local)), locals[local]);
        if (m.at.localType(local) == TypeCode.V128) {
            code.lload(locals[local] + 2);
        }
    }

    /** Zero to where it is. */
    void clear(int local) {
        int at = locals[local];
        switch (m.at.localType(local)) {
            case TypeCode.I32 -> code.iconst_0().istore(at);
            case TypeCode.I64 -> code.lconst_0().lstore(at);
            case TypeCode.F32 -> code.fconst_0().fstore(at);
            case TypeCode.F64 -> code.dconst_0().dstore(at);
            case TypeCode.V128 -> moves.copy(new Vector.Literal(0, 0), m.facts.form(local), at);
            default -> code.aconst_null().astore(at);
        }
    }

    /** Pushes a zero of a type. */
    void zero(int type) {
        switch (type) {
            case TypeCode.I32 -> code.iconst_0();
            case TypeCode.I64 -> code.lconst_0();
            case TypeCode.F32 -> code.fconst_0();
            case TypeCode.F64 -> code.dconst_0();
            case TypeCode.V128 -> code.lconst_0().lconst_0();
            default -> code.aconst_null();
        }
    }

    // To and from the stack

    void get(int local) {
        if (homed.get(local)) {
            frame.loadHome(local);
        } else if (isVector(local)) {
            moves.pushHalves(vector(local));
        } else {
            getParameter(local);
        }
    }

    void set(int local) {
        if (homed.get(local)) {
            frame.storeHome(local);
            return;
        }
        if (isVector(local)) {
            int low = m.temp(20, TypeKind.LONG);
            int high = m.temp(21, TypeKind.LONG);
            code.lstore(high).lstore(low);
            Vector.Held halves = new Vector.Held(LaneForm.LONGS, new int[] {low, high}, List.of(), List.of());
            moves.copy(halves, m.facts.form(local), locals[local]);
            return;
        }
        code.storeLocal(Names.kind(m.at.localType(local)), locals[local]);
    }

    private void tee(int local) {
        if (Names.kind(m.at.localType(local)).slotSize() == 2) {
            code.dup2();
        } else {
            code.dup();
        }
        set(local);
    }

    // The instructions

    void localGet(int local) {
        if (veils != null && veils.get(local)) {
            veil(local);
        }
        get(local);
    }

    void localSet(int local) {
        unveil(local);
        set(local);
    }

    void localTee(int local) {
        unveil(local);
        tee(local);
    }

    // Arms of a br_table

    void beginArm() {
        if (veils == null) {
            veils = new BitSet();
        }
        veils.clear();
        veils.set(0, m.at.localCount());
        zeroLoaded = false;
    }

    /** Where control may come in another way than straight ahead. */
    void endArm() {
        if (veils != null) {
            veils.clear();
        }
    }

    private void unveil(int local) {
        if (veils != null) {
            veils.clear(local);
        }
    }

    private void veil(int local) {
        veils.clear(local);
        if (m.at.localType(local) != TypeCode.I32 || homed.get(local)) {
            return;
        }
        int zero = m.temp(40, TypeKind.INT);
        if (!zeroLoaded) {
            zeroLoaded = true;
            loadZero();
            code.istore(zero);
        }
        code.iload(locals[local]).iload(zero).iadd().istore(locals[local]);
    }

    /**
     * Of an i64 constant on the stack that goes to a local: C2 computes what a loop makes of such a number, a random number
     * generator's seed for one, before the loop, and then carries the result beside the number from iteration to iteration.
     */
    void hideSeed(int local, long constant) {
        if (m.at.localType(local) == TypeCode.I64 && m.facts.setAgain.get(local) && (constant > 1 || constant < -1)) {
            loadZero();
            code.i2l().lxor();
        }
    }

    /** One that HotSpot does not know to be one. */
    private void loadZero() {
        m.batch.unsafe(code);
        code.loadConstant(m.batch.zeroAddress());
        m.unsafeGet("getInt", I);
    }
}
