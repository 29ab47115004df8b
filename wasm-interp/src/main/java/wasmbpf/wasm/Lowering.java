package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Translates function bodies into {@link Code} in the one pass that validates them. What makes the result short:
 * values from locals and constants are used where they are ({@link OperandStack}), a result that goes into a local is
 * computed there, small constants are part of the instruction, a comparison before a branch is part of the branch.
 *
 * <p>At the start and end of blocks every value is in its own slot, so that all ways into a label agree.
 */
final class Lowering implements OpSink {
    /** Thrown when something is missing that must be known from the start; the function is then lowered again. */
    private static final class Again extends RuntimeException {
        private static final long serialVersionUID = 1;

        Again() {
            super(null, null, false, false);
        }
    }

    // What a fixup patches: the imm32 of a word, its c, a br_table entry, a handler.
    private static final int FIX_IMM = 0;
    private static final int FIX_C = 1;
    private static final int FIX_ENTRY = 2;
    private static final int FIX_HANDLER = 3;

    /** A block that is open. */
    private static final class Frame {
        final int op;
        final boolean dead;
        final int height;
        /** Where parameters lay and results will lie. */
        final int slot;
        final int start;
        final int[] params;
        final int[] results;
        /** Index times four plus kind. */
        final IntList fixups = new IntList();
        /** For an if: the branch to its else, still to be patched; else -1. */
        int elseFixup = -1;
        /** For try: where its body ended; -1 until then. */
        int bodyEnd = -1;
        /** For a legacy catch: where the caught exception lies. */
        int exceptionSlot = -1;

        Frame(int op, boolean dead, int height, int slot, int start, int[] params, int[] results) {
            this.op = op;
            this.dead = dead;
            this.height = height;
            this.slot = slot;
            this.start = start;
            this.params = params;
            this.results = results;
        }

        boolean isLoop() {
            return op == OpBytes.LOOP;
        }

        int[] labelTypes() {
            return isLoop() ? params : results;
        }
    }

    /** What the buffer keeps from one function to the next. */
    private static final int KEPT_WORDS = 1 << 14;

    private final Instance instance;
    private final FuncValidator validator;
    private final OperandStack stack = new OperandStack();
    private final List<Frame> frames = new ArrayList<>();
    private final List<Lowered.Handler> handlers = new ArrayList<>();
    private final boolean loopHooks;
    private FuncValidator at;
    private long[] words = new long[256];
    private int count;
    private int[] localSlots = {};
    private int frameLocals;
    private final ConstantSlots constants = new ConstantSlots();
    private int resultSlots;
    private boolean usesRefs;
    /** Whether a branch turned out too long for compare-and-branch. */
    private boolean noFusing;
    /** How many loops are open: what their code needs often may cost the call something. */
    private int loops;
    /** No code before this index is to change any more: a label may be here. */
    private int barrier;
    private IntList positions;
    /**
     * The last instruction, if it computes entry {@code producerEntry} and nothing can enter between it and here; else
     * -1.
     */
    private int producer = -1;
    private int producerEntry;
    /** The instructions of one word before the producer, while nothing can enter between them; else -1. */
    private int previous = -1;
    private int earlier = -1;
    /** The last instruction that computed a local in place of an operand. */
    private int increment = -1;

    /** The loop whose frame is asked for, by offset, or -1; and the answer. */
    private int watchedLoop = -1;
    private LoopFrame loopFrame;

    Lowering(Instance instance) {
        this.instance = instance;
        this.validator = new FuncValidator(instance.module());
        this.loopHooks = instance.options().interruptible() || instance.options().tier() != null;
    }

    /**
     * Validates and lowers a defined function.
     *
     * @param withPositions whether to note where instructions come from
     * @throws InvalidException if it is invalid or needs more than this engine allows
     * @throws MalformedException if its bytes are no function body
     */
    Lowered lower(int function, boolean withPositions) {
        noFusing = false;
        WasmModule module = instance.module();
        constants.forFunction(module.bytes(), module.bodyStart(function), module.bodyEnd(function));
        while (true) {
            try {
                return attempt(function, withPositions);
            } catch (Again e) {
                // Each reason occurs once.
            }
        }
    }

    /**
     * Where the interpreter has its values when it comes to a loop.
     *
     * @param offset where the loop instruction starts in the module's bytes
     * @return null if there is none that can be reached
     */
    LoopFrame loopFrame(int function, int offset) {
        watchedLoop = offset;
        loopFrame = null;
        lower(function, false);
        watchedLoop = -1;
        return loopFrame;
    }

    private LoopFrame frameHere() {
        int[] slots = new int[stack.height()];
        long[] constants = new long[slots.length];
        for (int i = 0; i < slots.length; i++) {
            // Nothing is still in a local here.
            slots[i] = stack.isConst(i) ? -1 : stack.slot(i);
            constants[i] = stack.value(i);
        }
        int[] exceptions = frames.stream().mapToInt(frame -> frame.exceptionSlot).toArray();
        int used = stack.slot(stack.height());
        return new LoopFrame() {
            @Override
            public int slots() {
                return used;
            }

            @Override
            public int slot(int operand) {
                return slots[operand];
            }

            @Override
            public long constant(int operand) {
                return constants[operand];
            }

            @Override
            public int exceptionSlot(int block) {
                return exceptions[block];
            }
        };
    }

    private Lowered attempt(int function, boolean withPositions) {
        count = 0;
        if (words.length > KEPT_WORDS) {
            words = new long[KEPT_WORDS];
        }
        usesRefs = false;
        producer = -1;
        previous = -1;
        earlier = -1;
        increment = -1;
        barrier = 0;
        loops = 0;
        handlers.clear();
        frames.clear();
        openTryTables.clear();
        positions = withPositions ? new IntList() : null;
        validator.validate(function, this);
        return new Lowered(words, count, stack.maxSlots(), frameLocals, constants.toArray(), usesRefs,
                handlers.toArray(new Lowered.Handler[0]), withPositions ? positions.toArray() : null);
    }

    private InvalidException limit(String message) {
        WasmModule module = instance.module();
        return new InvalidException(module.name() + ": function " + module.functionLabel(at.function())
                + " at 0x" + Integer.toHexString(at.offset()) + ": " + message, at.offset());
    }

    // Emitting

    private void emit(long word) {
        if (count == words.length) {
            if (count >= Lowered.MAX_WORDS) {
                throw limit("its code would need more than " + Lowered.MAX_WORDS + " instructions");
            }
            words = Arrays.copyOf(words, 2 * count);
        }
        words[count++] = word;
        earlier = producer == count - 2 ? previous : -1;
        previous = producer == count - 2 ? producer : -1;
        producer = -1;
    }

