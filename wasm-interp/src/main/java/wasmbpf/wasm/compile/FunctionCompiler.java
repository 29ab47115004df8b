package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.D;
import static wasmbpf.wasm.compile.Names.F;
import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.OBJECT;
import static wasmbpf.wasm.compile.Names.STACK;
import static wasmbpf.wasm.compile.Names.SUPPORT;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.ModuleTypes;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.OpSink;
import wasmbpf.wasm.TypeCode;
import wasmbpf.wasm.WasmModule;

/**
 * Translates one function body into the body of a static method, in the one pass that validates it. Where code is live, the
 * JVM's stack holds what the validator's does, but for entries that loops and try blocks below have put into locals
 * ({@code spilled}), and a comparison whose operands are still there ({@code pending}).
 */
final class FunctionCompiler implements OpSink {
    private static final long U32 = 0xFFFFFFFFL;
    private static final int NONE = -1;
    /** Among temporary locals. */
    private static final int FIRST_ARGUMENT = 32;
    /** From so many ways of a br_table in a loop on, it is taken for an interpreter's. */
    private static final int ARMS = 6;

    /** A block that is open. */
    private static final class Frame {
        int op;
        /** Stack height below its parameters. */
        final int height;
        final int[] params;
        final int[] results;
        final boolean entered;
        /** How many of the lowest stack entries are in locals outside, and inside. */
        final int spilledOutside;
        int spilledInside;
        /** Loops: the head; others: the end. */
        final Label label;
        boolean used;
        /** If: where its else begins. */
        Label otherwise;
        /** Try: its range and handler; past the first catch, where to go on looking. */
        Label tryStart;
        Label tryEnd;
        Label handler;
        Label nextCatch;
        boolean delegated;
        int exception = NONE;
        int[] clauses;
        /** Whether it is an arm of a large br_table that goes on behind it. */
        boolean arm;
        /** Where its instruction lies in the module's bytes; -1: it is the function's. */
        int offset = NONE;

        Frame(int op, int height, int[] params, int[] results, boolean entered, int spilled, Label label) {
            this.op = op;
            this.height = height;
            this.params = params;
            this.results = results;
            this.entered = entered;
            this.spilledOutside = spilled;
            this.spilledInside = spilled;
            this.label = label;
        }

        boolean isLoop() {
            return op == OpBytes.LOOP;
        }

        int[] labelTypes() {
            return isLoop() ? params : results;
        }

        int labelSpilled() {
            return isLoop() ? spilledInside : spilledOutside;
        }

        boolean inTryBody() {
            return handler != null && tryEnd == null;
        }
    }

    /** What a region's method returns if control goes on behind it, or a tail call waits to be made: no frame's index. */
    private static final int FALLS_THROUGH = -1;
    private static final int TAIL_CALL = -2;

    private final BatchClass batch;
    private final ClassBuilder builder;
    private final String methodName;
    private final FunctionFacts facts;
    /** How the function is cut into methods, or null if it is not. */
    private final Region whole;
    /** The part of it that this is the method of; null: it is the method of the function. */
    private final Region region;
    /** Locals that live in the frame on the guest stack; all others are JVM locals. */
    private final BitSet homed;
    private final BitSet dealtWith;
    /** Slot of each local's home, and of what branches out of regions carry. */
    private int[] homes;
    private int carriedSlot;
    private int frameSlots;
    /** Regions inside, from the next one on. */
    private int nextRegion;
    /** How the method of a region is left, in the order of what it returns. */
    private final List<Integer> ways = new ArrayList<>();
    private Frame tailExit;
    /** Locals that the arm has not read yet, or null. */
    private BitSet veils;
    private boolean veilLoaded;
    /** The last instruction, and the one before it. */
    private int previousOp;
    private int opBefore;
    private final CodeBuilder code;
    private final WasmModule module;
    private final ModuleTypes types;
    private final Linkage linkage;
    private final int bodyStart;
    /** The loop where the method begins, or -1: then the method takes the interpreter's frame. */
    private final int entryLoop;
    private final Label entryLabel;
    private final boolean resultsInMemory;
    private final List<Frame> frames = new ArrayList<>();
    private final Map<Integer, Integer> temps = new HashMap<>();
    private FuncValidator at;
    private boolean live;
    private int pending = NONE;
    private int spilled;
    private int[] spillLocals = new int[16];
    private int[] spillTypes = new int[16];
    private int[] locals;
    private int stackLocal;
    private int remainingLocal;
    /** 1 in the second copy of a function: of the calls that the local has remaining, one is made already. */
    private final int copy;
    private int positionLocal = NONE;
    /** Of memory 0: {@code LinearMemory.safe} and {@code size}. */
    private int limitLocal;
    private int sizeLocal;
    private int frameLocal = NONE;
    private int height;
    private Label bodyLabel;
    private Label localsLabel;
    private Label rethrow;

    /**
     * @param whole how the function is cut into methods, or null
     * @param builder of the class, for more methods
     */
    FunctionCompiler(BatchClass batch, ClassBuilder builder, String methodName, FunctionFacts facts, int entryLoop,
            Region whole, CodeBuilder code) {
        this(batch, builder, methodName, facts, entryLoop, whole, null, code);
    }

    private FunctionCompiler(BatchClass batch, ClassBuilder builder, String methodName, FunctionFacts facts, int entryLoop,
            Region whole, Region region, CodeBuilder code) {
        this.batch = batch;
        this.builder = builder;
        this.methodName = methodName;
        this.facts = facts;
        this.code = code;
        this.whole = whole;
        this.region = region;
        this.homed = whole == null ? new BitSet() : (region == null ? whole : region).homed();
        this.dealtWith = whole == null ? null : (region == null ? whole : region).dealtWith();
        this.entryLoop = entryLoop;
        module = batch.module();
        types = module.types();
        linkage = batch.linkage();
        bodyStart = module.bodyStart(facts.function);
        entryLabel = entryLoop < 0 ? null : code.newLabel();
        copy = BatchClass.copyNumber(methodName);
        resultsInMemory = entryLoop >= 0 || facts.resultsInMemory();
    }

    // What FunctionFacts asks too

    /** A load or store in the short form: memory 0, 32-bit addresses, a number. */
    static boolean isFastAccess(FuncValidator at) {
        int op = at.op();
        return op >= OpBytes.I32_LOAD && op <= OpBytes.I64_STORE32 && at.a() == 0 && !at.module().memory(0).memory64();
    }

    /** Whether the interpreter's method runs it. */
    static boolean isCold(FuncValidator at) {
        int op = at.op();
        if (op >= OpBytes.I32_LOAD && op <= OpBytes.I64_STORE32) {
            return !isFastAccess(at);
        }
        return switch (op) {
            case OpBytes.TABLE_GET, OpBytes.TABLE_SET, OpBytes.MEMORY_GROW -> true;
            case OpBytes.REF_TEST, OpBytes.REF_TEST_NULL, OpBytes.REF_CAST, OpBytes.REF_CAST_NULL, OpBytes.BR_ON_CAST,
                    OpBytes.BR_ON_CAST_FAIL, OpBytes.V128_CONST, OpBytes.ANY_CONVERT_EXTERN,
                    OpBytes.EXTERN_CONVERT_ANY, OpBytes.ATOMIC_FENCE -> false;
            default -> op >= OpBytes.GC && !NumberOps.isNumber(op) && !VectorOps.isInline(at);
        };
    }

    // Frame of the method

