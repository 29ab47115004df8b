package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.MethodCode.NONE;
import static wasmbpf.wasm.compile.Names.D;
import static wasmbpf.wasm.compile.Names.F;
import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.OBJECT;
import static wasmbpf.wasm.compile.Names.STACK;
import static wasmbpf.wasm.compile.Names.SUPPORT;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import wasmbpf.wasm.TypeCode;

/**
 * The call's frame on the guest stack, if it has one. From slot 0 on lie operands of instructions that the interpreter runs, of
 * throws and tail calls, and results at the end; behind them, if the function is cut into methods, the homes of locals and what
 * branches from one method to another carry, or operands that one leaves to another.
 */
final class GuestFrame {
    private final MethodCode m;
    private final CodeBuilder code;
    /** The JVM local with its address. */
    private int local = NONE;
    private int slots;
    /** Slot of each guest local's home. */
    private int[] homes;
    private int carriedSlot;

    GuestFrame(MethodCode m) {
        this.m = m;
        code = m.code;
    }

    // The whole

    /** At the start of a function's method: makes the frame, if there is something in it. */
    void enter() {
        layOut();
        if (slots > 0 || m.resultsInMemory) {
            local = m.allocate(TypeKind.LONG);
            code.aload(m.stackLocal).loadConstant(8 * slots).invokestatic(SUPPORT, "enterFrame", Names.type(J, STACK, I)).lstore(local);
        }
    }

    private void layOut() {
        slots = Math.max(m.facts.frameSlots(), m.resultsInMemory ? Names.slots(m.facts.results) : 0);
        if (m.whole == null) {
            return;
        }
        if (m.entryLoop >= 0) {
            // There lie locals and operands as the interpreter left them.
            slots = Math.max(slots, m.loopFrame.slots());
        }
        homes = new int[m.at.localCount()];
        for (int i = 0; i < homes.length; i++) {
            homes[i] = slots;
            slots += Names.slots(m.at.localType(i));
        }
        carriedSlot = slots;
        slots += m.whole.carriedSlots;
    }

    /** A region's method gets the frame of the function, as a parameter. */
    void adopt(GuestFrame outer, int parameter) {
        homes = outer.homes;
        carriedSlot = outer.carriedSlot;
        slots = outer.slots;
        local = parameter;
    }

    /** Before a return, the results being stored if they are in memory. */
    void leave() {
        if (m.linkage.profiled()) {
            code.aload(m.stackLocal);
            m.remaining();
            code.iconst_1().iadd();
            m.support("innermost", V, STACK, I);
        }
        if (local != NONE) {
            code.aload(m.stackLocal).lload(local).putfield(STACK, "top", J);
        }
    }

    /** At the start of a handler: calls that the exception has ended had frames above this one. */
    void resume() {
        if (m.linkage.profiled()) {
            code.aload(m.stackLocal);
            m.remaining();
            m.support("innermost", V, STACK, I);
        }
        code.aload(m.stackLocal).lload(local).loadConstant(8L * slots).ladd().putfield(STACK, "top", J);
    }

    /** Pushes its address; 0 if there is none: then no region wants anything of it. */
    void address() {
        if (local == NONE) {
            code.lconst_0();
        } else {
            code.lload(local);
        }
    }

    // Slots

    /** Pops values into consecutive slots. */
    void store(int[] kinds, int firstSlot) {
        int slot = firstSlot + Names.slots(kinds);
        for (int i = kinds.length - 1; i >= 0; i--) {
            slot -= Names.slots(kinds[i]);
            store(kinds[i], slot);
        }
    }

    void store(int type, int slot) {
        if (TypeCode.isRef(type)) {
            code.aload(m.stackLocal).lload(local).loadConstant(8 * slot);
            m.support("putA", V, OBJECT, STACK, J, I);
            return;
        }
        if (type == TypeCode.V128) {
            storeNumber(TypeCode.I64, slot + 1);
            type = TypeCode.I64;
        }
        storeNumber(type, slot);
    }

    // Intrinsics themselves: of methods that call them, HotSpot inlines only what fits a limit, and a cut function has hundreds.

    private void storeNumber(int type, int slot) {
        int value = m.temp(44, Names.kind(type));
        code.storeLocal(Names.kind(type), value);
        slotAddress(slot);
        code.loadLocal(Names.kind(type), value);
        switch (type) {
            case TypeCode.I32 -> code.i2l();
            case TypeCode.F32 -> code.invokestatic(ConstantDescs.CD_Float, "floatToRawIntBits", Names.type(I, F)).i2l();
            default -> {
            }
        }
        boolean real = type == TypeCode.F64;
        code.invokevirtual(Names.UNSAFE, real ? "putDouble" : "putLong", Names.type(V, OBJECT, J, real ? D : J));
    }

    private void loadNumber(int type, int slot) {
        slotAddress(slot);
        switch (type) {
            case TypeCode.I32 -> m.unsafeGet("getInt", I);
            case TypeCode.F32 -> m.unsafeGet("getFloat", F);
            case TypeCode.F64 -> m.unsafeGet("getDouble", D);
            default -> m.unsafeGet("getLong", J);
        }
    }

    /** Pushes what Unsafe's methods take first. */
    private void slotAddress(int slot) {
        m.batch.unsafe(code);
        code.lload(local);
        if (slot > 0) {
            code.loadConstant(8L * slot).ladd();
        }
    }

    void load(int type, int slot) {
        if (TypeCode.isRef(type)) {
            loadReference(slot);
        } else if (type == TypeCode.V128) {
            loadNumber(TypeCode.I64, slot);
            loadNumber(TypeCode.I64, slot + 1);
        } else {
            loadNumber(type, slot);
        }
    }

    void loadReference(int slot) {
        code.aload(m.stackLocal).lload(local).loadConstant(8 * slot);
        m.support("getA", OBJECT, STACK, J, I);
    }

    /** Pushes values from consecutive slots. */
    void load(int[] kinds, int firstSlot) {
        int slot = firstSlot;
        for (int type : kinds) {
            load(type, slot);
            slot += Names.slots(type);
        }
    }

    // Locals, and what branches carry, where the function is cut

    void storeHome(int guestLocal) {
        store(m.at.localType(guestLocal), homes[guestLocal]);
    }

    void loadHome(int guestLocal) {
        load(m.at.localType(guestLocal), homes[guestLocal]);
    }

    void storeCarried(int[] kinds) {
        store(kinds, carriedSlot);
    }

    void loadCarried(int[] kinds) {
        load(kinds, carriedSlot);
    }
}