    /** Whether the last instruction is this one and computed this slot, and nothing can enter behind it. */
    private boolean isLast(int op, int slot) {
        return producer >= 0 && producer == count - 1 && Code.op(words[producer]) == op
                && Code.a(words[producer]) == slot;
    }

    /** Removes the last instruction, of one word. */
    private void takeBack() {
        count--;
        producer = previous;
        previous = earlier;
        earlier = -1;
        // What follows begins a word earlier now: the word that may trap belongs to the access.
        for (int i = positions == null ? 0 : positions.size() - 2; i > 0 && positions.get(i) > count; i -= 2) {
            positions.set(i, count);
        }
    }

    /** An instruction whose a is the own slot of an entry and the only thing it writes. */
    private void emitResult(int entry, long word) {
        emit(word);
        producer = count - 1;
        producerEntry = entry;
    }

    /** The same for one that takes more words, from {@code start} on. */
    private void markResult(int entry, int start) {
        producer = start;
        producerEntry = entry;
    }

    private void emitCopy(int type, int to, int from) {
        if (to == from) {
            return;
        }
        emit(word(type == TypeCode.V128 ? COPY_V128 : TypeCode.isRef(type) ? COPY_REF : COPY, to, from, 0));
    }

    private void emitConst(int type, int to, long value) {
        if (TypeCode.isRef(type)) {
            emit(word(NULL_REF, to, 0));
        } else if (value == (int) value) {
            emit(word(CONST, to, (int) value));
        } else {
            emit(word(CONST64, to, 0));
            emit(value);
        }
    }

    /** The slot in which an operand can be read. */
    private int reg(int entry) {
        return switch (stack.kind(entry)) {
            case OperandStack.LOCAL -> (int) stack.value(entry);
            case OperandStack.CONST -> {
                int slot = constantSlot(entry);
                if (slot < 0) {
                    settle(entry);
                    slot = stack.slot(entry);
                }
                yield slot;
            }
            default -> stack.slot(entry);
        };
    }

    /** The slot that holds a constant from the start of the call; -1 if it has none: outside loops that is no gain. */
    private int constantSlot(int entry) {
        if (TypeCode.isRef(stack.type(entry))) {
            return -1;
        }
        return loops > 0 ? constants.slot(stack.value(entry)) : constants.find(stack.value(entry));
    }

    /** Moves a value to its own slot. */
    private void settle(int entry) {
        switch (stack.kind(entry)) {
            case OperandStack.LOCAL -> emitCopy(stack.type(entry), stack.slot(entry), (int) stack.value(entry));
            case OperandStack.CONST -> emitConst(stack.type(entry), stack.slot(entry), stack.value(entry));
            default -> {
                return;
            }
        }
        stack.settle(entry);
    }

    private void settleRange(int from, int to) {
        for (int i = from; i < to; i++) {
            settle(i);
        }
    }

    /** Copies what is still in locals, for all entries below a height: a block may write those locals. */
    private void settleLocals(int height) {
        for (int i = stack.settled(); i < height; i++) {
            if (stack.kind(i) == OperandStack.LOCAL) {
                settle(i);
            }
        }
        stack.setSettled(height);
    }

    // Labels

    private Frame frame(int label) {
        return frames.get(frames.size() - 1 - label);
    }

    private void patch(int fixup, int target) {
        int index = fixup >>> 2;
        barrier = Math.max(barrier, target);
        switch (fixup & 3) {
            case FIX_IMM -> words[index] = words[index] & 0xFFFFFFFFL | (long) (target - index - 1) << 32;
            case FIX_C -> {
                int distance = target - index - 1;
                if (distance != (short) distance) {
                    noFusing = true;
                    throw new Again();
                }
                words[index] = words[index] & 0xFFFFFFFFFFFFL | (long) distance << 48;
            }
            // Until now the entry held the place its distance counts from.
            case FIX_ENTRY -> words[index] = target - words[index];
            default -> handlers.set(index, handlers.get(index).at(target));
        }
    }

    /** Makes what was just emitted (or, for handlers, added) go to a label. */
    private void branchTo(Frame frame, int index, int kind) {
        int fixup = index << 2 | kind;
        if (frame.isLoop()) {
            patch(fixup, frame.start);
        } else {
            frame.fixups.add(fixup);
        }
    }

    private void bind(Frame frame) {
        for (int i = 0; i < frame.fixups.size(); i++) {
            patch(frame.fixups.get(i), count);
        }
        frame.fixups.clear();
        producer = -1;
    }

    private boolean isFunction(Frame frame) {
        return frame == frames.get(0);
    }

    /** Whether the values of a branch lie elsewhere than the label wants them. */
    private boolean needsCopies(Frame frame, int first) {
        int to = frame.slot;
        int entry = first;
        for (int type : frame.labelTypes()) {
            if (stack.kind(entry) != OperandStack.TEMP || stack.slot(entry) != to) {
                return true;
            }
            to += slots(type);
            entry++;
        }
        return false;
    }

    /**
     * Copies values to consecutive slots, lowest first: the own slot of a value is never below where it goes, so no
     * value is overwritten before it is copied. Leaves the operand stack as it is.
     */
    private void emitCopies(int[] types, int first, int to) {
        int entry = first;
        for (int type : types) {
            switch (stack.kind(entry)) {
                case OperandStack.LOCAL -> emitCopy(type, to, (int) stack.value(entry));
                case OperandStack.CONST -> emitConst(type, to, stack.value(entry));
                default -> emitCopy(type, to, stack.slot(entry));
            }
            to += slots(type);
            entry++;
        }
    }

    private static int slots(int type) {
        return type == TypeCode.V128 ? 2 : 1;
    }

    private static boolean isPlain(int type) {
        return type != TypeCode.V128 && !TypeCode.isRef(type);
    }

    /** The values of a branch, from entry {@code first} on, and the branch; a return if the label is the function's. */
    private void emitBranch(Frame frame, int first) {
        if (isFunction(frame)) {
            emitReturn(first);
            return;
        }
        emitCopies(frame.labelTypes(), first, frame.slot);
        emit(word(BR, 0, 0));
        branchTo(frame, count - 1, FIX_IMM);
    }

    /**
     * Two or more results are copied over parameters and locals, so none may still be in a local: see {@link
     * #settleReturn}.
     */
    private void emitReturn(int first) {
        int[] results = frames.get(0).results;
        if (results.length == 1 && isPlain(results[0])) {
            emit(word(RETURN_1, reg(first), 0));
            return;
        }
        settleReturn(first);
        emitCopies(results, first, 0);
        emit(word(RETURN, 0, 0));
    }

