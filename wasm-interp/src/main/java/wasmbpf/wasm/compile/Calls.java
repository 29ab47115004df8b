package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.OBJECT;
import static wasmbpf.wasm.compile.Names.STACK;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import wasmbpf.wasm.ModuleTypes;
import wasmbpf.wasm.TypeCode;

/**
 * Calls: of a function of the same class directly, of other guest functions by their shape, of the host with an array, of all
 * others with arguments above this call's frame on the guest stack.
 */
final class Calls {
    private static final long U32 = 0xFFFFFFFFL;

    private final MethodCode m;
    private final CodeBuilder code;
    private final ModuleTypes types;
    private final GuestFrame frame;
    private final MemoryAccess memory;
    private final Operands operands;
    private final ControlFlow control;

    Calls(MethodCode m, GuestFrame frame, MemoryAccess memory, Operands operands, ControlFlow control) {
        this.m = m;
        this.frame = frame;
        this.memory = memory;
        this.operands = operands;
        this.control = control;
        code = m.code;
        types = m.types;
    }

    // The instructions

    void call(int function) {
        m.position();
        BatchClass.Method direct = m.batch.direct(function, m.name);
        int type = m.module.functionTypeIndex(function);
        if (direct == null) {
            m.constant(Constant.Kind.FUNCTION, function);
            if (function < m.module.importedFunctionCount() && HostCalls.canCall(types.params(type), types.results(type))) {
                callHost(type);
            } else {
                callAny(type);
            }
            return;
        }
        if (m.batch.isStackless(direct)) {
            code.aconst_null();
        } else {
            code.aload(m.stackLocal);
        }
        depth(BatchClass.copyNumber(direct.name()));
        code.invokestatic(Names.SELF, direct.name(), direct.type());
        if (direct.facts().resultsInMemory()) {
            results(types.results(type));
        }
        memory.loadLimit();
    }

    void callIndirect(int type, int table) {
        callee(type, table);
        callAny(type);
    }

    void callRef(int type) {
        callee();
        callAny(type);
    }

    void returnCall(int function) {
        frame.store(types.params(m.module.functionTypeIndex(function)), 0);
        m.constant(Constant.Kind.FUNCTION, function);
        tailCall();
    }

    void returnCallIndirect(int type, int table) {
        callee(type, table);
        returnCallee(type);
    }

    void returnCallRef(int type) {
        callee();
        returnCallee(type);
    }

    // Who is called

    /** From the element index on the stack to the function. */
    private void callee(int type, int table) {
        m.position();
        if (!m.module.table(table).table64()) {
            code.i2l().loadConstant(U32).land();
        }
        m.constant(Constant.Kind.TABLE, table);
        m.constant(Constant.Kind.TYPE, type);
        m.support("callee", Names.FUNCTION, J, Names.TABLE, Names.TYPE);
    }

    /** From the reference on the stack to the function. */
    private void callee() {
        m.position();
        m.support("function", Names.FUNCTION, OBJECT);
    }

    // How

    /**
     * The last argument of a call. The caller checks the depth: one check for all its calls, none in the leaves.
     *
     * @param calleeCopy 1 for a copy, to which the call counts as not made yet: so the number stays the same, in one register,
     *        for two calls
     */
    private void depth(int calleeCopy) {
        code.iload(m.remainingLocal);
        if (calleeCopy > m.copy) {
            m.support("checkDepth", I, I);
        } else if (calleeCopy > 0) {
            m.support("deeperInCopies", I, I);
        } else if (m.copy > 0) {
            m.support("deeperThanCopy", I, I);
        } else {
            m.support("deeper", I, I);
        }
    }

