package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.STACK;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.BitSet;
import java.util.List;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.OpSink;
import wasmbpf.wasm.TypeCode;

/**
 * Translates one function body, or a region of it, into the body of a static method, in the one pass that validates it: hands
 * each instruction to the class for its kind. These share {@link MethodCode}; each is given those that it builds on.
 */
final class FunctionCompiler implements OpSink {
    private final MethodCode m;
    private final CodeBuilder code;
    private final GuestFrame frame;
    private final MemoryAccess memory;
    private final Locals locals;
    private final Operands operands;
    private final Conditions conditions;
    private final Vectors vectors;
    private final VectorOps vectorOps;
    private final LoopEntry entry;
    private final ControlFlow control;
    private final ExceptionBlocks exceptions;
    private final Calls calls;
    private final Globals globals;
    private final ReferenceOps references;
    private final HeapObjects heap;
    private final Division division;
    private final Bulk bulk;
    private final Interpreted interpreted;
    private final RegionCalls regions;
    private final ProductSums sums;
    /** Of the stack, behind the last instruction. */
    private int height;
    private Label bodyLabel;
    /** Whether the last instruction was an integer constant. */
    private boolean constantOnTop;
    private long constant;

    private FunctionCompiler(MethodCode m) {
        this.m = m;
        code = m.code;
        frame = new GuestFrame(m);
        memory = new MemoryAccess(m);
        locals = new Locals(m, frame);
        operands = new Operands(m);
        conditions = new Conditions(m);
        vectors = new Vectors(m, locals, operands);
        vectorOps = new VectorOps(m, memory, vectors);
        entry = new LoopEntry(m, frame, operands);
        control = new ControlFlow(m, frame, locals, operands, conditions, entry);
        exceptions = new ExceptionBlocks(m, frame, memory, operands, control, entry);
        calls = new Calls(m, frame, memory, operands, control);
        globals = new Globals(m);
        references = new ReferenceOps(m, control);
        heap = new HeapObjects(m, operands);
        division = new Division(m);
        bulk = new Bulk(m, memory);
        interpreted = new Interpreted(m, frame, memory);
        regions = new RegionCalls(m, frame, memory, locals, operands, control, entry);
        sums = new ProductSums(m, regions);
    }

    // The method of the function

    /**
     * @param builder of the class, for more methods
     * @param whole how the function is cut into methods, or null
     */
    static void compile(BatchClass batch, ClassBuilder builder, BatchClass.Method method, Region whole,
            FuncValidator validator, CodeBuilder code) {
        FunctionCompiler compiler = new FunctionCompiler(new MethodCode(batch, builder, method.name(), method.facts(),
                method.entryLoop(), whole, null, code));
        validator.validate(method.facts().function, compiler);
        compiler.finish();
    }

    @Override
    public void begin(FuncValidator at) {
        m.at = at;
        height = 0;
        BitSet params = parameters();
        m.beginPositions();
        frame.enter();
        if (m.linkage.profiled()) {
            m.self();
            code.aload(m.stackLocal);
            m.remaining();
            m.support("entered", V, Names.GUEST_FUNCTION, STACK, I);
        }
        bodyLabel = code.newBoundLabel();
        if (m.linkage.interruptible()) {
            m.poll();
        }
        beginLocals();
        locals.settle(params);
        memory.begin();
        control.begin();
        regions.await();
    }

    private BitSet parameters() {
        BitSet params = new BitSet();
        if (m.entryLoop < 0) {
            params.set(0, m.facts.params.length);
        }
        int slot = locals.parameters(params);
        m.stackLocal = slot;
        // Where a loop is entered, the interpreter's frame lies between them.
        m.remainingLocal = m.entryLoop < 0 ? slot + 1 : slot + 3;
        return params;
    }

    private void beginLocals() {
        int slot = 0;
        boolean loop = m.entryLoop >= 0;
        BitSet dealtWith = m.whole == null ? null : m.whole.dealtWith();
        for (int i = 0; i < m.at.localCount(); i++) {
            int type = m.at.localType(i);
            boolean param = !loop && i < m.facts.params.length;
            if (locals.isHomed(i)) {
                beginHomed(i, param, slot);
            } else if (!param && (dealtWith == null || dealtWith.get(i))) {
                locals.allocate(i);
                if (loop) {
                    frame.load(type, slot);
                    locals.set(i);
                } else if (m.whole != null || m.facts.unset.has(i) || type == TypeCode.V128) {
                    locals.clear(i);
                }
            }
            slot += Names.slots(type);
        }
    }