    private void settleReturn(int first) {
        int results = frames.get(0).results.length;
        if (results > 1) {
            for (int i = first; i < first + results; i++) {
                if (stack.kind(i) == OperandStack.LOCAL) {
                    settle(i);
                }
            }
        }
    }

    /**
     * Takes back the comparison that gave this entry, if it was the last instruction; else 0, which is no comparison.
     */
    private long takeComparison(int entry) {
        if (producer < 0 || producer != count - 1 || producerEntry != entry || noFusing
                || stack.kind(entry) != OperandStack.TEMP) {
            return 0;
        }
        long word = words[producer];
        if (Code.op(word) < EQ || Code.op(word) >= COMPARE_END) {
            return 0;
        }
        count--;
        producer = -1;
        return word;
    }

    /** A branch taken if the condition is not zero, or if it is; returns its fixup. */
    private int emitConditional(long comparison, int condition, boolean ifZero) {
        if (comparison != 0) {
            int op = (Code.op(comparison) ^ (ifZero ? 1 : 0)) + COMPARE_BR;
            if (increment == count - 1 && increment >= barrier
                    && emitLoopEnd(op, Code.b(comparison), Code.c(comparison))) {
                return count - 2 << 2 | FIX_C;
            }
            emit(word(op, Code.b(comparison), Code.c(comparison), 0));
            return count - 1 << 2 | FIX_C;
        }
        if (increment == count - 1 && increment >= barrier && !ifZero && !noFusing && constants.find(0) >= 0
                && emitLoopEnd(NE + COMPARE_BR, condition, constants.find(0))) {
            return count - 2 << 2 | FIX_C;
        }
        emit(word(ifZero ? BR_Z : BR_NZ, condition, 0));
        return count - 1 << 2 | FIX_IMM;
    }

    /** An addition to a local and the comparison of the local at the end of a loop, if it is that. */
    private boolean emitLoopEnd(int op, int left, int right) {
        long add = words[increment];
        // Where there are loops there are slots for constants, most likely.
        int other = op == NE + COMPARE_BR ? right : op == NE + K + COMPARE_BR ? constants.slot((short) right) : -1;
        if (other < 0 || other == left || Code.op(add) != I32_ADD_K || Code.a(add) != left || Code.b(add) != left) {
            return false;
        }
        count--;
        emit(word(ADD_BR_NE, left, other, 0));
        emit((short) Code.c(add));
        return true;
    }

    // The walk

    @Override
    public void begin(FuncValidator at) {
        this.at = at;
        int locals = at.localCount();
        if (localSlots.length < locals) {
            localSlots = new int[locals];
        }
        int slot = 0;
        for (int i = 0; i < locals; i++) {
            localSlots[i] = slot;
            slot += slots(at.localType(i));
            usesRefs |= TypeCode.isRef(at.localType(i));
        }
        int[] results = at.frameResults(0);
        resultSlots = 0;
        for (int type : results) {
            resultSlots += slots(type);
            usesRefs |= TypeCode.isRef(type);
        }
        frameLocals = slot;
        slot = constants.begin(slot);
        checkSlots(slot);
        stack.begin(slot);
        stack.needSlots(resultSlots);
        frames.add(new Frame(OpBytes.BLOCK, false, 0, slot, 0, ModuleTypes.EMPTY, results));
    }

    private void checkSlots(int slots) {
        if (slots > Lowered.MAX_SLOTS) {
            throw limit("it needs more than " + Lowered.MAX_SLOTS + " slots for locals and operands");
        }
    }

    @Override
    public void op(FuncValidator at) {
        int op = at.op();
        switch (op) {
            case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF, OpBytes.TRY, OpBytes.TRY_TABLE -> open(op);
            case OpBytes.ELSE -> orElse();
            case OpBytes.CATCH, OpBytes.CATCH_ALL -> legacyCatch(op);
            case OpBytes.DELEGATE -> delegate();
            case OpBytes.END -> end();
            default -> {
                if (at.reachable()) {
                    if (positions != null) {
                        positions.add(count);
                        positions.add(at.offset());
                    }
                    instruction(op, at.height());
                }
            }
        }
        checkSlots(stack.maxSlots());
    }

    // Blocks

    private void open(int op) {
        int[] params = at.frameParams(0);
        int[] results = at.frameResults(0);
        int height = at.height();
        if (at.frameDead(0)) {
            frames.add(new Frame(op, true, height, 0, 0, params, results));
            return;
        }
        int top = height + params.length;
        long comparison = op == OpBytes.IF ? takeComparison(top) : 0;
        settleLocals(height);
        settleRange(height, top);
        int slot = stack.slot(height);
        int elseFixup = -1;
        if (op == OpBytes.IF) {
            elseFixup = emitConditional(comparison, comparison != 0 ? 0 : reg(top), true);
            stack.popTo(top);
        }
        producer = -1;
        Frame frame = new Frame(op, false, height, slot, count, params, results);
        frame.elseFixup = elseFixup;
        frames.add(frame);
        barrier = count;
        if (op == OpBytes.LOOP) {
            loops++;
            if (at.offset() == watchedLoop) {
                loopFrame = frameHere();
            }
        }
        if (op == OpBytes.LOOP && loopHooks) {
            emit(word(LOOP, 0, at.offset()));
            emit(instance.cell(at.function()));
        }
        if (op == OpBytes.TRY_TABLE) {
            stack.popTo(top);
        }
        for (int type : results) {
            usesRefs |= TypeCode.isRef(type);
        }
        if (op == OpBytes.TRY_TABLE) {
            tryTable(frame);
        }
    }

    /** The values of the arm that ends, into the slots of the results. */
    private void endArm(Frame frame, boolean more) {
        if (at.reachable()) {
            if (isFunction(frame)) {
                emitReturn(frame.height);
                return;
            }
            emitCopies(frame.results, at.height(), frame.slot);
            if (more) {
                emit(word(BR, 0, 0));
                frame.fixups.add(count - 1 << 2 | FIX_IMM);
            }
        }
    }

    private void pushTemps(int[] types) {
        for (int type : types) {
            stack.pushTemp(type);
        }
    }

    private void orElse() {
        Frame frame = frame(0);
        if (frame.dead) {
            return;
        }
        endArm(frame, true);
        patch(frame.elseFixup, count);
        frame.elseFixup = -1;
        producer = -1;
        stack.resetTo(frame.height, frame.slot);
        pushTemps(frame.params);
    }

    private void end() {
        Frame frame = frame(0);
        if (!frame.dead) {
            endArm(frame, false);
            barrier = count;
            if (frame.isLoop()) {
                loops--;
            }
            if (frame.op == OpBytes.TRY_TABLE) {
                endTryTable(frame);
            }
            if (frame.elseFixup >= 0) {
                patch(frame.elseFixup, count);
            }
            if (isFunction(frame)) {
                endFunction(frame);
            } else {
                bind(frame);
                stack.resetTo(frame.height, frame.slot);
                pushTemps(frame.results);
            }
        }
        frames.removeLast();
    }