    @Override
    public void begin(FuncValidator at) {
        this.at = at;
        height = 0;
        int count = at.localCount();
        locals = new int[count];
        int params = facts.params.length;
        if (entryLoop < 0) {
            int slot = 0;
            for (int i = 0; i < params; i++) {
                locals[i] = slot;
                slot += facts.params[i] == TypeCode.V128 ? 4 : Names.kind(facts.params[i]).slotSize();
            }
            stackLocal = slot;
            remainingLocal = slot + 1;
        } else {
            stackLocal = 0;
            // The interpreter's frame is the second parameter.
            remainingLocal = 3;
        }
        positionLocal = allocate(TypeKind.INT);
        code.iconst_0().istore(positionLocal);
        layOutFrame();
        if (frameSlots > 0 || resultsInMemory) {
            frameLocal = allocate(TypeKind.LONG);
            code.aload(stackLocal).loadConstant(8 * frameSlots).invokestatic(SUPPORT, "enterFrame", Names.type(J, STACK, I)).lstore(frameLocal);
        }
        if (linkage.profiled()) {
            self();
            code.aload(stackLocal);
            remaining();
            support("entered", V, Names.GUEST_FUNCTION, STACK, I);
        }
        bodyLabel = code.newBoundLabel();
        if (linkage.interruptible()) {
            poll();
        }
        int slot = 0;
        for (int i = 0; i < count; i++) {
            int type = at.localType(i);
            if (homed.get(i)) {
                home(i, i < params ? locals[i] : NONE, slot);
            } else if ((entryLoop >= 0 || i >= params) && (whole == null || dealtWith.get(i))) {
                locals[i] = allocate(Names.kind(type));
                if (type == TypeCode.V128) {
                    allocate(TypeKind.LONG);
                }
                if (entryLoop >= 0) {
                    loadSlot(type, slot, frameLocal);
                    if (type == TypeCode.V128) {
                        code.lstore(locals[i] + 2);
                    }
                    code.storeLocal(Names.kind(type), locals[i]);
                } else {
                    zero(type, locals[i]);
                }
            }
            slot += Names.slots(type);
        }
        if (facts.usesMemory) {
            limitLocal = allocate(TypeKind.INT);
            sizeLocal = allocate(TypeKind.LONG);
            loadLimit();
        }
        frames.add(new Frame(OpBytes.BLOCK, 0, ModuleTypesEmpty.EMPTY, at.frameResults(0), true, 0, code.newLabel()));
        live = entryLoop < 0;
        if (!live) {
            code.goto_(entryLabel);
        }
        pauseAtRegion();
    }

    private void layOutFrame() {
        frameSlots = Math.max(facts.frameSlots(), resultsInMemory ? Names.slots(facts.results) : 0);
        if (whole != null) {
            if (entryLoop >= 0) {
                // There lie the locals as the interpreter left them.
                int interpreterSlots = 0;
                for (int i = 0; i < at.localCount(); i++) {
                    interpreterSlots += Names.slots(at.localType(i));
                }
                frameSlots = Math.max(frameSlots, interpreterSlots);
            }
            homes = new int[at.localCount()];
            for (int i = 0; i < homes.length; i++) {
                homes[i] = frameSlots;
                frameSlots += Names.slots(at.localType(i));
            }
            carriedSlot = frameSlots;
            frameSlots += whole.carriedSlots;
        }
    }

    /** At the start: puts a local's value into its home. */
    private void home(int i, int param, int interpreterSlot) {
        int type = at.localType(i);
        if (entryLoop >= 0) {
            loadSlot(type, interpreterSlot, frameLocal);
        } else if (!whole.liveAtStart.get(i)) {
            return;
        } else if (param >= 0) {
            loadParam(type, param);
        } else {
            switch (type) {
                case TypeCode.I32 -> code.iconst_0();
                case TypeCode.I64 -> code.lconst_0();
                case TypeCode.F32 -> code.fconst_0();
                case TypeCode.F64 -> code.dconst_0();
                case TypeCode.V128 -> code.lconst_0().lconst_0();
                default -> code.aconst_null();
            }
        }
        storeSlot(type, homes[i], frameLocal);
    }

    private void loadParam(int type, int local) {
        code.loadLocal(Names.kind(type), local);
        if (type == TypeCode.V128) {
            code.lload(local + 2);
        }
    }

    // Regions

    private List<Region> regions() {
        return whole == null ? List.of() : (region == null ? whole : region).inner;
    }

    private void pauseAtRegion() {
        at.pauseAt(nextRegion < regions().size() ? regions().get(nextRegion).start : NONE);
    }

    @Override
    public void paused(FuncValidator at) {
        Region next = regions().get(nextRegion++);
        if (!live) {
            pauseAtRegion();
            return;
        }
        String name = methodName + "$" + nextRegion;
        FunctionCompiler[] inner = new FunctionCompiler[1];
        boolean cached = (region == null ? whole : region).cached;
        BitSet params = cached ? next.taken() : new BitSet();
        MethodTypeDesc type = regionType(params);
        builder.withMethodBody(name, type, ClassFile.ACC_STATIC, c -> {
            inner[0] = new FunctionCompiler(batch, builder, name, facts, NONE, whole, next, c);
            inner[0].enterRegion(at, this, params);
            at.walk(inner[0], next.end);
            inner[0].leaveRegion();
        });
        height = at.height();
        pauseAtRegion();
        params.stream().forEach(this::getLocal);
        code.aload(stackLocal).lload(frameLocal).iload(remainingLocal).invokestatic(Names.SELF, name, type);
        loadLimit();
        goOn(next, cached, inner[0].ways);
    }

    private MethodTypeDesc regionType(BitSet params) {
        List<ClassDesc> types = new ArrayList<>();
        for (int i = params.nextSetBit(0); i >= 0; i = params.nextSetBit(i + 1)) {
            types.add(Names.of(at.localType(i)));
            if (at.localType(i) == TypeCode.V128) {
                types.add(J);
            }
        }
        types.addAll(List.of(STACK, J, I));
        return MethodTypeDesc.of(I, types);
    }

    /** Locals that a region has put into their homes for one way out, if the method keeps them elsewhere. */
    private BitSet stale(Region left, boolean cached, int way) {
        if (!cached || way == TAIL_CALL || way >= 0 && frames.get(way).offset == NONE) {
            return new BitSet();
        }
        return left.given(way == FALLS_THROUGH ? left.liveAtEnd : left.liveAt(frames.get(way).offset));
    }

    /** With what a region's method has returned on the stack. */
    private void goOn(Region left, boolean cached, List<Integer> ways) {
        live = ways.contains(FALLS_THROUGH);
        if (ways.isEmpty()) {
            // It ends in traps and exceptions only.
            code.pop().aconst_null().athrow();
            return;
        }
        Label next = code.newLabel();
        Label[] targets = new Label[ways.size()];
        boolean[] near = new boolean[targets.length];
        for (int i = 0; i < targets.length; i++) {
            int way = ways.get(i);
            targets[i] = way == FALLS_THROUGH ? next : null;
            near[i] = way == TAIL_CALL || !stale(left, cached, way).isEmpty();
            if (way >= 0) {
                Frame frame = frames.get(way);
                near[i] |= isFunction(frame) || frame.labelTypes().length > 0
                        || needsMoves(frame, at.height(), frame.labelSpilled());
                frame.used = true;
                targets[i] = frame.label;
            }
            if (near[i]) {
                targets[i] = code.newLabel();
            }
        }
        int last = targets.length - 1;
        if (last == 0) {
            code.pop().goto_(targets[0]);
        } else if (last == 1) {
            code.ifeq(targets[0]).goto_(targets[1]);
        } else {
            List<SwitchCase> cases = new ArrayList<>();
            for (int i = 0; i < last; i++) {
                cases.add(SwitchCase.of(i, targets[i]));
            }
            code.tableswitch(0, last - 1, targets[last], cases);
        }
        for (int i = last; i >= 0; i--) {
            if (near[i]) {
                code.labelBinding(targets[i]);
                stale(left, cached, ways.get(i)).stream().forEach(local -> {
                    loadSlot(at.localType(local), homes[local], frameLocal);
                    setLocal(local);
                });
                leaveBy(ways.get(i), next, i == 0);
            }
        }
        code.labelBinding(next);
    }

    private void leaveBy(int way, Label next, boolean last) {
        if (way == FALLS_THROUGH) {
            if (!last) {
                code.goto_(next);
            }
            return;
        }
        if (way == TAIL_CALL) {
            leaveForTailCall();
            return;
        }
        Frame frame = frames.get(way);
        int slot = carriedSlot;
        for (int type : frame.labelTypes()) {
            loadSlot(type, slot, frameLocal);
            slot += Names.slots(type);
        }
        branch(frame, at.height());
    }

    private void leaveForTailCall() {
        if (region == null) {
            leaveFrame();
            code.return_();
            return;
        }
        if (tailExit == null) {
            tailExit = new Frame(OpBytes.BLOCK, 0, ModuleTypesEmpty.EMPTY, ModuleTypesEmpty.EMPTY, true, 0, code.newLabel());
        }
        code.goto_(tailExit.label);
    }