    private void beginHomed(int local, boolean param, int interpreterSlot) {
        int type = m.at.localType(local);
        if (m.entryLoop >= 0) {
            frame.load(type, interpreterSlot);
        } else if (!m.whole.liveAtStart.get(local)) {
            return;
        } else if (param) {
            locals.getParameter(local);
        } else {
            locals.zero(type);
        }
        frame.storeHome(local);
    }

    /** After the whole body: the handler that notes this call in a trap or an exception. */
    private void finish() {
        exceptions.finish();
        Label end = code.newBoundLabel();
        code.exceptionCatch(bodyLabel, end, end, Names.WASM_EXCEPTION);
        m.self();
        m.loadPosition();
        m.support("passing", Names.WASM_EXCEPTION, Names.WASM_EXCEPTION, Names.GUEST_FUNCTION, I);
        code.athrow();
        entry.finish();
    }

    // The method of a region

    /**
     * Makes it, the walk having come to the region, and walks to its end.
     *
     * @param outer what the method around it is
     * @param around the blocks around the region
     * @param params locals that it takes as parameters
     * @return what it returns, see {@link RegionBody#ways}
     */
    static List<Integer> compileRegion(MethodCode outer, Region region, String name, MethodTypeDesc type, GuestFrame outerFrame,
            List<Block> around, BitSet params) {
        RegionBody[] body = new RegionBody[1];
        outer.builder.withMethodBody(name, type, ClassFile.ACC_STATIC, code -> {
            MethodCode m = new MethodCode(outer.batch, outer.builder, name, outer.facts, MethodCode.NONE, outer.whole, region, code);
            m.at = outer.at;
            FunctionCompiler compiler = new FunctionCompiler(m);
            body[0] = new RegionBody(m, compiler.frame, compiler.memory, compiler.locals, compiler.operands, compiler.control);
            body[0].enter(outerFrame, around, params, outer.live);
            compiler.height = m.at.height();
            compiler.regions.await();
            m.at.walk(compiler, region.end);
            compiler.settle();
            body[0].leave();
        });
        return body[0].ways();
    }

    @Override
    public void paused(FuncValidator at) {
        settle();
        regions.call();
        conditions.forgetOperands();
        height = at.height();
        constantOnTop = false;
        regions.await();
    }

    // The walk

    @Override
    public void op(FuncValidator at) {
        int op = at.op();
        int before = height;
        height = at.height() + at.resultCount();
        conditions.before(op);
        settleVectors(before);
        if (isStructure(op)) {
            locals.endArm();
        }
        switch (op) {
            case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF -> control.open(op);
            case OpBytes.TRY, OpBytes.TRY_TABLE -> exceptions.open(op);
            case OpBytes.ELSE -> control.orElse();
            case OpBytes.CATCH, OpBytes.CATCH_ALL -> exceptions.legacyCatch(op);
            case OpBytes.DELEGATE -> exceptions.delegate();
            case OpBytes.END -> {
                if (control.block(0).isTry()) {
                    exceptions.end(control.block(0));
                } else {
                    control.end();
                }
            }
            default -> {
                if (m.live) {
                    instruction(op, at.height(), before - at.height());
                }
            }
        }
        conditions.after(op);
        constantOnTop = op == OpBytes.I32_CONST || op == OpBytes.I64_CONST;
        constant = at.value();
    }

    /** Before an instruction that does not know of vectors beside the JVM's stack. */
    private void settleVectors(int before) {
        FuncValidator at = m.at;
        if (VectorOps.isInline(at) || Vectors.leavesAlone(at)) {
            return;
        }
        if (MemoryAccess.isPlain(at.op())) {
            if (MemoryAccess.isStore(at.op())) {
                vectors.read();
            }
            return;
        }
        putVectors(before);
    }

    /** All operands to where the validator has them, on the JVM stack. */
    private void settle() {
        putVectors(m.at.height());
        if (m.live) {
            conditions.materialize();
        }
    }

    /** Onto the JVM stack, with all that lies above them. */
    private void putVectors(int height) {
        if (vectors.any()) {
            if (m.live) {
                conditions.materialize();
                vectors.flush(height);
            } else {
                vectors.forget();
            }
        }
    }

    /** Whether control may come here, or go on, in another way than straight ahead. */
    static boolean isStructure(int op) {
        return switch (op) {
            case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF, OpBytes.ELSE, OpBytes.END, OpBytes.TRY, OpBytes.TRY_TABLE,
                    OpBytes.CATCH, OpBytes.CATCH_ALL, OpBytes.DELEGATE -> true;
            default -> false;
        };
    }