    /** Only handlers go to the function's label: their values are at the slots of the results already. */
    private void endFunction(Frame frame) {
        if (frame.fixups.size() > 0) {
            bind(frame);
            emit(word(RETURN, 0, 0));
        }
    }

    // Exceptions

    private final List<int[]> openTryTables = new ArrayList<>();

    private void tryTable(Frame frame) {
        int[] clauses = new int[3 * at.catchCount()];
        for (int i = 0; i < at.catchCount(); i++) {
            clauses[3 * i] = at.catchKind(i);
            clauses[3 * i + 1] = at.catchTag(i);
            clauses[3 * i + 2] = at.catchLabel(i);
        }
        openTryTables.add(clauses);
    }

    private void endTryTable(Frame frame) {
        int[] clauses = openTryTables.removeLast();
        for (int i = 0; i < clauses.length; i += 3) {
            int kind = clauses[i];
            int tag = kind < 2 ? clauses[i + 1] : Lowered.Handler.ANY;
            Frame target = frame(clauses[i + 2] + 1);
            int slot = isFunction(target) ? 0 : target.slot;
            int exceptionSlot = -1;
            if ((kind & 1) != 0) {
                usesRefs = true;
                exceptionSlot = slot + (tag < 0 ? 0 : instance.tags[tag].layout().paramSlots);
            }
            stack.needSlots(slot + 1 + (tag < 0 ? 0 : instance.tags[tag].layout().paramSlots));
            handlers.add(new Lowered.Handler(frame.start, count, frames.size() - 1, tag, slot, exceptionSlot, 0));
            branchTo(target, handlers.size() - 1, FIX_HANDLER);
        }
    }

    private void legacyCatch(int op) {
        Frame frame = frame(0);
        if (frame.dead) {
            return;
        }
        endArm(frame, true);
        if (frame.bodyEnd < 0) {
            frame.bodyEnd = count;
            barrier = count;
            frame.exceptionSlot = frame.slot;
            usesRefs = true;
        }
        producer = -1;
        barrier = count;
        int tag = op == OpBytes.CATCH ? at.a() : Lowered.Handler.ANY;
        handlers.add(new Lowered.Handler(frame.start, frame.bodyEnd, frames.size() - 1, tag, frame.slot + 1,
                frame.exceptionSlot, count));
        // The exception itself lies below the values it carries, for rethrow.
        stack.resetTo(frame.height, frame.slot + 1);
        for (int i = 0; i < at.resultCount(); i++) {
            usesRefs |= TypeCode.isRef(at.resultType(i));
            stack.pushTemp(at.resultType(i));
        }
    }

    private void delegate() {
        Frame frame = frame(0);
        if (!frame.dead) {
            endArm(frame, false);
            int target = frames.size() - 2 - at.a();
            handlers.add(new Lowered.Handler(frame.start, count, frames.size() - 1, Lowered.Handler.DELEGATE, 0, -1,
                    target));
            bind(frame);
            stack.resetTo(frame.height, frame.slot);
            pushTemps(frame.results);
        }
        frames.removeLast();
    }

    // Everything else; h is the height below the operands.

    private void instruction(int op, int h) {
        switch (op) {
            case OpBytes.NOP -> {
            }
            case OpBytes.UNREACHABLE -> generic(op, h);
            case OpBytes.BR -> emitBranch(frame(at.a()), h);
            case OpBytes.BR_IF -> branchIf(frame(at.a()), h);
            case OpBytes.BR_TABLE -> branchTable(h);
            case OpBytes.RETURN -> emitReturn(h);
            case OpBytes.CALL -> call(h, word(CALL, stack.slot(h), at.a()), stack.height());
            case OpBytes.RETURN_CALL -> call(h, word(TAIL_CALL, stack.slot(h), at.a()), stack.height());
            case OpBytes.CALL_INDIRECT -> callIndirect(CALL_INDIRECT, h);
            case OpBytes.RETURN_CALL_INDIRECT -> callIndirect(TAIL_CALL_INDIRECT, h);
            case OpBytes.CALL_REF -> callRef(CALL_REF, h);
            case OpBytes.RETURN_CALL_REF -> callRef(TAIL_CALL_REF, h);
            case OpBytes.DROP -> stack.popTo(h);
            case OpBytes.SELECT, OpBytes.SELECT_T -> select(h);
            case OpBytes.LOCAL_GET -> stack.pushLocal(at.localType(at.a()), localSlots[at.a()]);
            case OpBytes.LOCAL_SET -> setLocal(at.a(), h);
            case OpBytes.LOCAL_TEE -> {
                setLocal(at.a(), h);
                stack.pushLocal(at.localType(at.a()), localSlots[at.a()]);
            }
            case OpBytes.GLOBAL_GET -> getGlobal(at.a(), h);
            case OpBytes.GLOBAL_SET -> setGlobal(at.a(), h);
            case OpBytes.I32_CONST, OpBytes.I64_CONST, OpBytes.F64_CONST ->
                stack.pushConst(at.resultType(0), at.value());
            case OpBytes.F32_CONST -> stack.pushConst(TypeCode.F32, (int) at.value());
            case OpBytes.REF_NULL -> {
                usesRefs = true;
                stack.pushConst(at.resultType(0), 0);
            }
            case OpBytes.V128_CONST -> {
                emit(word(CONST_V128, stack.slot(h), 0));
                emit(at.value());
                emit(at.valueHigh());
                stack.pushTemp(TypeCode.V128);
            }
            case OpBytes.THROW -> {
                settleRange(h, stack.height());
                emit(word(THROW, stack.slot(h), at.a()));
                stack.popTo(h);
            }
            case OpBytes.THROW_REF -> {
                emit(word(THROW_REF, reg(h), 0));
                stack.popTo(h);
            }
            case OpBytes.RETHROW -> emit(word(THROW_REF, frame(at.a()).exceptionSlot, 0));
            case OpBytes.BR_ON_NULL -> branchOnNull(BR_NOT_NULL, h, at.resultCount() - 1);
            case OpBytes.BR_ON_NON_NULL -> branchOnNull(BR_NULL, h, at.resultCount());
            case OpBytes.BR_ON_CAST -> branchOnCast(BR_NOT_CAST, h);
            case OpBytes.BR_ON_CAST_FAIL -> branchOnCast(BR_CAST, h);
            case OpBytes.REF_TEST, OpBytes.REF_TEST_NULL -> {
                emit(word(Code.REF_TEST, stack.slot(h), reg(h), 0));
                emit(at.a());
                result(h);
            }
            case OpBytes.REF_CAST, OpBytes.REF_CAST_NULL -> {
                emit(word(Code.REF_CAST, stack.slot(h), reg(h), 0));
                emit(at.a());
                result(h);
            }
            default -> {
                if (OpBytes.SIGNATURES[op] < OpBytes.SPECIAL && number(op, h)) {
                    return;
                }
                generic(op, h);
            }
        }
    }