    /** The import on top, its arguments below: calls the host with an array that HotSpot may take apart again. */
    private void callHost(int type) {
        int[] params = types.params(type);
        int[] results = types.results(type);
        int function = m.temp(1, TypeKind.REFERENCE);
        int host = m.temp(2, TypeKind.REFERENCE);
        Label detour = code.newLabel();
        Label done = code.newLabel();
        code.dup().astore(function);
        m.support("host", Names.HOST, Names.FUNCTION);
        code.dup().astore(host).ifnull(detour);
        operands.store(params, Operands.FIRST_ARGUMENT);
        code.aload(host).loadConstant(params.length).newarray(TypeKind.LONG);
        for (int i = 0; i < params.length; i++) {
            code.dup().loadConstant(i);
            operands.load(params[i], Operands.FIRST_ARGUMENT + i);
            NumberOps.toLong(params[i], code);
            code.lastore();
        }
        code.aload(m.stackLocal);
        m.remaining();
        code.invokevirtual(Names.HOST, "call", Names.type(J, J.arrayType(), STACK, I));
        if (results.length == 0) {
            code.pop2();
        } else {
            NumberOps.fromLong(results[0], code);
        }
        code.goto_(done).labelBinding(detour);
        passThroughMemory(type, function);
        code.labelBinding(done);
        memory.loadLimit();
    }

    /** The function on top, its arguments below: runs it by the rules of WasmFunction.run. */
    private void callAny(int type) {
        m.position();
        int function = m.temp(1, TypeKind.REFERENCE);
        code.astore(function);
        int[] params = types.params(type);
        Shape shape = Shape.of(params, types.results(type));
        if (shape == null) {
            passThroughMemory(type, function);
            memory.loadLimit();
            return;
        }
        m.batch.needs(shape);
        Label detour = code.newLabel();
        Label done = code.newLabel();
        int compiled = m.temp(2, TypeKind.REFERENCE);
        code.aload(function);
        m.support("shaped", Names.SUPER, Names.FUNCTION);
        code.dup().astore(compiled).ifnull(detour);
        operands.store(params, Operands.FIRST_ARGUMENT);
        code.aload(compiled);
        for (int i : shape.order(params)) {
            operands.load(params[i], Operands.FIRST_ARGUMENT + i);
            if (shape.erased()) {
                NumberOps.toLong(params[i], code);
            }
        }
        code.aload(m.stackLocal);
        depth(0);
        if (shape.isInterface()) {
            code.invokeinterface(shape.owner(), shape.method(), shape.type());
        } else {
            code.invokevirtual(shape.owner(), shape.method(), shape.type());
        }
        if (shape.erased() && types.results(type).length == 1) {
            NumberOps.fromLong(types.results(type)[0], code);
        }
        code.goto_(done).labelBinding(detour);
        passThroughMemory(type, function);
        code.labelBinding(done);
        memory.loadLimit();
    }

    private void passThroughMemory(int type, int function) {
        int[] params = types.params(type);
        int slot = Names.slots(params);
        for (int i = params.length - 1; i >= 0; i--) {
            slot -= Names.slots(params[i]);
            if (params[i] == TypeCode.V128) {
                code.aload(m.stackLocal).loadConstant(8 * slot + 8);
                m.support("argumentJ", V, J, STACK, I);
            }
            code.aload(m.stackLocal).loadConstant(8 * slot);
            m.support("argument" + (params[i] == TypeCode.V128 ? "J" : Names.letter(params[i])), V, Names.of(params[i]), STACK, I);
        }
        code.aload(function).aload(m.stackLocal);
        m.remaining();
        m.support("call", V, Names.FUNCTION, STACK, I);
        results(types.results(type));
    }

    /** Pushes results that a callee left above this call's frame. */
    private void results(int[] kinds) {
        int slot = 0;
        for (int type : kinds) {
            String letter = type == TypeCode.V128 ? "J" : Names.letter(type);
            code.aload(m.stackLocal).loadConstant(8 * slot);
            m.support("result" + letter, Names.of(type), STACK, I);
            if (type == TypeCode.V128) {
                code.aload(m.stackLocal).loadConstant(8 * slot + 8);
                m.support("resultJ", J, STACK, I);
            }
            slot += Names.slots(type);
        }
    }

    // Tail calls

    /** The function on top, its arguments below. */
    private void returnCallee(int type) {
        code.astore(m.temp(0, TypeKind.REFERENCE));
        frame.store(types.params(type), 0);
        code.aload(m.temp(0, TypeKind.REFERENCE));
        tailCall();
    }

    /** The function on top, its arguments at the start of this call's frame: whoever runs this call goes on with it. */
    private void tailCall() {
        int function = m.temp(1, TypeKind.REFERENCE);
        code.astore(function);
        code.aload(m.stackLocal).aload(function).putfield(STACK, "next", Names.FUNCTION);
        control.leaveForTailCall();
        m.live = false;
    }
}