    /** The method of a region begins: locals from their homes. */
    private void enterRegion(FuncValidator at, FunctionCompiler outer, BitSet params) {
        this.at = at;
        height = at.height();
        spilled = height;
        homes = outer.homes;
        carriedSlot = outer.carriedSlot;
        frameSlots = outer.frameSlots;
        locals = new int[at.localCount()];
        int slot = 0;
        for (int i = params.nextSetBit(0); i >= 0; i = params.nextSetBit(i + 1)) {
            locals[i] = slot;
            slot += at.localType(i) == TypeCode.V128 ? 4 : Names.kind(at.localType(i)).slotSize();
        }
        stackLocal = slot;
        frameLocal = slot + 1;
        remainingLocal = slot + 3;
        positionLocal = allocate(TypeKind.INT);
        code.iconst_0().istore(positionLocal);
        bodyLabel = code.newBoundLabel();
        BitSet taken = region.taken();
        for (int i = dealtWith.nextSetBit(0); i >= 0; i = dealtWith.nextSetBit(i + 1)) {
            int type = at.localType(i);
            if (homed.get(i)) {
                if (params.get(i)) {
                    loadParam(type, locals[i]);
                    storeSlot(type, homes[i], frameLocal);
                }
                continue;
            }
            if (params.get(i)) {
                continue;
            }
            locals[i] = allocate(Names.kind(type));
            if (type == TypeCode.V128) {
                allocate(TypeKind.LONG);
            }
            if (taken.get(i)) {
                loadSlot(type, homes[i], frameLocal);
                setLocal(i);
            } else {
                zero(type, locals[i]);
            }
        }
        localsLabel = code.newBoundLabel();
        if (facts.usesMemory) {
            limitLocal = allocate(TypeKind.INT);
            sizeLocal = allocate(TypeKind.LONG);
            loadLimit();
        }
        for (Frame frame : outer.frames) {
            Frame proxy = new Frame(frame.op, height, frame.params, frame.results, true, height, code.newLabel());
            proxy.offset = frame.offset;
            frames.add(proxy);
        }
        live = true;
        pauseAtRegion();
    }