    /** Replaces the operands by the results, all in their own slots. */
    private void result(int h) {
        stack.popTo(h);
        for (int i = 0; i < at.resultCount(); i++) {
            usesRefs |= TypeCode.isRef(at.resultType(i));
            stack.pushTemp(at.resultType(i));
        }
    }

    /**
     * An instruction in the form of {@link Code#WASM}: a = first result's slot, b and c = operands, further operands
     * in words of their own, then immediates. Instructions with a variable number of operands get them in their own
     * slots from a on.
     */
    private void generic(int op, int h) {
        int operands = stack.height() - h;
        int to = stack.slot(h);
        switch (Imm.values()[OpBytes.IMMEDIATES[op]]) {
            case MEMARG, MEMARG_LANE -> {
                int address = reg(h);
                long more = operands > 1 ? reg(h + 1) : 0;
                more |= operands > 2 ? (long) reg(h + 2) << 16 : 0;
                emit(word(WASM + op, to, address, at.a()));
                emit(at.value());
                emit(more | (long) at.c() << 32);
            }
            case LANE -> {
                int vector = reg(h);
                int scalar = operands > 1 ? reg(h + 1) : 0;
                emit(word(WASM + op, to, vector, scalar));
                emit(at.c());
            }
            case SHUFFLE -> {
                int first = reg(h);
                int second = reg(h + 1);
                emit(word(WASM + op, to, first, second));
                emit(at.value());
                emit(at.valueHigh());
            }
            case NONE -> {
                int b = operands > 0 ? reg(h) : 0;
                int c = operands > 1 ? reg(h + 1) : 0;
                int d = operands > 2 ? reg(h + 2) : 0;
                int e = operands > 3 ? reg(h + 3) : 0;
                int start = count;
                boolean number = op >= OpBytes.I32_EQZ && op <= OpBytes.I64_EXTEND32_S;
                emit(word((number ? NUMBER : WASM) + op, to, b, c));
                if (at.resultCount() == 1) {
                    markResult(h, start);
                }
                if (operands > 2) {
                    emit(d | (long) e << 16);
                }
            }
            default -> {
                // Bulk memory and tables, structs and arrays: operands in their own slots, indices in one word.
                settleRange(h, stack.height());
                emit(word(WASM + op, to, 0));
                emit(at.a() & 0xFFFFFFFFL | (long) at.b() << 32);
                usesRefs |= op < OpBytes.MISC;
            }
        }
        for (int i = h; i < stack.height(); i++) {
            usesRefs |= TypeCode.isRef(stack.type(i));
        }
        result(h);
    }

    private void setLocal(int local, int h) {
        int type = at.localType(local);
        int slot = localSlots[local];
        if (stack.lazyCount(slot) > 0) {
            if (stack.kind(h) == OperandStack.LOCAL && stack.value(h) == slot) {
                // Sets a local to itself.
                stack.popTo(h);
                return;
            }
            // Older values of the local that are still on the stack must leave it first.
            for (int i = h - 1; stack.lazyCount(slot) > 0; i--) {
                if (stack.kind(i) == OperandStack.LOCAL && stack.value(i) == slot) {
                    settle(i);
                }
            }
        }
        switch (stack.kind(h)) {
            case OperandStack.LOCAL -> emitCopy(type, slot, (int) stack.value(h));
            case OperandStack.CONST -> emitConst(type, slot, stack.value(h));
            default -> {
                if (producer >= 0 && producerEntry == h && type != TypeCode.V128 && !TypeCode.isRef(type)) {
                    words[producer] = words[producer] & ~(0xFFFFL << 16) | (long) slot << 16;
                    increment = producer;
                    producer = -1;
                } else {
                    emitCopy(type, slot, stack.slot(h));
                }
            }
        }
        stack.popTo(h);
    }

    private void getGlobal(int index, int h) {
        WasmGlobal global = instance.globals[index];
        int type = at.resultType(0);
        if (TypeCode.isRef(type)) {
            usesRefs = true;
            emit(word(GLOBAL_GET_REF, stack.slot(h), index));
        } else if (type == TypeCode.V128) {
            emit(word(GLOBAL_GET_V128, stack.slot(h), index));
        } else if (!global.type().mutable()) {
            stack.pushConst(type, global.low());
            return;
        } else {
            emit(word(GLOBAL_GET, stack.slot(h), 0));
            emit(global.address);
            markResult(h, count - 2);
        }
        stack.pushTemp(type);
    }

    private void setGlobal(int index, int h) {
        int type = stack.type(h);
        int from = reg(h);
        if (TypeCode.isRef(type)) {
            usesRefs = true;
            emit(word(GLOBAL_SET_REF, from, index));
        } else if (type == TypeCode.V128) {
            emit(word(GLOBAL_SET_V128, from, index));
        } else {
            emit(word(GLOBAL_SET, from, 0));
            emit(instance.globals[index].address);
        }
        stack.popTo(h);
    }

    private void select(int h) {
        int type = at.operandType();
        int first = reg(h);
        int second = reg(h + 1);
        int condition = reg(h + 2);
        emit(word(type == TypeCode.V128 ? SELECT_V128 : TypeCode.isRef(type) ? SELECT_REF : SELECT, stack.slot(h),
                first, second));
        emit(condition);
        if (isPlain(type)) {
            markResult(h, count - 2);
        }
        result(h);
    }

    // Branches

    private void branchIf(Frame frame, int h) {
        int condition = h + frame.labelTypes().length;
        long comparison = takeComparison(condition);
        int slot = comparison != 0 ? 0 : reg(condition);
        if (isFunction(frame)) {
            settleReturn(h);
        } else if (stack.slot(h) == frame.slot) {
            // The values are where the label wants them once they are in their own slots, which helps both ways.
            settleRange(h, condition);
        }
        if (!isFunction(frame) && !needsCopies(frame, h)) {
            branchTo(frame, emitConditional(comparison, slot, false));
        } else {
            // reg of a constant must not happen on one way only.
            if (isFunction(frame) && condition - h == 1) {
                reg(h);
            }
            int skip = emitConditional(comparison, slot, true);
            emitBranch(frame, h);
            patch(skip, count);
            producer = -1;
        }
        stack.popTo(condition);
        producer = -1;
    }

