package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.OBJECT;
import static wasmbpf.wasm.compile.Names.SUPPORT;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.LoopFrame;
import wasmbpf.wasm.ModuleTypes;
import wasmbpf.wasm.WasmModule;

/**
 * A method while it is generated: for whom, of what part of which function, its JVM locals that are no guest's, and whether
 * control comes to where it is. All that generate its code share it and know nobody else by it.
 */
final class MethodCode {
    static final int NONE = -1;

    final BatchClass batch;
    /** Of the class, for more methods. */
    final ClassBuilder builder;
    final String name;
    final FunctionFacts facts;
    /** The loop where the method begins, or -1: then the method takes the interpreter's frame. */
    final int entryLoop;
    /** What lies where in that frame; null if there is none. */
    final LoopFrame loopFrame;
    /** How the function is cut into methods, or null if it is not. */
    final Region whole;
    /** The part of it that this is the method of; null: it is the method of the function. */
    final Region region;
    final CodeBuilder code;
    final WasmModule module;
    final ModuleTypes types;
    final Linkage linkage;
    final boolean resultsInMemory;
    /** 1 in the second copy of a function: of the calls that the local has remaining, one is made already. */
    final int copy;
    private final int bodyStart;
    private final Map<Integer, Integer> temps = new HashMap<>();

    /** Where the walk is; null before it begins. */
    FuncValidator at;
    /** Whether control can come here. */
    boolean live;
    /** Whether the walk is in a loop whose accesses are checked without a call. */
    boolean checksHere;
    /** The last two parameters: the guest stack, and how many calls may still nest. */
    int stackLocal;
    int remainingLocal;
    private int positionLocal = NONE;

    /**
     * @param region null for the method of the function itself
     */
    MethodCode(BatchClass batch, ClassBuilder builder, String name, FunctionFacts facts, int entryLoop, Region whole,
            Region region, CodeBuilder code) {
        this.batch = batch;
        this.builder = builder;
        this.name = name;
        this.facts = facts;
        this.entryLoop = entryLoop;
        this.whole = whole;
        this.region = region;
        this.code = code;
        module = batch.module();
        types = module.types();
        linkage = batch.linkage();
        loopFrame = entryLoop < 0 ? null : linkage.loopFrame(facts.function, entryLoop);
        bodyStart = module.bodyStart(facts.function);
        copy = BatchClass.copyNumber(name);
        resultsInMemory = entryLoop >= 0 || facts.resultsInMemory();
    }

    // The part of the function

    /** That it generates: the whole function or a region of it; null if the function is not cut. */
    Region part() {
        return region == null ? whole : region;
    }

    /** Locals that live in the frame on the guest stack; all others are JVM locals. */
    BitSet homed() {
        return whole == null ? new BitSet() : part().homed();
    }

    // JVM locals

    int allocate(TypeKind kind) {
        return code.allocateLocal(kind);
    }

    /**
     * A local for a value that lives within one instruction, but for 40 and 46: one for each number and kind.
     *
     * @param i 0 to 3 single values, from 20 on halves of vectors, 40 the zero of {@link Locals}, which lives longer, 41 to 43
     *        select, 44 what goes to a slot, 45 where a region is entered, 46 {@link ProductSums}; from 64 on those of {@link Operands}, two a value
     */
    int temp(int i, TypeKind kind) {
        return temps.computeIfAbsent(i << 4 | kind.ordinal(), k -> allocate(kind));
    }

    // The place in the function, for traps

    void beginPositions() {
        positionLocal = allocate(TypeKind.INT);
        code.iconst_0().istore(positionLocal);
    }

    /** Of the instruction, in the body. */
    int here() {
        return at.offset() - bodyStart;
    }

    /** Notes the place of an instruction that may trap or call. */
    void position() {
        code.loadConstant(here()).istore(positionLocal);
    }

    void loadPosition() {
        code.iload(positionLocal);
    }

    // What generated code begins with everywhere

    void constant(Constant.Kind kind, int index) {
        batch.load(code, new Constant(kind, index));
    }

    /** Pushes the function. */
    void self() {
        constant(Constant.Kind.FUNCTION, facts.function);
    }

    void support(String method, ClassDesc result, ClassDesc... params) {
        code.invokestatic(SUPPORT, method, Names.type(result, params));
    }

    /** Pushes how many calls the function may have open below it. */
    void remaining() {
        code.iload(remainingLocal);
        if (copy > 0) {
            code.loadConstant(copy).isub();
        }
    }

    void unsafeGet(String method, ClassDesc type) {
        code.invokevirtual(Names.UNSAFE, method, Names.type(type, OBJECT, J));
    }

    /** Looks if someone interrupts. */
    void poll() {
        constant(Constant.Kind.INSTANCE, 0);
        code.invokevirtual(Names.INSTANCE, "checkInterrupt", Names.type(V));
    }

    // Loads and stores

    /** Whether addresses are checked by instructions of this method, not by calls of a small one. */
    boolean checksInline() {
        return checksHere || facts.checksInline();
    }

    /** Whether numbers are moved by {@code Unsafe} in this method, not by calls of small ones. */
    boolean movesInline() {
        return checksHere || !facts.movesByCall() || whole != null;
    }

    /** A load: inline with {@code Unsafe}, null and the absolute address on the stack; else with address, base and offset. */
    void get(boolean inline, String method, ClassDesc type) {
        if (inline) {
            unsafeGet(method, type);
        } else {
            code.invokestatic(Names.ACCESSES, method, Names.type(type, J, J, I));
        }
    }

    /** A store: the same, with the value last; else with the value first. */
    void put(boolean inline, String method, ClassDesc type) {
        if (inline) {
            code.invokevirtual(Names.UNSAFE, method, Names.type(V, OBJECT, J, type));
        } else {
            code.invokestatic(Names.ACCESSES, method, Names.type(V, type, J, J, I));
        }
    }
}
