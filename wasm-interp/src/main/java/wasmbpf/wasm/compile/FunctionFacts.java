package wasmbpf.wasm.compile;

import java.util.BitSet;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.ModuleTypes;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.OpSink;
import wasmbpf.wasm.TypeCode;
import wasmbpf.wasm.WasmModule;

/** What must be known of a function before its first instruction is translated, and how it is called; from a walk over it. */
final class FunctionFacts implements OpSink {
    /** The JVM allows 255 slots of parameters; the guest stack and the depth are two. */
    private static final int MAX_PARAM_SLOTS = 250;
    /** Bytecode, by estimate. Most functions in between are a little longer than what HotSpot inlines ({@code FreqInlineSize}, 325). */
    private static final int SHORT = 420;
    private static final int NOT_SHORT = 900;
    /** The same; HotSpot's DesiredMethodLimit of 8000 counts the functions that it inlines too. */
    private static final int LARGE = 4_000;
    private static final int VERY_LARGE = 20_000;

    final int function;
    final int[] params;
    final int[] results;
    /** Whether it reads or writes memory 0 in the short form. */
    boolean usesMemory;
    /** Whether some of these accesses end near their address, whether some do not, and of these some too far for a limit. */
    boolean accessesNear;
    boolean accessesFar;
    boolean accessesVeryFar;
    /** Whether it calls on by tail calls: then only {@code WasmFunction.run} may call it. */
    boolean tailCalls;
    /** Whether it calls functions that are not known before. */
    private boolean callsUnknown;
    /** Slots it needs on the guest stack; 0: it has no frame there. */
    int scratchSlots;
    boolean callable = true;
    int localCount;
    /** How much bytecode it makes, by estimate. */
    int bytecodeSize;
    final CountingLoops loops = new CountingLoops();
    /** Locals that must begin as zero. */
    final UnsetReads unset = new UnsetReads();
    final SelectFacts selects = new SelectFacts();
    final Strides strides = new Strides();
    final Products products = new Products();
    private final BitSet set = new BitSet();
    /** Locals that more than one instruction sets, or one that is a parameter. */
    final BitSet setAgain = new BitSet();
    /** How many of its instructions call itself. */
    int selfCalls;
    /** Of the loop asked for and the blocks around it, by the offsets of their instructions: what the open arm is. */
    final java.util.Map<Integer, Integer> aroundLoop = new java.util.HashMap<>();
    /** Whether the loop asked for can be entered. */
    boolean loopFound;
    private final int loop;
    private int height;
    private final FormVotes forms = new FormVotes();
    /** Offsets of the blocks that are open, but for the function's. */
    private final java.util.List<Integer> open = new java.util.ArrayList<>();
    /** Those of them that are loops. */
    private final java.util.List<Integer> openLoops = new java.util.ArrayList<>();
    /** Directly called functions, as they come: at how many places each, where one in a loop counts as two. */
    final java.util.LinkedHashMap<Integer, Integer> calls = new java.util.LinkedHashMap<>();

    private FunctionFacts(WasmModule module, int function, int loop) {
        ModuleTypes types = module.types();
        int type = module.functionTypeIndex(function);
        this.function = function;
        this.loop = loop;
        params = types.params(type);
        results = types.results(type);
        int slots = 0;
        for (int param : params) {
            slots += param == TypeCode.V128 ? 4 : Names.kind(param).slotSize();
        }
        callable = slots <= MAX_PARAM_SLOTS;
    }

    /** @param loop the offset of a loop that is to be entered while it runs, or -1 */
    static FunctionFacts of(WasmModule module, FuncValidator validator, int function, int loop) {
        FunctionFacts facts = new FunctionFacts(module, function, loop);
        validator.validate(function, facts);
        return facts;
    }

    /** Whether results come back on the guest stack: more than one, a vector, or those of a tail call. */
    boolean resultsInMemory() {
        return tailCalls || results.length > 1 || results.length == 1 && results[0] == TypeCode.V128;
    }

    /** Whether it needs the guest stack, but for what it calls directly and if it is one method. */
    boolean needsStack() {
        return scratchSlots > 0 || resultsInMemory() || callsUnknown;
    }