    private void branchTo(Frame frame, int fixup) {
        branchTo(frame, fixup >>> 2, fixup & 3);
    }

    private void branchTable(int h) {
        int arity = frame(at.label(0)).labelTypes().length;
        int index = reg(h + arity);
        int labels = at.labelCount();
        for (int i = 0; i < labels; i++) {
            if (isFunction(frame(at.label(i)))) {
                settleReturn(h);
                break;
            }
        }
        if (arity == 1) {
            reg(h);
        }
        emit(word(BR_TABLE, index, labels - 1));
        int table = count;
        int after = table + labels;
        for (int i = 0; i < labels; i++) {
            emit(after);
        }
        // One landing place for all entries of a label that needs copies.
        List<Frame> far = new ArrayList<>();
        int[] landing = new int[frames.size()];
        for (int i = 0; i < labels; i++) {
            Frame frame = frame(at.label(i));
            if (!isFunction(frame) && !needsCopies(frame, h)) {
                branchTo(frame, table + i, FIX_ENTRY);
                continue;
            }
            int depth = frames.size() - 1 - at.label(i);
            if (landing[depth] == 0) {
                landing[depth] = count;
                emitBranch(frame, h);
            }
            patch(table + i << 2 | FIX_ENTRY, landing[depth]);
        }
        stack.popTo(h);
    }

    /**
     * br_on_null, br_on_non_null: the tested reference is the topmost operand, below it lie the label's other values.
     *
     * @param skip the instruction that jumps over the branch
     * @param h height below the operands
     * @param values how many others
     */
    private void branchOnNull(int skip, int h, int values) {
        Frame frame = frame(at.a());
        usesRefs = true;
        int ref = h + values;
        int carried = frame.labelTypes().length;
        conditionalRefBranch(frame, h, skip, -1);
        // br_on_null goes on with the reference, now not null; br_on_non_null without it.
        stack.popTo(carried == values ? ref + 1 : ref);
    }

    private void branchOnCast(int skip, int h) {
        Frame frame = frame(at.a());
        usesRefs = true;
        int ref = h + frame.labelTypes().length - 1;
        conditionalRefBranch(frame, h, skip, at.c());
        stack.retype(ref, at.resultType(at.resultCount() - 1));
    }

    /** The tested reference is on top; with a type, a cast decides. */
    private void conditionalRefBranch(Frame frame, int h, int skip, int type) {
        settleRange(h, stack.height());
        emit(word(skip, stack.slot(stack.height() - 1), 0));
        int fixup = count - 1 << 2 | FIX_IMM;
        if (type >= 0) {
            emit(type);
        }
        emitBranch(frame, h);
        patch(fixup, count);
        producer = -1;
    }

    // Calls

    private void call(int h, long word, int argsEnd) {
        settleRange(h, argsEnd);
        emit(word);
        if (Code.op(word) == CALL) {
            emit(instance.cell(at.a()));
        }
        for (int i = h; i < argsEnd; i++) {
            usesRefs |= TypeCode.isRef(stack.type(i));
        }
        result(h);
    }

    private void callIndirect(int op, int h) {
        int index = stack.height() - 1;
        int slot = reg(index);
        // b is read after the arguments have been settled, all of them below it.
        settleRange(h, index);
        if (at.b() >= 1 << 16) {
            throw limit("call_indirect through table " + at.b());
        }
        emit(word(op, stack.slot(h), slot, at.b()));
        emit(at.a());
        result(h);
    }

    private void callRef(int op, int h) {
        int function = stack.height() - 1;
        usesRefs = true;
        int slot = reg(function);
        settleRange(h, function);
        emit(word(op, stack.slot(h), slot, 0));
        if (op == CALL_REF) {
            emit(0);
        }
        result(h);
    }

    // Numbers. Each of these returns whether it emitted the instruction.

    private boolean isSmall(int entry) {
        return stack.isConst(entry) && stack.value(entry) == (short) stack.value(entry);
    }