    /** @param h the height below the operands */
    private void instruction(int op, int h, int operandCount) {
        FuncValidator at = m.at;
        if (NumberOps.isComparison(op)) {
            conditions.compare(op);
        } else if (Division.is(op)) {
            if (constantOnTop) {
                division.byConstant(op, constant);
            } else {
                division.emit(op);
            }
        } else if (NumberOps.isTruncation(op)) {
            NumberOps.truncate(op, m.here(), code);
        } else if (NumberOps.isNumber(op)) {
            if (!sums.emit(op)) {
                NumberOps.emit(op, code);
            }
        } else if (MemoryAccess.isPlain(op)) {
            memory.emit(op);
        } else if (ReferenceOps.is(op)) {
            references.emit(op, h);
        } else if (HeapObjects.is(at)) {
            heap.emit(op);
        } else if (Bulk.is(at)) {
            bulk.emit(op, constantOnTop ? constant : 0);
        } else if (VectorOps.isInline(at)) {
            vectorOps.emit(op, h);
        } else if (Interpreted.is(at)) {
            interpreted.emit(op, h, operandCount);
        } else {
            plain(op, h);
        }
    }

    private void local(int op, int local, int h) {
        boolean vector = m.at.localType(local) == TypeCode.V128;
        switch (op) {
            case OpBytes.LOCAL_GET -> {
                if (vector) {
                    vectors.localGet(h, local);
                } else {
                    locals.localGet(local);
                }
            }
            case OpBytes.LOCAL_SET -> {
                if (constantOnTop) {
                    locals.hideSeed(local, constant);
                }
                if (vector) {
                    vectors.localSet(h, local);
                } else {
                    locals.localSet(local);
                }
            }
            default -> {
                if (vector) {
                    vectors.localTee(h, local);
                } else {
                    locals.localTee(local);
                }
            }
        }
    }

    private void plain(int op, int h) {
        FuncValidator at = m.at;
        switch (op) {
            case OpBytes.NOP, OpBytes.ATOMIC_FENCE -> {
            }
            case OpBytes.UNREACHABLE -> {
                m.position();
                m.support("unreachable", Names.TRAP);
                code.athrow();
                m.live = false;
            }
            case OpBytes.BR -> control.always(control.block(at.a()), h);
            case OpBytes.BR_IF -> control.conditional(control.block(at.a()), h);
            case OpBytes.BR_TABLE -> control.table(h);
            case OpBytes.RETURN -> control.returns(h);
            case OpBytes.CALL -> calls.call(at.a());
            case OpBytes.CALL_INDIRECT -> calls.callIndirect(at.a(), at.b());
            case OpBytes.CALL_REF -> calls.callRef(at.a());
            case OpBytes.RETURN_CALL -> calls.returnCall(at.a());
            case OpBytes.RETURN_CALL_INDIRECT -> calls.returnCallIndirect(at.a(), at.b());
            case OpBytes.RETURN_CALL_REF -> calls.returnCallRef(at.a());
            case OpBytes.DROP -> {
                if (at.operandType() == TypeCode.V128) {
                    vectors.release(vectors.pop(h));
                } else {
                    operands.drop(at.operandType());
                }
            }
            case OpBytes.SELECT, OpBytes.SELECT_T -> {
                if (at.operandType() == TypeCode.V128) {
                    conditions.materialize();
                    vectorOps.select(h);
                } else {
                    conditions.select(at.operandType());
                }
            }
            case OpBytes.LOCAL_GET, OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE -> local(op, at.a(), h);
            case OpBytes.GLOBAL_GET -> globals.get(at.a());
            case OpBytes.GLOBAL_SET -> globals.set(at.a());
            case OpBytes.I32_CONST -> {
                if (!sums.leavesOut()) {
                    code.loadConstant((int) at.value());
                }
            }
            case OpBytes.I64_CONST -> {
                if (!sums.leavesOut()) {
                    code.loadConstant(at.value());
                }
            }
            case OpBytes.F32_CONST, OpBytes.F64_CONST -> NumberOps.constant(at.resultType(0), at.value(), code);
            case OpBytes.MEMORY_SIZE -> {
                m.constant(Constant.Kind.MEMORY, at.a());
                code.invokevirtual(Names.MEMORY, "sizePages", Names.type(J));
                if (at.resultType(0) == TypeCode.I32) {
                    code.l2i();
                }
            }
            case OpBytes.THROW -> exceptions.throwTag(at.a());
            case OpBytes.THROW_REF -> exceptions.throwRef();
            case OpBytes.RETHROW -> exceptions.rethrow(at.a());
            default -> throw new IllegalStateException("not translated: " + op);
        }
    }
}