    /**
     * Whether none of its accesses is checked by a call: in a large method HotSpot's limit for all that it inlines would leave some
     * of these calls. Very large functions are cut into methods that are small enough, and have HotSpot's compilers busy as it is.
     */
    boolean checksInline() {
        return bytecodeSize > LARGE && bytecodeSize <= VERY_LARGE;
    }

    /**
     * Whether numbers are loaded and stored by calls of small methods, which are 12 bytes shorter each, as that may make it short
     * enough for HotSpot to inline it. What it does with the code of others by that is luck either way.
     */
    boolean movesByCall() {
        return bytecodeSize > SHORT && bytecodeSize <= NOT_SHORT;
    }

    /** What a vector local is kept as. */
    LaneForm form(int local) {
        return forms.form(local);
    }

    private void scratch(int slots) {
        scratchSlots = Math.max(scratchSlots, Math.max(1, slots));
    }

    @Override
    public void begin(FuncValidator at) {
        height = 0;
        localCount = at.localCount();
        forms.begin(localCount);
        unset.begin(params.length);
    }

    @Override
    public void op(FuncValidator at) {
        int op = at.op();
        int before = height;
        height = at.height() + at.resultCount();
        bytecodeSize += BytecodeSize.of(at);
        forms.op(at, before);
        loops.op(at, open.size());
        selects.op(at);
        unset.op(at);
        strides.op(at, open.size());
        products.op(at, before);
        switch (op) {
            case OpBytes.BLOCK, OpBytes.LOOP, OpBytes.IF, OpBytes.TRY, OpBytes.TRY_TABLE -> {
                open.add(at.offset());
                if (op == OpBytes.LOOP) {
                    openLoops.add(at.offset());
                }
                if (op == OpBytes.TRY || op == OpBytes.TRY_TABLE) {
                    scratch(1);
                }
                if (at.offset() == loop && !at.frameDead(0)) {
                    loopFound = true;
                    for (int i = 0; i < open.size(); i++) {
                        aroundLoop.put(open.get(i), at.frameOp(open.size() - 1 - i));
                    }
                }
            }
            case OpBytes.END, OpBytes.DELEGATE -> {
                if (!open.isEmpty() && open.removeLast().equals(openLoops.isEmpty() ? null : openLoops.getLast())) {
                    openLoops.removeLast();
                }
            }
            default -> {
                if (at.reachable()) {
                    instruction(at, op, before);
                }
            }
        }
    }

    private void instruction(FuncValidator at, int op, int before) {
        switch (op) {
            case OpBytes.CALL_INDIRECT, OpBytes.CALL_REF -> callsUnknown = true;
            case OpBytes.RETURN_CALL, OpBytes.RETURN_CALL_INDIRECT, OpBytes.RETURN_CALL_REF -> {
                tailCalls = true;
                scratch(slots(at, at.height(), before));
            }
            case OpBytes.CALL -> {
                calls.merge(at.a(), openLoops.isEmpty() ? 1 : 2, Integer::sum);
                selfCalls += at.a() == function ? 1 : 0;
            }
            case OpBytes.THROW -> scratch(slots(at, at.height(), before));
            case OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE -> {
                if (set.get(at.a()) || at.a() < params.length) {
                    setAgain.set(at.a());
                }
                set.set(at.a());
            }
            default -> {
                if (MemoryAccess.isShort(at) || VectorOps.isFastAccess(at) || Bulk.mayBeShort(at)) {
                    usesMemory = true;
                    boolean near = Bulk.mayBeShort(at) || MemoryAccess.isNear(at);
                    accessesNear |= near;
                    accessesFar |= !near;
                    accessesVeryFar |= !near && MemoryAccess.isVeryFar(at);
                } else if (Interpreted.is(at)) {
                    int results = 0;
                    for (int i = 0; i < at.resultCount(); i++) {
                        results += Names.slots(at.resultType(i));
                    }
                    scratch(Math.max(results, slots(at, at.height(), before)));
                }
            }
        }
    }

    private static int slots(FuncValidator at, int from, int to) {
        int slots = 0;
        for (int i = from; i < to; i++) {
            slots += Names.slots(at.type(i));
        }
        return slots;
    }

    /** Slots of its frame on the guest stack, results included. */
    int frameSlots() {
        return scratchSlots == 0 ? 0 : Math.max(scratchSlots, resultsInMemory() ? Names.slots(results) : 0);
    }
}