    private boolean number(int op, int h) {
        switch (op) {
            case OpBytes.I32_LOAD, OpBytes.F32_LOAD, OpBytes.I64_LOAD32_S -> {
                return load(LOAD32_S, h);
            }
            case OpBytes.I64_LOAD, OpBytes.F64_LOAD -> {
                return load(LOAD64, h);
            }
            case OpBytes.I32_LOAD8_S, OpBytes.I64_LOAD8_S -> {
                return load(LOAD8_S, h);
            }
            case OpBytes.I32_LOAD8_U, OpBytes.I64_LOAD8_U -> {
                return load(LOAD8_U, h);
            }
            case OpBytes.I32_LOAD16_S, OpBytes.I64_LOAD16_S -> {
                return load(LOAD16_S, h);
            }
            case OpBytes.I32_LOAD16_U, OpBytes.I64_LOAD16_U -> {
                return load(LOAD16_U, h);
            }
            case OpBytes.I64_LOAD32_U -> {
                return load(LOAD32_U, h);
            }
            case OpBytes.I32_STORE, OpBytes.F32_STORE, OpBytes.I64_STORE32 -> {
                return store(STORE32, h);
            }
            case OpBytes.I64_STORE, OpBytes.F64_STORE -> {
                return store(STORE64, h);
            }
            case OpBytes.I32_STORE8, OpBytes.I64_STORE8 -> {
                return store(STORE8, h);
            }
            case OpBytes.I32_STORE16, OpBytes.I64_STORE16 -> {
                return store(STORE16, h);
            }
            // The bits of a slot stay as they are.
            case OpBytes.I64_EXTEND_I32_S, OpBytes.I32_REINTERPRET_F32, OpBytes.F32_REINTERPRET_I32,
                    OpBytes.I64_REINTERPRET_F64, OpBytes.F64_REINTERPRET_I64 -> {
                stack.retype(h, at.resultType(0));
                return true;
            }
            case OpBytes.I32_WRAP_I64, OpBytes.I64_EXTEND32_S -> {
                if (stack.isConst(h)) {
                    long value = (int) stack.value(h);
                    stack.popTo(h);
                    stack.pushConst(at.resultType(0), value);
                    return true;
                }
                return unary(WRAP, h);
            }
            case OpBytes.I64_EXTEND_I32_U -> {
                return unary(EXTEND_U, h);
            }
            case OpBytes.I32_EXTEND8_S, OpBytes.I64_EXTEND8_S -> {
                return unary(EXTEND8, h);
            }
            case OpBytes.I32_EXTEND16_S, OpBytes.I64_EXTEND16_S -> {
                return unary(EXTEND16, h);
            }
            case OpBytes.I32_EQZ, OpBytes.I64_EQZ -> {
                return equalsZero(h);
            }
            case OpBytes.I32_EQ, OpBytes.I64_EQ -> {
                return commutative(EQ, EQ + K, h);
            }
            case OpBytes.I32_NE, OpBytes.I64_NE -> {
                return commutative(NE, NE + K, h);
            }
            case OpBytes.I32_LT_S, OpBytes.I64_LT_S -> {
                return compare(LT_S, h, h + 1);
            }
            case OpBytes.I32_LT_U, OpBytes.I64_LT_U -> {
                return compare(LT_U, h, h + 1);
            }
            case OpBytes.I32_GT_S, OpBytes.I64_GT_S -> {
                return compare(LT_S, h + 1, h);
            }
            case OpBytes.I32_GT_U, OpBytes.I64_GT_U -> {
                return compare(LT_U, h + 1, h);
            }
            case OpBytes.I32_LE_S, OpBytes.I64_LE_S -> {
                return compare(GE_S, h + 1, h);
            }
            case OpBytes.I32_LE_U, OpBytes.I64_LE_U -> {
                return compare(GE_U, h + 1, h);
            }
            case OpBytes.I32_GE_S, OpBytes.I64_GE_S -> {
                return compare(GE_S, h, h + 1);
            }
            case OpBytes.I32_GE_U, OpBytes.I64_GE_U -> {
                return compare(GE_U, h, h + 1);
            }
            case OpBytes.I32_ADD -> {
                return commutative(I32_ADD, I32_ADD_K, h);
            }
            case OpBytes.I64_ADD -> {
                return commutative(I64_ADD, I64_ADD_K, h);
            }
            case OpBytes.I32_SUB -> {
                return subtract(I32_SUB, I32_ADD_K, h);
            }
            case OpBytes.I64_SUB -> {
                return subtract(I64_SUB, I64_ADD_K, h);
            }
            case OpBytes.I32_MUL -> {
                return commutative(I32_MUL, I32_MUL_K, h);
            }
            case OpBytes.I64_MUL -> {
                return binary(I64_MUL, h, h + 1);
            }
            case OpBytes.I32_AND, OpBytes.I64_AND -> {
                return commutative(AND, AND_K, h);
            }
            case OpBytes.I32_OR, OpBytes.I64_OR -> {
                return commutative(OR, OR_K, h);
            }
            case OpBytes.I32_XOR, OpBytes.I64_XOR -> {
                return commutative(XOR, XOR_K, h);
            }
            case OpBytes.I32_SHL -> {
                return shift(I32_SHL, I32_SHL_K, 31, h);
            }
            case OpBytes.I32_SHR_S -> {
                return shift(I32_SHR_S, I32_SHR_S_K, 31, h);
            }
            case OpBytes.I32_SHR_U -> {
                return shift(I32_SHR_U, I32_SHR_U_K, 31, h);
            }
            case OpBytes.I32_ROTL -> {
                return stack.isConst(h + 1) && withConst(I32_ROTL_K, h, h, (int) stack.value(h + 1) & 31);
            }
            case OpBytes.I64_SHL -> {
                return shift(I64_SHL, I64_SHL_K, 63, h);
            }
            case OpBytes.I64_SHR_S -> {
                return shift(I64_SHR_S, I64_SHR_S_K, 63, h);
            }
            case OpBytes.I64_SHR_U -> {
                return shift(I64_SHR_U, I64_SHR_U_K, 63, h);
            }
            case OpBytes.I64_ROTL -> {
                return stack.isConst(h + 1) && withConst(I64_ROTL_K, h, h, (int) stack.value(h + 1) & 63);
            }
            case OpBytes.I32_ROTR -> {
                return stack.isConst(h + 1) && withConst(I32_ROTL_K, h, h, (int) -stack.value(h + 1) & 31);
            }
            case OpBytes.I64_ROTR -> {
                return stack.isConst(h + 1) && withConst(I64_ROTL_K, h, h, (int) -stack.value(h + 1) & 63);
            }
            case OpBytes.F32_ADD -> {
                return binary(F32_ADD, h, h + 1);
            }
            case OpBytes.F32_SUB -> {
                return binary(F32_SUB, h, h + 1);
            }
            case OpBytes.F32_MUL -> {
                return binary(F32_MUL, h, h + 1);
            }
            case OpBytes.F32_DIV -> {
                return binary(F32_DIV, h, h + 1);
            }
            case OpBytes.F64_ADD -> {
                return binary(F64_ADD, h, h + 1);
            }
            case OpBytes.F64_SUB -> {
                return binary(F64_SUB, h, h + 1);
            }
            case OpBytes.F64_MUL -> {
                return binary(F64_MUL, h, h + 1);
            }
            case OpBytes.F64_DIV -> {
                return binary(F64_DIV, h, h + 1);
            }
            case OpBytes.F64_LT -> {
                return binary(F64_LT, h, h + 1);
            }
            case OpBytes.F64_GT -> {
                return binary(F64_LT, h + 1, h);
            }
            case OpBytes.F64_LE -> {
                return binary(F64_LE, h, h + 1);
            }
            case OpBytes.F64_GE -> {
                return binary(F64_LE, h + 1, h);
            }
            default -> {
                return false;
            }
        }
    }

    private boolean pushResult(int h) {
        stack.popTo(h);
        stack.pushTemp(at.resultType(0));
        return true;
    }

    private boolean unary(int op, int h) {
        int from = reg(h);
        emitResult(h, word(op, stack.slot(h), from, 0));
        return pushResult(h);
    }

    /** a = left op right; the result is entry h, the lower of the two. */
    private boolean binary(int op, int left, int right) {
        int b = reg(left);
        int c = reg(right);
        int h = Math.min(left, right);
        emitResult(h, word(op, stack.slot(h), b, c));
        return pushResult(h);
    }

    private boolean withConst(int op, int operand, int h, int constant) {
        int from = reg(operand);
        emitResult(h, word(op, stack.slot(h), from, constant & 0xFFFF));
        return pushResult(h);
    }

    private boolean commutative(int op, int opK, int h) {
        if (isSmall(h + 1)) {
            if (stack.value(h + 1) == 0 && (opK == I32_ADD_K || opK == I64_ADD_K || opK == OR_K || opK == XOR_K)) {
                stack.popTo(h + 1);
                return true;
            }
            return withConst(opK, h, h, (int) stack.value(h + 1));
        }
        if (isSmall(h)) {
            return withConst(opK, h + 1, h, (int) stack.value(h));
        }
        return withShift(op, h) || binary(op, h, h + 1);
    }