    /** It ends: each way out puts the locals back that matter there. */
    private void leaveRegion() {
        if (live) {
            exit(FALLS_THROUGH, region.liveAtEnd);
        }
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            if (frame.used) {
                code.labelBinding(frame.label);
                storeSlots(frame.labelTypes(), carriedSlot, frameLocal);
                exit(i, frame.offset == NONE ? new BitSet() : region.liveAt(frame.offset));
            }
        }
        if (tailExit != null) {
            code.labelBinding(tailExit.label);
            exit(TAIL_CALL, new BitSet());
        }
        Label end = code.newBoundLabel();
        if (whole.handlers) {
            code.exceptionCatch(localsLabel, end, end, Names.EXCEPTION);
            int exception = allocate(TypeKind.REFERENCE);
            code.astore(exception);
            putBack(region.written);
            code.aload(exception).athrow();
        }
        Label trapped = code.newBoundLabel();
        code.exceptionCatch(bodyLabel, end, trapped, Names.TRAP);
        code.iload(positionLocal);
        support("inside", Names.TRAP, Names.TRAP, I);
        code.athrow();
    }

    private void exit(int way, BitSet wanted) {
        putBack(wanted);
        code.loadConstant(ways.size()).ireturn();
        ways.add(way);
    }

    private void putBack(BitSet wanted) {
        for (int i = dealtWith.nextSetBit(0); i >= 0; i = dealtWith.nextSetBit(i + 1)) {
            if (wanted.get(i) && region.written.get(i) && !homed.get(i)) {
                getLocal(i);
                storeSlot(at.localType(i), homes[i], frameLocal);
            }
        }
    }

    // Locals of the method

    private int allocate(TypeKind kind) {
        return code.allocateLocal(kind);
    }

    private void zero(int type, int local) {
        switch (type) {
            case TypeCode.I32 -> code.iconst_0().istore(local);
            case TypeCode.I64 -> code.lconst_0().lstore(local);
            case TypeCode.F32 -> code.fconst_0().fstore(local);
            case TypeCode.F64 -> code.dconst_0().dstore(local);
            case TypeCode.V128 -> code.lconst_0().lstore(local).lconst_0().lstore(local + 2);
            default -> code.aconst_null().astore(local);
        }
    }

    private void loadLimit() {
        if (facts.usesMemory) {
            constant(Constant.Kind.MEMORY, 0);
            code.dup().getfield(Names.MEMORY, "size", J).lstore(sizeLocal).getfield(Names.MEMORY, "safe", I)
                    // HotSpot takes comparisons out of loops if it knows that the limit is not negative.
                    .loadConstant(Integer.MAX_VALUE).iand().istore(limitLocal);
        }
    }

    private void constant(Constant.Kind kind, int index) {
        batch.load(code, new Constant(kind, index));
    }

    private void self() {
        constant(Constant.Kind.FUNCTION, facts.function);
    }

    private void position() {
        code.loadConstant(at.offset() - bodyStart).istore(positionLocal);
    }

    private void support(String name, ClassDesc result, ClassDesc... params) {
        code.invokestatic(SUPPORT, name, Names.type(result, params));
    }

    /** After the whole body: the handler that notes this call in a trap. */
    void finish() {
        Label end = code.newBoundLabel();
        if (rethrow != null) {
            code.labelBinding(rethrow).athrow();
        }
        code.exceptionCatch(bodyLabel, end, end = code.newBoundLabel(), Names.TRAP);
        self();
        code.iload(positionLocal);
        support("passing", Names.TRAP, Names.TRAP, Names.GUEST_FUNCTION, I);
        code.athrow();
    }

    // Values on the JVM stack

    int temp(int i, TypeKind kind) {
        return temps.computeIfAbsent(i << 4 | kind.ordinal(), k -> allocate(kind));
    }

    /** Pops a value into locals of its own. */
    private void store(int type, int i) {
        if (type == TypeCode.V128) {
            code.lstore(temp(2 * i + 1, TypeKind.LONG)).lstore(temp(2 * i, TypeKind.LONG));
        } else {
            code.storeLocal(Names.kind(type), temp(2 * i, Names.kind(type)));
        }
    }

    private void load(int type, int i) {
        code.loadLocal(Names.kind(type), temp(2 * i, Names.kind(type)));
        if (type == TypeCode.V128) {
            code.lload(temp(2 * i + 1, TypeKind.LONG));
        }
    }

    private void drop(int type) {
        switch (type) {
            case TypeCode.V128 -> code.pop2().pop2();
            case TypeCode.I64, TypeCode.F64 -> code.pop2();
            default -> code.pop();
        }
    }

    /** Below {@code carried} values, moves what the JVM stack holds into locals, up to a height. */
    private void spill(int height, int[] carried) {
        if (spilled >= height) {
            return;
        }
        for (int i = carried.length - 1; i >= 0; i--) {
            store(carried[i], i);
        }
        if (height > spillLocals.length) {
            int size = Math.max(height, 2 * spillLocals.length);
            spillLocals = java.util.Arrays.copyOf(spillLocals, size);
            spillTypes = java.util.Arrays.copyOf(spillTypes, size);
        }
        for (int i = height - 1; i >= spilled; i--) {
            int type = at.type(i);
            spillTypes[i] = type;
            spillLocals[i] = allocate(Names.kind(type));
            if (type == TypeCode.V128) {
                int high = allocate(TypeKind.LONG);
                code.lstore(high);
            }
            code.storeLocal(Names.kind(type), spillLocals[i]);
        }
        spilled = height;
        for (int i = 0; i < carried.length; i++) {
            load(carried[i], i);
        }
    }

    private void loadSpilled(int i) {
        code.loadLocal(Names.kind(spillTypes[i]), spillLocals[i]);
        if (spillTypes[i] == TypeCode.V128) {
            code.lload(spillLocals[i] + 2);
        }
    }

    private boolean needsMoves(Frame target, int h, int targetSpilled) {
        return h != target.height || spilled != targetSpilled;
    }

    /** Makes the stack, {@code h} entries and the carried ones on top, what a label of the frame expects. */
    private void move(int[] carried, int h, int targetHeight, int targetSpilled) {
        if (h == targetHeight && spilled == targetSpilled) {
            return;
        }
        for (int i = carried.length - 1; i >= 0; i--) {
            store(carried[i], i);
        }
        for (int i = h - 1; i >= Math.max(targetHeight, spilled); i--) {
            drop(at.type(i));
        }
        for (int i = targetSpilled; i < Math.min(spilled, targetHeight); i++) {
            loadSpilled(i);
        }
        for (int i = 0; i < carried.length; i++) {
            load(carried[i], i);
        }
    }

    private Frame frame(int label) {
        return frames.get(frames.size() - 1 - label);
    }

    /** Whether a branch to the frame is a return from this method. */
    private boolean isFunction(Frame frame) {
        return region == null && frame == frames.get(0);
    }

    private void branch(Frame target, int h) {
        if (isFunction(target)) {
            emitReturn();
            return;
        }
        move(target.labelTypes(), h, target.height, target.labelSpilled());
        target.used = true;
        code.goto_(target.label);
    }

    /** Returns with the results on top of the stack. */
    private void emitReturn() {
        int[] results = frames.get(0).results;
        if (resultsInMemory) {
            storeSlots(results, 0, frameLocal);
            leaveFrame();
            code.return_();
            return;
        }
        leaveFrame();
        if (results.length == 0) {
            code.return_();
        } else {
            code.return_(Names.kind(results[0]));
        }
    }

    private void leaveFrame() {
        if (linkage.profiled()) {
            code.aload(stackLocal);
            remaining();
            code.iconst_1().iadd();
            support("innermost", V, STACK, I);
        }
        if (frameLocal != NONE) {
            code.aload(stackLocal).lload(frameLocal).putfield(STACK, "top", J);
        }
    }

    /** Pops values into consecutive slots of this call's frame. */
    private void storeSlots(int[] kinds, int firstSlot, int frame) {
        int slot = firstSlot + Names.slots(kinds);
        for (int i = kinds.length - 1; i >= 0; i--) {
            slot -= Names.slots(kinds[i]);
            storeSlot(kinds[i], slot, frame);
        }
    }

    private void storeSlot(int type, int slot, int frame) {
        if (type == TypeCode.V128) {
            code.lload(frame).loadConstant(8 * slot + 8);
            support("putJ", V, J, J, I);
        }
        if (TypeCode.isRef(type)) {
            code.aload(stackLocal).lload(frame).loadConstant(8 * slot);
            support("putA", V, OBJECT, STACK, J, I);
        } else {
            code.lload(frame).loadConstant(8 * slot);
            support("put" + (type == TypeCode.V128 ? "J" : Names.letter(type)), V, Names.of(type), J, I);
        }
    }

    private void loadSlot(int type, int slot, int frame) {
        if (TypeCode.isRef(type)) {
            code.aload(stackLocal).lload(frame).loadConstant(8 * slot);
            support("getA", OBJECT, STACK, J, I);
            return;
        }
        code.lload(frame).loadConstant(8 * slot);
        support("get" + (type == TypeCode.V128 ? "J" : Names.letter(type)), Names.of(type), J, I);
        if (type == TypeCode.V128) {
            code.lload(frame).loadConstant(8 * slot + 8);
            support("getJ", J, J, I);
        }
    }

    // Conditions

    private void materialize() {
        if (pending == NONE) {
            return;
        }
        Label yes = code.newLabel();
        Label end = code.newLabel();
        NumberOps.branch(pending & 0xFFFF, pending < 0x10000, yes, code);
        code.iconst_0().goto_(end).labelBinding(yes).iconst_1().labelBinding(end);
        pending = NONE;
    }

    /** Jumps if the i32 on top, which may be a pending comparison, is not zero, or if it is. */
    private void branchIf(boolean wanted, Label target) {
        if (pending == NONE) {
            code.branch(wanted ? Opcode.IFNE : Opcode.IFEQ, target);
        } else {
            NumberOps.branch(pending & 0xFFFF, wanted == pending < 0x10000, target, code);
            pending = NONE;
        }
    }

    // Arms of a br_table
    //
    // C2 computes what several arms have in common once, before it jumps: of an interpreter's twenty ways to take an operand
    // from its stack, all twenty addresses, each time, most of them to be spilled. So an arm adds a zero to the locals it
    // starts with that C2 cannot know to be one: it loads it in the arm.

    private void beginArm() {
        if (veils == null) {
            veils = new BitSet();
        }
        veils.clear();
        veils.set(0, at.localCount());
        veilLoaded = false;
    }

    private void veil(int local) {
        veils.clear(local);
        if (at.localType(local) != TypeCode.I32 || homed.get(local)) {
            return;
        }
        int zero = temp(40, TypeKind.INT);
        if (!veilLoaded) {
            veilLoaded = true;
            batch.unsafe(code);
            code.loadConstant(batch.zeroAddress());
            unsafeGet("getInt", I);
            code.istore(zero);
        }
        code.iload(locals[local]).iload(zero).iadd().istore(locals[local]);
    }

    // The walk

    @Override
    public void op(FuncValidator at) {
        int op = at.op();
        int before = height;
        height = at.height() + at.resultCount();
        if (pending != NONE && !(op == OpBytes.BR_IF || op == OpBytes.IF || op == OpBytes.I32_EQZ
                || (op == OpBytes.SELECT || op == OpBytes.SELECT_T))) {
            materialize();
        }
        if (veils != null && isStructure(op)) {
            veils.clear();
        }
        translate(op, before);
        opBefore = previousOp;
        previousOp = op;
    }

    private void translate(int op, int before) {
        switch (op) {
            case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF, OpBytes.TRY, OpBytes.TRY_TABLE -> open(op);
            case OpBytes.ELSE -> orElse();
            case OpBytes.CATCH, OpBytes.CATCH_ALL -> legacyCatch(op);
            case OpBytes.DELEGATE -> delegate();
            case OpBytes.END -> end();
            default -> {
                if (live) {
                    instruction(op, at.height(), before - at.height());
                }
            }
        }
    }

    /** Whether control may come here, or go on, in another way than straight ahead. */
    private static boolean isStructure(int op) {
        return switch (op) {
            case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF, OpBytes.ELSE, OpBytes.END, OpBytes.TRY, OpBytes.TRY_TABLE,
                    OpBytes.CATCH, OpBytes.CATCH_ALL, OpBytes.DELEGATE -> true;
            default -> false;
        };
    }

    private void open(int op) {
        int[] params = at.frameParams(0);
        int[] results = at.frameResults(0);
        int h = at.height();
        boolean isEntry = at.offset() == entryLoop && op == OpBytes.LOOP;
        Frame frame = new Frame(op, h, params, results, live, spilled, isEntry ? entryLabel : code.newLabel());
        frame.offset = at.offset();
        switch (op) {
            case OpBytes.IF -> {
                frame.otherwise = code.newLabel();
                if (live) {
                    branchIf(false, frame.otherwise);
                }
            }
            case OpBytes.LOOP -> {
                if (live) {
                    spill(h, params);
                }
                if (entryLoop >= 0 && at.offset() == facts.outermostLoop) {
                    live = true;
                }
                frame.spilledInside = spilled;
                if (live) {
                    code.labelBinding(frame.label);
                    if (linkage.interruptible()) {
                        poll();
                    }
                }
            }
            case OpBytes.TRY, OpBytes.TRY_TABLE -> {
                if (live) {
                    spill(h, params);
                }
                frame.spilledInside = spilled;
                frame.handler = code.newLabel();
                if (op == OpBytes.TRY_TABLE) {
                    frame.clauses = new int[3 * at.catchCount()];
                    for (int i = 0; i < at.catchCount(); i++) {
                        frame.clauses[3 * i] = at.catchKind(i);
                        frame.clauses[3 * i + 1] = at.catchTag(i);
                        frame.clauses[3 * i + 2] = at.catchLabel(i);
                    }
                }
                frame.tryStart = code.newLabel();
                if (live) {
                    code.labelBinding(frame.tryStart).nop();
                }
            }
            default -> {
            }
        }
        frames.add(frame);
    }

    private void poll() {
        if (!frames.isEmpty()) {
            position();
        }
        constant(Constant.Kind.INSTANCE, 0);
        code.invokevirtual(Names.INSTANCE, "checkInterrupt", Names.type(V));
    }

    /** The values of the arm that ends go to the frame's end. */
    private void endArm(Frame frame, boolean jump) {
        if (live) {
            move(frame.results, at.height(), frame.height, frame.spilledOutside);
            if (jump) {
                frame.used = true;
                code.goto_(frame.label);
            }
        }
    }

    private void orElse() {
        Frame frame = frame(0);
        endArm(frame, true);
        frame.op = OpBytes.ELSE;
        spilled = frame.spilledInside;
        live = frame.entered;
        if (live) {
            code.labelBinding(frame.otherwise);
        }
        frame.otherwise = null;
    }

    private void end() {
        Frame frame = frame(0);
        if (isFunction(frame)) {
            if (live) {
                emitReturn();
            }
            live = false;
            frames.removeLast();
            return;
        }
        // A try without a catch: only a delegate can come to its handler.
        boolean bare = frame.op == OpBytes.TRY && frame.delegated;
        boolean handlers = frame.handler != null && frame.entered
                && (frame.op == OpBytes.TRY_TABLE || frame.nextCatch != null || bare);
        endArm(frame, handlers);
        if (bare) {
            code.labelBinding(frame.handler).athrow();
            live = false;
        }
        if (frame.op == OpBytes.TRY_TABLE && frame.entered) {
            frame.tryEnd = code.newBoundLabel();
            live = false;
            tryTableHandler(frame);
        } else if (frame.handler != null && frame.nextCatch != null) {
            code.labelBinding(frame.nextCatch).aload(frame.exception).athrow();
            live = false;
        }
        if (frame.otherwise != null && frame.entered) {
            // No else: the parameters are the results, where they are.
            if (spilled != frame.spilledOutside) {
                throw new IllegalStateException("spills in an if");
            }
            code.labelBinding(frame.otherwise);
            live = true;
        }
        spilled = frame.spilledOutside;
        if (!frame.isLoop() && frame.used) {
            code.labelBinding(frame.label);
            live = true;
            if (frame.arm) {
                beginArm();
            }
        }
        frames.removeLast();
    }

    // Exceptions

    /** At the start of a handler. */
    private void resume() {
        if (linkage.profiled()) {
            code.aload(stackLocal);
            remaining();
            support("innermost", V, STACK, I);
        }
        code.aload(stackLocal).lload(frameLocal).loadConstant(8L * frameSlots).ladd().putfield(STACK, "top", J);
        loadLimit();
    }

    private void payload(int tag, int exception) {
        int slot = 0;
        for (int type : types.params(module.tagTypeIndex(tag))) {
            code.aload(exception).loadConstant(slot);
            if (type == TypeCode.V128) {
                support("payloadJ", J, Names.EXCEPTION, I);
                code.aload(exception).loadConstant(slot + 1);
                support("payloadJ", J, Names.EXCEPTION, I);
            } else {
                support("payload" + Names.letter(type), Names.of(type), Names.EXCEPTION, I);
            }
            slot += Names.slots(type);
        }
    }

    private void checkTag(int tag, int exception, Label other) {
        code.aload(exception).getfield(Names.EXCEPTION, "tag", Names.TAG);
        constant(Constant.Kind.TAG, tag);
        code.if_acmpne(other);
    }

    private void tryTableHandler(Frame frame) {
        code.exceptionCatch(frame.tryStart, frame.tryEnd, frame.handler, Names.EXCEPTION);
        code.labelBinding(frame.handler);
        int exception = allocate(TypeKind.REFERENCE);
        code.astore(exception);
        resume();
        int[] clauses = frame.clauses;
        boolean caught = false;
        spilled = frame.spilledInside;
        for (int i = 0; i < clauses.length && !caught; i += 3) {
            int kind = clauses[i];
            Label next = code.newLabel();
            if (kind < 2) {
                checkTag(clauses[i + 1], exception, next);
                payload(clauses[i + 1], exception);
            } else {
                caught = true;
            }
            if ((kind & 1) != 0) {
                code.aload(exception);
            }
            // Everything below the try block has been spilled, so there is nothing else on the JVM stack.
            branch(frame(clauses[i + 2] + 1), frame.spilledInside);
            if (!caught) {
                code.labelBinding(next);
            }
        }
        if (!caught) {
            code.aload(exception).athrow();
        }
    }

    private void legacyCatch(int op) {
        Frame frame = frame(0);
        endArm(frame, true);
        live = false;
        frame.op = op;
        if (!frame.entered) {
            return;
        }
        if (frame.tryEnd == null) {
            frame.tryEnd = code.newBoundLabel();
            code.exceptionCatch(frame.tryStart, frame.tryEnd, frame.handler, Names.EXCEPTION);
            code.labelBinding(frame.handler);
            frame.exception = allocate(TypeKind.REFERENCE);
            code.astore(frame.exception);
            resume();
        } else if (frame.nextCatch != null) {
            code.labelBinding(frame.nextCatch);
        }
        frame.nextCatch = null;
        spilled = frame.spilledInside;
        if (op == OpBytes.CATCH) {
            frame.nextCatch = code.newLabel();
            checkTag(at.a(), frame.exception, frame.nextCatch);
            payload(at.a(), frame.exception);
        }
        live = true;
    }

    private void delegate() {
        Frame frame = frame(0);
        endArm(frame, false);
        if (frame.entered) {
            frame.tryEnd = code.newBoundLabel();
            Label to = null;
            for (int i = at.a() + 1; i < frames.size() && to == null; i++) {
                if (frame(i).inTryBody() && frame(i).entered) {
                    to = frame(i).handler;
                    frame(i).delegated = true;
                }
            }
            if (to == null) {
                if (rethrow == null) {
                    rethrow = code.newLabel();
                }
                to = rethrow;
            }
            code.exceptionCatch(frame.tryStart, frame.tryEnd, to, Names.EXCEPTION);
        }
        spilled = frame.spilledOutside;
        if (frame.used) {
            code.labelBinding(frame.label);
            live = true;
        }
        frames.removeLast();
    }

    // Everything else; h is the height below the operands.

    private void instruction(int op, int h, int operands) {
        if (NumberOps.isComparison(op)) {
            comparison(op);
            return;
        }
        if (NumberOps.isNumber(op)) {
            if (NumberOps.canTrap(op)) {
                position();
            }
            NumberOps.emit(op, code);
            return;
        }
        if (op >= OpBytes.I32_LOAD && op <= OpBytes.I64_STORE32 && isFastAccess(at)) {
            access(op);
            return;
        }
        switch (op) {
            case OpBytes.NOP, OpBytes.ATOMIC_FENCE, OpBytes.ANY_CONVERT_EXTERN, OpBytes.EXTERN_CONVERT_ANY -> {
            }
            case OpBytes.UNREACHABLE -> {
                position();
                support("unreachable", Names.TRAP);
                code.athrow();
                live = false;
            }
            case OpBytes.BR -> {
                branch(frame(at.a()), h);
                live = false;
            }
            case OpBytes.BR_IF -> conditional(frame(at.a()), h);
            case OpBytes.BR_TABLE -> branchTable(h);
            case OpBytes.RETURN -> {
                branch(frames.get(0), h);
                live = false;
            }
            case OpBytes.CALL -> call(at.a());
            case OpBytes.CALL_INDIRECT -> {
                callee();
                callThroughMemory(at.a());
            }
            case OpBytes.CALL_REF -> {
                position();
                support("function", Names.FUNCTION, OBJECT);
                callThroughMemory(at.a());
            }
            case OpBytes.RETURN_CALL -> {
                int type = module.functionTypeIndex(at.a());
                storeSlots(types.params(type), 0, frameLocal);
                batch.load(code, new Constant(Constant.Kind.FUNCTION, at.a()));
                tailCall();
            }
            case OpBytes.RETURN_CALL_INDIRECT -> {
                callee();
                code.astore(temp(0, TypeKind.REFERENCE));
                storeSlots(types.params(at.a()), 0, frameLocal);
                code.aload(temp(0, TypeKind.REFERENCE));
                tailCall();
            }
            case OpBytes.RETURN_CALL_REF -> {
                position();
                support("function", Names.FUNCTION, OBJECT);
                code.astore(temp(0, TypeKind.REFERENCE));
                storeSlots(types.params(at.a()), 0, frameLocal);
                code.aload(temp(0, TypeKind.REFERENCE));
                tailCall();
            }
            case OpBytes.DROP -> drop(at.operandType());
            case OpBytes.SELECT, OpBytes.SELECT_T -> select(at.operandType());
            case OpBytes.LOCAL_GET -> {
                if (veils != null && veils.get(at.a())) {
                    veil(at.a());
                }
                getLocal(at.a());
            }
            case OpBytes.LOCAL_SET -> {
                if (veils != null) {
                    veils.clear(at.a());
                }
                setLocal(at.a());
            }
            case OpBytes.LOCAL_TEE -> {
                if (veils != null) {
                    veils.clear(at.a());
                }
                int type = at.localType(at.a());
                if (type == TypeCode.V128) {
                    setLocal(at.a());
                    getLocal(at.a());
                } else {
                    if (Names.kind(type).slotSize() == 2) {
                        code.dup2();
                    } else {
                        code.dup();
                    }
                    setLocal(at.a());
                }
            }
            case OpBytes.GLOBAL_GET -> getGlobal(at.a());
            case OpBytes.GLOBAL_SET -> setGlobal(at.a());
            case OpBytes.I32_CONST -> code.loadConstant((int) at.value());
            case OpBytes.I64_CONST -> code.loadConstant(at.value());
            case OpBytes.F32_CONST -> NumberOps.constant(Float.intBitsToFloat((int) at.value()), code);
            case OpBytes.F64_CONST -> NumberOps.constant(Double.longBitsToDouble(at.value()), code);
            case OpBytes.V128_CONST -> code.loadConstant(at.value()).loadConstant(at.valueHigh());
            case OpBytes.REF_NULL -> code.aconst_null();
            case OpBytes.REF_IS_NULL -> {
                Label isNull = code.newLabel();
                Label end = code.newLabel();
                code.ifnull(isNull).iconst_0().goto_(end).labelBinding(isNull).iconst_1().labelBinding(end);
            }
            case OpBytes.REF_FUNC -> constant(Constant.Kind.FUNCTION, at.a());
            case OpBytes.REF_EQ -> support("same", I, OBJECT, OBJECT);
            case OpBytes.REF_AS_NON_NULL -> {
                position();
                support("nonNull", OBJECT, OBJECT);
            }
            case OpBytes.BR_ON_NULL -> {
                Label skip = code.newLabel();
                code.dup().ifnonnull(skip).pop();
                branch(frame(at.a()), h);
                code.labelBinding(skip);
            }
            case OpBytes.BR_ON_NON_NULL -> {
                Label skip = code.newLabel();
                code.dup().ifnull(skip);
                branch(frame(at.a()), h);
                code.labelBinding(skip).pop();
            }
            case OpBytes.BR_ON_CAST, OpBytes.BR_ON_CAST_FAIL -> {
                Label skip = code.newLabel();
                code.dup();
                isInstance(at.c());
                if (op == OpBytes.BR_ON_CAST) {
                    code.ifeq(skip);
                } else {
                    code.ifne(skip);
                }
                branch(frame(at.a()), h);
                code.labelBinding(skip);
            }
            case OpBytes.REF_TEST, OpBytes.REF_TEST_NULL -> isInstance(at.a());
            case OpBytes.REF_CAST, OpBytes.REF_CAST_NULL -> {
                position();
                self();
                code.loadConstant(at.a());
                support("cast", OBJECT, OBJECT, Names.GUEST_FUNCTION, I);
            }
            case OpBytes.MEMORY_SIZE -> {
                constant(Constant.Kind.MEMORY, at.a());
                code.invokevirtual(Names.MEMORY, "sizePages", Names.type(J));
                if (at.resultType(0) == TypeCode.I32) {
                    code.l2i();
                }
            }
            case OpBytes.THROW -> {
                position();
                storeSlots(types.params(module.tagTypeIndex(at.a())), 0, frameLocal);
                constant(Constant.Kind.TAG, at.a());
                code.aload(stackLocal).lload(frameLocal);
                support("exception", Names.EXCEPTION, Names.TAG, STACK, J);
                code.athrow();
                live = false;
            }
            case OpBytes.THROW_REF -> {
                position();
                support("throwable", Names.EXCEPTION, OBJECT);
                code.athrow();
                live = false;
            }
            case OpBytes.RETHROW -> {
                position();
                code.aload(frame(at.a()).exception).checkcast(Names.EXCEPTION).athrow();
                live = false;
            }
            default -> {
                if (VectorOps.isInline(at)) {
                    VectorOps.emit(this, at, code);
                } else {
                    cold(op, h, operands);
                }
            }
        }
    }

    private void isInstance(int type) {
        self();
        code.loadConstant(type);
        support("isInstance", I, OBJECT, Names.GUEST_FUNCTION, I);
    }

    private void comparison(int op) {
        if (op == OpBytes.I32_EQZ && pending != NONE) {
            pending ^= 0x10000;
        } else {
            pending = op;
        }
    }

    // Locals and globals

    private void getLocal(int local) {
        int type = at.localType(local);
        if (homed.get(local)) {
            loadSlot(type, homes[local], frameLocal);
            return;
        }
        code.loadLocal(Names.kind(type), locals[local]);
        if (type == TypeCode.V128) {
            code.lload(locals[local] + 2);
        }
    }

    private void setLocal(int local) {
        int type = at.localType(local);
        if (homed.get(local)) {
            storeSlot(type, homes[local], frameLocal);
            return;
        }
        if (type == TypeCode.V128) {
            code.lstore(locals[local] + 2);
        }
        code.storeLocal(Names.kind(type), locals[local]);
    }

    private void getGlobal(int index) {
        int type = at.resultType(0);
        if (TypeCode.isRef(type)) {
            constant(Constant.Kind.GLOBAL, index);
            code.getfield(Names.GLOBAL, "ref", OBJECT);
            return;
        }
        long address = linkage.globalAddress(index);
        batch.unsafe(code);
        code.loadConstant(address);
        switch (type) {
            case TypeCode.I32 -> unsafeGet("getInt", I);
            case TypeCode.F32 -> unsafeGet("getFloat", F);
            case TypeCode.F64 -> unsafeGet("getDouble", D);
            default -> unsafeGet("getLong", J);
        }
        if (type == TypeCode.V128) {
            batch.unsafe(code);
            code.loadConstant(address + 8);
            unsafeGet("getLong", J);
        }
    }

    private void setGlobal(int index) {
        int type = module.globalCode(index);
        if (TypeCode.isRef(type)) {
            int value = temp(0, TypeKind.REFERENCE);
            code.astore(value);
            constant(Constant.Kind.GLOBAL, index);
            code.aload(value).putfield(Names.GLOBAL, "ref", OBJECT);
            return;
        }
        long address = linkage.globalAddress(index);
        // A cell holds an i32 or f32 sign-extended.
        switch (type) {
            case TypeCode.I32 -> code.i2l();
            case TypeCode.F32 -> {
                NumberOps.emit(OpBytes.I32_REINTERPRET_F32, code);
                code.i2l();
            }
            case TypeCode.F64 -> NumberOps.emit(OpBytes.I64_REINTERPRET_F64, code);
            case TypeCode.V128 -> putLong(address + 8);
            default -> {
            }
        }
        putLong(address);
    }

    private void putLong(long address) {
        int value = temp(0, TypeKind.LONG);
        code.lstore(value);
        batch.unsafe(code);
        code.loadConstant(address).lload(value);
        code.invokevirtual(Names.UNSAFE, "putLong", Names.type(V, OBJECT, J, J));
    }

    private void unsafeGet(String name, ClassDesc type) {
        code.invokevirtual(Names.UNSAFE, name, Names.type(type, OBJECT, J));
    }

    private void select(int type) {
        Label first = code.newLabel();
        if (type == TypeCode.V128) {
            materialize();
            code.istore(temp(3, TypeKind.INT));
            store(type, 1);
            code.iload(temp(3, TypeKind.INT)).ifne(first);
            code.pop2().pop2();
            load(type, 1);
            code.labelBinding(first);
            return;
        }
        if ((type == TypeCode.I32 || type == TypeCode.I64) && isBitTest()) {
            selectByMask(type);
            return;
        }
        branchIf(true, first);
        if (Names.kind(type).slotSize() == 2) {
            code.dup2_x2().pop2().labelBinding(first).pop2();
        } else {
            code.swap().labelBinding(first).pop();
        }
    }

    /** Whether the condition is a test of bits, {@code x & m} or its negation. */
    private boolean isBitTest() {
        return pending == NONE ? previousOp == OpBytes.I32_AND
                : pending == OpBytes.I32_EQZ && previousOp == OpBytes.I32_EQZ && opBefore == OpBytes.I32_AND;
    }

    /**
     * Without a branch: bits of data are as good as random, and C2 makes a conditional move of a diamond only where it finds no
     * more than one operation to move into its arms. Comparisons are left to it, as most can be predicted.
     */
    private void selectByMask(int type) {
        boolean second = pending != NONE;
        pending = NONE;
        int mask = temp(41, TypeKind.INT);
        TypeKind kind = Names.kind(type);
        int a = temp(42, kind);
        int b = temp(43, kind);
        // All ones if any bit is set.
        code.dup().ineg().ior().loadConstant(31).ishr().istore(mask);
        code.storeLocal(kind, b).storeLocal(kind, a);
        int other = second ? a : b;
        code.loadLocal(kind, a).loadLocal(kind, b);
        if (type == TypeCode.I32) {
            code.ixor().iload(mask).iand().iload(other).ixor();
        } else {
            code.lxor().iload(mask).i2l().land().lload(other).lxor();
        }
    }

    // Branches

    private void conditional(Frame target, int h) {
        // Where a branch goes back HotSpot stops the thread if it must, and then wants what the branch pops from the JVM stack:
        // a comparison of three results would be computed in full for that alone. So a goto goes back.
        boolean byGoto = target.isLoop() && pending != NONE && NumberOps.isThreeWay(pending & 0xFFFF);
        if (!isFunction(target) && !byGoto && !needsMoves(target, h, target.labelSpilled())) {
            target.used = true;
            branchIf(true, target.label);
            return;
        }
        Label skip = code.newLabel();
        branchIf(false, skip);
        branch(target, h);
        code.labelBinding(skip);
    }

    private void branchTable(int h) {
        int last = at.labelCount() - 1;
        if (last >= ARMS && frames.stream().anyMatch(Frame::isLoop)) {
            for (int i = 0; i <= last; i++) {
                frame(at.label(i)).arm = true;
            }
        }
        Map<Frame, Label> far = new LinkedHashMap<>();
        List<SwitchCase> cases = new ArrayList<>();
        for (int i = 0; i < last; i++) {
            cases.add(SwitchCase.of(i, switchTarget(frame(at.label(i)), h, far)));
        }
        Label byDefault = switchTarget(frame(at.label(last)), h, far);
        if (cases.isEmpty()) {
            code.pop().goto_(byDefault);
        } else {
            code.tableswitch(0, last - 1, byDefault, cases);
        }
        far.forEach((frame, label) -> {
            code.labelBinding(label);
            branch(frame, h);
        });
        live = false;
    }

    private Label switchTarget(Frame frame, int h, Map<Frame, Label> far) {
        if (!isFunction(frame) && !needsMoves(frame, h, frame.labelSpilled())) {
            frame.used = true;
            return frame.label;
        }
        return far.computeIfAbsent(frame, f -> code.newLabel());
    }

    // Calls

    private void call(int function) {
        position();
        BatchClass.Method direct = batch.direct(function, methodName);
        int type = module.functionTypeIndex(function);
        if (direct == null) {
            constant(Constant.Kind.FUNCTION, function);
            if (function < module.importedFunctionCount() && HostCalls.canCall(types.params(type), types.results(type))) {
                callHost(type);
            } else {
                callThroughMemory(type);
            }
            return;
        }
        stackAndDepth(BatchClass.copyNumber(direct.name()));
        code.invokestatic(Names.SELF, direct.name(), direct.type());
        if (direct.facts().resultsInMemory()) {
            results(types.results(type));
        }
        loadLimit();
    }

    /**
     * The last two arguments of a call. The caller checks the depth: one check for all its calls, none in the leaves.
     *
     * @param calleeCopy 1 for a copy, to which the call counts as not made yet: so the number stays the same, in one register,
     *        for two calls
     */
    private void stackAndDepth(int calleeCopy) {
        code.aload(stackLocal).iload(remainingLocal);
        if (calleeCopy > copy) {
            support("checkDepth", I, I);
        } else if (copy > 0) {
            support("deeperThanCopy", I, I);
        } else {
            support("deeper", I, I);
        }
    }

    /** The import on top, its arguments below: calls the host with an array that HotSpot may take apart again. */
    private void callHost(int type) {
        int[] params = types.params(type);
        int[] results = types.results(type);
        int function = temp(1, TypeKind.REFERENCE);
        int host = temp(2, TypeKind.REFERENCE);
        Label detour = code.newLabel();
        Label done = code.newLabel();
        code.dup().astore(function);
        support("host", Names.HOST, Names.FUNCTION);
        code.dup().astore(host).ifnull(detour);
        for (int i = params.length - 1; i >= 0; i--) {
            store(params[i], FIRST_ARGUMENT + i);
        }
        code.aload(host).loadConstant(params.length).newarray(TypeKind.LONG);
        for (int i = 0; i < params.length; i++) {
            code.dup().loadConstant(i);
            load(params[i], FIRST_ARGUMENT + i);
            HostCalls.toLong(params[i], code);
            code.lastore();
        }
        code.aload(stackLocal);
        remaining();
        code.invokevirtual(Names.HOST, "call", Names.type(J, J.arrayType(), STACK, I));
        if (results.length == 0) {
            code.pop2();
        } else {
            HostCalls.fromLong(results[0], code);
        }
        code.goto_(done).labelBinding(detour);
        passThroughMemory(type, function);
        code.labelBinding(done);
        loadLimit();
    }

    /** Pushes how many calls the function may have open below it. */
    private void remaining() {
        code.iload(remainingLocal);
        if (copy > 0) {
            code.loadConstant(copy).isub();
        }
    }

    /** From the element index on the stack to the function. */
    private void callee() {
        position();
        if (module.table(at.b()).table64()) {
            // The operand is a long already.
        } else {
            code.i2l().loadConstant(U32).land();
        }
        constant(Constant.Kind.TABLE, at.b());
        constant(Constant.Kind.TYPE, at.a());
        support("callee", Names.FUNCTION, J, Names.TABLE, Names.TYPE);
    }

    /** The function on top, its arguments below: runs it by the rules of WasmFunction.run. */
    private void callThroughMemory(int type) {
        position();
        int function = temp(1, TypeKind.REFERENCE);
        code.astore(function);
        int[] params = types.params(type);
        Shape shape = Shape.of(params, types.results(type));
        if (shape == null) {
            passThroughMemory(type, function);
            loadLimit();
            return;
        }
        batch.needs(shape);
        Label detour = code.newLabel();
        Label done = code.newLabel();
        int compiled = temp(2, TypeKind.REFERENCE);
        code.aload(function);
        support("shaped", Names.SUPER, Names.FUNCTION);
        code.dup().astore(compiled).ifnull(detour);
        for (int i = params.length - 1; i >= 0; i--) {
            store(params[i], FIRST_ARGUMENT + i);
        }
        code.aload(compiled);
        for (int i = 0; i < params.length; i++) {
            load(params[i], FIRST_ARGUMENT + i);
        }
        stackAndDepth(0);
        if (shape.isInterface()) {
            code.invokeinterface(shape.owner(), shape.method(), shape.type());
        } else {
            code.invokevirtual(shape.owner(), shape.method(), shape.type());
        }
        code.goto_(done).labelBinding(detour);
        passThroughMemory(type, function);
        code.labelBinding(done);
        loadLimit();
    }

    private void passThroughMemory(int type, int function) {
        int[] params = types.params(type);
        int slot = Names.slots(params);
        for (int i = params.length - 1; i >= 0; i--) {
            slot -= Names.slots(params[i]);
            if (params[i] == TypeCode.V128) {
                code.aload(stackLocal).loadConstant(8 * slot + 8);
                support("argumentJ", V, J, STACK, I);
            }
            code.aload(stackLocal).loadConstant(8 * slot);
            support("argument" + (params[i] == TypeCode.V128 ? "J" : Names.letter(params[i])), V, Names.of(params[i]), STACK, I);
        }
        code.aload(function).aload(stackLocal);
        remaining();
        support("call", V, Names.FUNCTION, STACK, I);
        results(types.results(type));
    }

    /** Pushes results that a callee left above this call's frame. */
    private void results(int[] kinds) {
        int slot = 0;
        for (int type : kinds) {
            String letter = type == TypeCode.V128 ? "J" : Names.letter(type);
            code.aload(stackLocal).loadConstant(8 * slot);
            support("result" + letter, Names.of(type), STACK, I);
            if (type == TypeCode.V128) {
                code.aload(stackLocal).loadConstant(8 * slot + 8);
                support("resultJ", J, STACK, I);
            }
            slot += Names.slots(type);
        }
    }

    /** The function on top, its arguments at the start of this call's frame: whoever runs this call goes on with it. */
    private void tailCall() {
        int function = temp(1, TypeKind.REFERENCE);
        code.astore(function);
        code.aload(stackLocal).aload(function).putfield(STACK, "next", Names.FUNCTION);
        leaveForTailCall();
        live = false;
    }

    // Memory

    /** A load or store of memory 0: one comparison, at a cost that is paid once for address and width together. */
    void access(int op) {
        boolean store = op >= OpBytes.I32_STORE;
        int bytes = width(op);
        int valueType = switch (op) {
            case OpBytes.I32_STORE, OpBytes.I32_STORE8, OpBytes.I32_STORE16 -> TypeCode.I32;
            case OpBytes.F32_STORE -> TypeCode.F32;
            case OpBytes.F64_STORE -> TypeCode.F64;
            default -> TypeCode.I64;
        };
        int value = NONE;
        if (store) {
            if (op == OpBytes.I64_STORE8 || op == OpBytes.I64_STORE16 || op == OpBytes.I64_STORE32) {
                code.l2i();
                valueType = TypeCode.I32;
            }
            value = temp(2, Names.kind(valueType));
            code.storeLocal(Names.kind(valueType), value);
        }
        int end = temp(0, TypeKind.LONG);
        effectiveEnd(at.value(), bytes, end);
        batch.unsafe(code);
        code.lload(end).loadConstant(linkage.memoryBase() - bytes).ladd();
        switch (op) {
            case OpBytes.I32_LOAD -> unsafeGet("getInt", I);
            case OpBytes.I64_LOAD -> unsafeGet("getLong", J);
            case OpBytes.F32_LOAD -> unsafeGet("getFloat", F);
            case OpBytes.F64_LOAD -> unsafeGet("getDouble", D);
            case OpBytes.I32_LOAD8_S -> unsafeGet("getByte", java.lang.constant.ConstantDescs.CD_byte);
            case OpBytes.I32_LOAD8_U -> {
                unsafeGet("getByte", java.lang.constant.ConstantDescs.CD_byte);
                code.loadConstant(0xFF).iand();
            }
            case OpBytes.I32_LOAD16_S -> unsafeGet("getShort", java.lang.constant.ConstantDescs.CD_short);
            case OpBytes.I32_LOAD16_U -> unsafeGet("getChar", java.lang.constant.ConstantDescs.CD_char);
            case OpBytes.I64_LOAD8_S -> {
                unsafeGet("getByte", java.lang.constant.ConstantDescs.CD_byte);
                code.i2l();
            }
            case OpBytes.I64_LOAD8_U -> {
                unsafeGet("getByte", java.lang.constant.ConstantDescs.CD_byte);
                code.loadConstant(0xFF).iand().i2l();
            }
            case OpBytes.I64_LOAD16_S -> {
                unsafeGet("getShort", java.lang.constant.ConstantDescs.CD_short);
                code.i2l();
            }
            case OpBytes.I64_LOAD16_U -> {
                unsafeGet("getChar", java.lang.constant.ConstantDescs.CD_char);
                code.i2l();
            }
            case OpBytes.I64_LOAD32_S -> {
                unsafeGet("getInt", I);
                code.i2l();
            }
            case OpBytes.I64_LOAD32_U -> {
                unsafeGet("getInt", I);
                code.i2l().loadConstant(U32).land();
            }
            case OpBytes.I32_STORE8, OpBytes.I64_STORE8 -> {
                code.iload(value).i2b();
                code.invokevirtual(Names.UNSAFE, "putByte", Names.type(V, OBJECT, J, java.lang.constant.ConstantDescs.CD_byte));
            }
            case OpBytes.I32_STORE16, OpBytes.I64_STORE16 -> {
                code.iload(value).i2s();
                code.invokevirtual(Names.UNSAFE, "putShort", Names.type(V, OBJECT, J, java.lang.constant.ConstantDescs.CD_short));
            }
            default -> {
                code.loadLocal(Names.kind(valueType), value);
                String name = switch (valueType) {
                    case TypeCode.I32 -> "putInt";
                    case TypeCode.F32 -> "putFloat";
                    case TypeCode.F64 -> "putDouble";
                    default -> "putLong";
                };
                code.invokevirtual(Names.UNSAFE, name, Names.type(V, OBJECT, J, Names.of(valueType)));
            }
        }
    }

    /** The same for a vector: two accesses behind one comparison. */
    void vectorAccess(boolean store) {
        int low = temp(20, TypeKind.LONG);
        int high = temp(21, TypeKind.LONG);
        if (store) {
            code.lstore(high).lstore(low);
        }
        int end = temp(0, TypeKind.LONG);
        effectiveEnd(at.value(), 16, end);
        for (int half = 0; half < 2; half++) {
            batch.unsafe(code);
            code.lload(end).loadConstant(linkage.memoryBase() - 16 + 8 * half).ladd();
            if (store) {
                code.lload(half == 0 ? low : high);
                code.invokevirtual(Names.UNSAFE, "putLong", Names.type(V, OBJECT, J, J));
            } else {
                unsafeGet("getLong", J);
            }
        }
    }

    /** From the address on the stack to the checked end of the access, in a local. */
    void effectiveEnd(long offset, int bytes, int end) {
        if (offset + bytes <= Linkage.MARGIN) {
            code.iload(limitLocal).loadConstant((int) offset + bytes).loadConstant(at.offset() - bodyStart);
            batch.check(code);
            code.loadConstant(offset + bytes).ladd().lstore(end);
            return;
        }
        code.i2l().loadConstant(U32).land().loadConstant(offset + bytes).ladd().dup2().lstore(end);
        Label inside = code.newLabel();
        code.lload(sizeLocal).lcmp().ifle(inside);
        code.lload(end).lload(sizeLocal).loadConstant(at.offset() - bodyStart);
        support("outOfBounds", V, J, J, I);
        code.labelBinding(inside);
    }

    private static int width(int op) {
        return switch (op) {
            case OpBytes.I64_LOAD, OpBytes.F64_LOAD, OpBytes.I64_STORE, OpBytes.F64_STORE -> 8;
            case OpBytes.I32_LOAD8_S, OpBytes.I32_LOAD8_U, OpBytes.I64_LOAD8_S, OpBytes.I64_LOAD8_U, OpBytes.I32_STORE8,
                    OpBytes.I64_STORE8 -> 1;
            case OpBytes.I32_LOAD16_S, OpBytes.I32_LOAD16_U, OpBytes.I64_LOAD16_S, OpBytes.I64_LOAD16_U,
                    OpBytes.I32_STORE16, OpBytes.I64_STORE16 -> 2;
            default -> 4;
        };
    }

    // What the interpreter does

    /** As {@code Lowering.generic} encodes it, with the operands in the slots of this call's frame from 0 on. */
    private void cold(int op, int h, int operands) {
        position();
        int[] kinds = new int[operands];
        int[] slots = new int[Math.max(operands, 4)];
        int slot = 0;
        for (int i = 0; i < operands; i++) {
            kinds[i] = at.type(h + i);
            slots[i] = slot;
            slot += Names.slots(kinds[i]);
        }
        storeSlots(kinds, 0, frameLocal);
        int wasm = WASM + op;
        long word;
        long words = 0;
        switch (wasmbpf.wasm.Opcode.of(op).immediates()) {
            case MEMARG, MEMARG_LANE -> {
                word = word(wasm, slots[0], at.a());
                words = linkage.words(at.value(), slots[1] | (long) slots[2] << 16 | (long) at.c() << 32);
            }
            case LANE -> {
                word = word(wasm, slots[0], slots[1]);
                words = linkage.words(at.c());
            }
            case SHUFFLE -> {
                word = word(wasm, slots[0], slots[1]);
                words = linkage.words(at.value(), at.valueHigh());
            }
            case NONE -> {
                word = word(wasm, slots[0], slots[1]);
                words = linkage.words(slots[2] | (long) slots[3] << 16);
            }
            default -> {
                word = wasm;
                words = linkage.words(at.a() & U32 | (long) at.b() << 32);
            }
        }
        code.loadConstant(word).loadConstant(words).lload(frameLocal).aload(stackLocal);
        self();
        support("cold", V, J, J, J, STACK, Names.GUEST_FUNCTION);
        slot = 0;
        for (int i = 0; i < at.resultCount(); i++) {
            loadSlot(at.resultType(i), slot, frameLocal);
            slot += Names.slots(at.resultType(i));
        }
        if (op == OpBytes.MEMORY_GROW) {
            loadLimit();
        }
    }

    /** {@code Code.WASM}. */
    private static final int WASM = 0x200;

    private static long word(int op, int b, int c) {
        return op | (long) b << 32 | (long) c << 48;
    }

    /** {@code int[0]}: there is no other way to one in this package. */
    private static final class ModuleTypesEmpty {
        static final int[] EMPTY = {};
    }
}
