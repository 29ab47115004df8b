package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

/**
 * Locals and globals. Getting a local emits nothing; setting one lets the instruction before compute it there, if that
 * gave the value.
 */
final class VariableLowering {
    private final Instance instance;
    private final FuncValidator at;
    private final OperandStack stack;
    private final CodeWriter code;
    private final Operands operands;
    private int[] localSlots = {};

    VariableLowering(Instance instance, FuncValidator at, OperandStack stack, CodeWriter code, Operands operands) {
        this.instance = instance;
        this.at = at;
        this.stack = stack;
        this.code = code;
        this.operands = operands;
    }

    /** Gives the function's parameters and locals their slots; returns the slot after them. */
    int begin() {
        int locals = at.localCount();
        if (localSlots.length < locals) {
            localSlots = new int[locals];
        }
        int slot = 0;
        for (int i = 0; i < locals; i++) {
            localSlots[i] = slot;
            slot += OperandStack.slots(at.localType(i));
            operands.noteType(at.localType(i));
        }
        return slot;
    }

    void getLocal(int local) {
        stack.pushLocal(at.localType(local), localSlots[local]);
    }

    /** Pops entry h into a local. */
    void setLocal(int local, int h) {
        int type = at.localType(local);
        int slot = localSlots[local];
        if (stack.lazyCount(slot) > 0) {
            if (isLocal(h, slot)) {
                // Sets a local to itself.
                stack.popTo(h);
                return;
            }
            // Older values of the local that are still on the stack must leave it first.
            for (int i = h - 1; stack.lazyCount(slot) > 0; i--) {
                if (isLocal(i, slot)) {
                    operands.settle(i);
                }
            }
        }
        if (stack.kind(h) == OperandStack.TEMP && code.isProducer(h) && OperandStack.isPlain(type)) {
            code.retarget(slot);
        } else {
            operands.emitCopy(type, slot, h);
        }
        stack.popTo(h);
    }

    private boolean isLocal(int entry, int slot) {
        return stack.kind(entry) == OperandStack.LOCAL && stack.value(entry) == slot;
    }

    /** Pushes a global as entry h. */
    void getGlobal(int index, int h) {
        WasmGlobal global = instance.globals[index];
        int type = at.resultType(0);
        if (TypeCode.isRef(type)) {
            operands.noteRef();
            code.emit(word(GLOBAL_GET_REF, stack.slot(h), index));
        } else if (type == TypeCode.V128) {
            code.emit(word(GLOBAL_GET_V128, stack.slot(h), index));
        } else if (!global.type().mutable()) {
            stack.pushConst(type, global.low());
            return;
        } else {
            boolean own = global.numbers == instance.numbers();
            code.emitResult(h, word(own ? GLOBAL_GET : GLOBAL_GET_IMPORTED, stack.slot(h), own ? global.cell : index));
        }
        stack.pushTemp(type);
    }

    /** Pops entry h into a global. */
    void setGlobal(int index, int h) {
        int type = stack.type(h);
        int from = operands.reg(h);
        if (TypeCode.isRef(type)) {
            operands.noteRef();
            code.emit(word(GLOBAL_SET_REF, from, index));
        } else if (type == TypeCode.V128) {
            code.emit(word(GLOBAL_SET_V128, from, index));
        } else {
            WasmGlobal global = instance.globals[index];
            boolean own = global.numbers == instance.numbers();
            code.emit(word(own ? GLOBAL_SET : GLOBAL_SET_IMPORTED, from, own ? global.cell : index));
        }
        stack.popTo(h);
    }
}