    /** a = b op (c shifted by a constant), where that shift was the last instruction. */
    private boolean withShift(int op, int h) {
        if (op != I32_ADD && op != XOR || producer < 0) {
            return false;
        }
        int b = reg(h);
        int c = reg(h + 1);
        if (!isShift(op, c)) {
            int other = b;
            b = c;
            c = other;
            if (!isShift(op, c)) {
                return false;
            }
        }
        long shift = words[producer];
        int fused = op == I32_ADD ? I32_ADD_SHL : switch (Code.op(shift)) {
            case I32_SHL_K -> XOR_I32_SHL;
            case I32_SHR_U_K -> XOR_I32_SHR_U;
            case I64_SHL_K -> XOR_I64_SHL;
            default -> XOR_I64_SHR_U;
        };
        takeBack();
        emit(word(fused, stack.slot(h), b, Code.b(shift)));
        emit(Code.c(shift));
        markResult(h, count - 2);
        return pushResult(h);
    }

    private boolean isShift(int op, int slot) {
        if (!isOperand(slot)) {
            return false;
        }
        if (at.resultType(0) == TypeCode.I32) {
            return isLast(I32_SHL_K, slot) || op == XOR && isLast(I32_SHR_U_K, slot);
        }
        return op == XOR && (isLast(I64_SHL_K, slot) || isLast(I64_SHR_U_K, slot));
    }

    private boolean subtract(int op, int addK, int h) {
        if (stack.isConst(h + 1) && -stack.value(h + 1) == (short) -stack.value(h + 1)) {
            return withConst(addK, h, h, (int) -stack.value(h + 1));
        }
        return binary(op, h, h + 1);
    }

    private boolean shift(int op, int opK, int mask, int h) {
        return stack.isConst(h + 1) ? withConst(opK, h, h, (int) stack.value(h + 1) & mask) : binary(op, h, h + 1);
    }

    private boolean equalsZero(int h) {
        if (producer >= 0 && producer == count - 1 && producerEntry == h && stack.kind(h) == OperandStack.TEMP
                && Code.op(words[producer]) >= EQ && Code.op(words[producer]) < COMPARE_END) {
            words[producer] ^= 1;
            stack.retype(h, TypeCode.I32);
            return true;
        }
        return withConst(EQ + K, h, h, 0);
    }

    /** {@code left < right} or {@code left >= right}; a small constant on the left moves to the right. */
    private boolean compare(int op, int left, int right) {
        int h = Math.min(left, right);
        if (isSmall(right)) {
            return withConst(op + K, left, h, (int) stack.value(right));
        }
        if (isSmall(left)) {
            // k < x is x >= k + 1, k >= x is x < k + 1, unless k + 1 is no such constant.
            long next = stack.value(left) + 1;
            if (next == (short) next && (next != 0 || op == LT_S || op == GE_S)) {
                return withConst((op ^ 1) + K, right, h, (int) next);
            }
        }
        return binary(op, left, right);
    }

    // Memory

    private boolean isFastMemory() {
        return at.a() == 0 && !instance.memories[0].type().memory64() && at.value() <= MAX_X_OFFSET;
    }

    /** A slot that holds 0: with it one form of access serves all sums. */
    private int zero() {
        int slot = constants.find(0);
        if (slot < 0) {
            constants.reserveZero();
            throw new Again();
        }
        return slot;
    }

    private static final int NO_INDEX = -1;

    // The operands of an access, found by address(), see Code.X; the index is NO_INDEX where the short form will do.
    private int baseSlot;
    private int indexSlot;
    private int shift;
    private int number;
    private long offset;

    /** @param canTakeBack whether the operands of sums may be left in their slots until the access */
    private void address(int h, boolean canTakeBack) {
        indexSlot = NO_INDEX;
        shift = 0;
        number = 0;
        offset = at.value();
        if (stack.isConst(h)) {
            baseSlot = zero();
            long address = stack.value(h) & 0xFFFFFFFFL;
            if (address + offset < 1 << 16) {
                offset += address;
            } else {
                number = (int) address;
            }
        } else {
            baseSlot = reg(h);
            if (canTakeBack && stack.kind(h) == OperandStack.TEMP && producerEntry == h) {
                sum();
            }
        }
        if (indexSlot == NO_INDEX && (number != 0 || offset >= 1 << 16)) {
            indexSlot = zero();
        }
    }

    /** Takes back the additions and the shift that gave the address. */
    private void sum() {
        int sum = baseSlot;
        // For a number alone there must be a 0 to add it to; lowering again is more than that is worth.
        if (isLast(I32_ADD_K, sum) && constants.find(0) >= 0) {
            number = (short) Code.c(words[producer]);
            baseSlot = Code.b(words[producer]);
            takeBack();
            if (baseSlot != sum) {
                return;
            }
        }
        if (isLast(I32_ADD, sum)) {
            baseSlot = Code.b(words[producer]);
            indexSlot = Code.c(words[producer]);
            takeBack();
            if (isLast(I32_SHL_K, indexSlot) && isOperand(indexSlot)) {
                takeBackShift();
            } else if (isLast(I32_SHL_K, baseSlot) && isOperand(baseSlot)) {
                baseSlot = indexSlot;
                takeBackShift();
            }
        } else if (isLast(I32_SHL_K, sum) && constants.find(0) >= 0) {
            baseSlot = zero();
            takeBackShift();
        }
    }

    private void takeBackShift() {
        indexSlot = Code.b(words[producer]);
        shift = Code.c(words[producer]);
        takeBack();
    }

    /** Whether a slot belongs to the operand stack, so that a value is gone once it is used. */
    private boolean isOperand(int slot) {
        return slot >= stack.slot(0);
    }

    private long sumWord() {
        return number & 0xFFFFFFFFL | (long) shift << 32 | offset << 37;
    }

    private boolean load(int op, int h) {
        if (!isFastMemory()) {
            return false;
        }
        address(h, true);
        if (indexSlot == NO_INDEX) {
            emitResult(h, word(op, stack.slot(h), baseSlot, (int) offset));
        } else {
            emit(word(op + X, stack.slot(h), baseSlot, indexSlot));
            emit(sumWord());
            markResult(h, count - 2);
        }
        return pushResult(h);
    }

    private boolean store(int op, int h) {
        if (!isFastMemory()) {
            return false;
        }
        // A constant without a slot would be put where the second operand of the sum may lie.
        address(h, !stack.isConst(h + 1) || constantSlot(h + 1) >= 0);
        int value = reg(h + 1);
        if (indexSlot == NO_INDEX) {
            emit(word(op, baseSlot, value, (int) offset));
        } else {
            emit(word(op + X, baseSlot, value, indexSlot));
            emit(sumWord());
        }
        stack.popTo(h);
        return true;
    }
}
