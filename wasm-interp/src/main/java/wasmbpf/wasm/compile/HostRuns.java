package wasmbpf.wasm.compile;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Exports, and what they call at one place or two, for which it matters how long a call takes: HotSpot compiles a function that
 * takes seconds from the head of its hottest loop on, and {@link InnerLoops} are then better methods of their own; one that is
 * called often and briefly is better whole. So both are made, the first as the function's twin. The export begins with its
 * twin, and changes when it was brief a few times; what twins call does the same, if it is not known to run once in a call.
 */
final class HostRuns {
    /** What the name of a twin ends with. */
    private static final String TWIN = "once";
    /** And the name of the method that chooses. */
    private static final String CHOICE = "run";
    private static final ClassDesc SYSTEM = ClassDesc.of("java.lang.System");
    /** All twins of a class together, by estimate: kernels are small, and a large program is not to be made twice. */
    private static final int MAX_BYTES = 60_000;

    private final RunOnce once;
    private final Map<Integer, BatchClass.Method> methods;
    private final Predicate<BatchClass.Method> hasInnerLoops;
    /** Which functions are wanted as twins, as far as that is known; those that it is not known of yet count as unwanted. */
    private final Map<Integer, Boolean> wanted = new HashMap<>();
    /** Bytecode of those that are wanted. */
    private int bytes;
    private final Map<Integer, BatchClass.Method> twins = new LinkedHashMap<>();
    /** Of the functions with a twin those that choose; others are called by twins only. */
    private final Map<Integer, BatchClass.Method> choices = new LinkedHashMap<>();

    private HostRuns(RunOnce once, Map<Integer, BatchClass.Method> methods, Predicate<BatchClass.Method> hasInnerLoops) {
        this.once = once;
        this.methods = methods;
        this.hasInnerLoops = hasInnerLoops;
    }

    static HostRuns of(RunOnce once, Map<Integer, BatchClass.Method> methods, Predicate<BatchClass.Method> hasInnerLoops) {
        HostRuns runs = new HostRuns(once, methods, hasInnerLoops);
        for (int export : once.exports()) {
            if (runs.isWanted(export)) {
                runs.add(export, true);
            }
        }
        return runs;
    }

    /** Whether it or what it calls has inner loops. */
    private boolean isWanted(int function) {
        Boolean known = wanted.putIfAbsent(function, false);
        if (known != null) {
            return known;
        }
        BatchClass.Method method = methods.get(function);
        FunctionFacts facts = method.facts();
        boolean wants = !facts.tailCalls && facts.selfCalls == 0 && bytes + facts.bytecodeSize <= MAX_BYTES
                && (hasInnerLoops.test(method) || facts.calls.keySet().stream().anyMatch(this::isFollowed));
        if (wants) {
            wanted.put(function, true);
            bytes += facts.bytecodeSize;
        }
        return wants;
    }

    private boolean isFollowed(int callee) {
        return (once.isCalledOnce(callee) || once.isCalledTwice(callee)) && isWanted(callee);
    }

    private void add(int function, boolean chooses) {
        BatchClass.Method method = methods.get(function);
        if (chooses) {
            choices.put(function, named(method, CHOICE));
        }
        if (twins.put(function, named(method, TWIN)) == null) {
            method.facts().calls.keySet().stream().filter(this::isFollowed).forEach(callee -> add(callee, !once.isCalledOnce(callee)));
        }
    }

    private static BatchClass.Method named(BatchClass.Method method, String end) {
        return new BatchClass.Method(method.facts(), method.name() + end, method.type(), method.entryLoop());
    }

    Collection<BatchClass.Method> twins() {
        return twins.values();
    }

    /**
     * The method by which a method calls a function, or null if there is none but the function's own.
     *
     * @param caller the name of the calling method
     */
    BatchClass.Method direct(int function, String caller) {
        return isTwin(caller) ? choices.getOrDefault(function, twins.get(function)) : null;
    }

    /** Whether a method is a twin, of a region of one, or chooses one. */
    boolean isTwin(String method) {
        return method.contains(TWIN) || method.endsWith(CHOICE);
    }

    /** The method by which others than the class call a function. */
    BatchClass.Method entry(BatchClass.Method method) {
        return choices.getOrDefault(method.facts().function, method);
    }

    void addMethods(ClassBuilder builder) {
        choices.forEach((function, choice) -> {
            builder.withField(methods.get(function).name(), Names.I, ClassFile.ACC_STATIC);
            builder.withMethodBody(choice.name(), choice.type(), ClassFile.ACC_STATIC,
                    code -> choose(code, methods.get(function), twins.get(function)));
        });
    }

    /** The field of the function's name is how often it was brief. */
    private static void choose(CodeBuilder code, BatchClass.Method method, BatchClass.Method twin) {
        Label brief = code.newLabel();
        String times = method.name();
        TypeKind result = TypeKind.from(method.type().returnType());
        code.getstatic(Names.SELF, times, Names.I)
                .invokestatic(Names.SUPPORT, "isBrief", Names.type(ConstantDescs.CD_boolean, Names.I)).ifne(brief);
        int start = code.allocateLocal(TypeKind.LONG);
        code.invokestatic(SYSTEM, "nanoTime", Names.type(Names.J)).lstore(start);
        call(code, twin);
        code.getstatic(Names.SELF, times, Names.I).lload(start)
                .invokestatic(Names.SUPPORT, "ran", Names.type(Names.I, Names.I, Names.J)).putstatic(Names.SELF, times, Names.I);
        code.return_(result).labelBinding(brief);
        call(code, method);
        code.return_(result);
    }

    private static void call(CodeBuilder code, BatchClass.Method method) {
        int slot = 0;
        for (ClassDesc parameter : method.type().parameterList()) {
            TypeKind kind = TypeKind.from(parameter);
            code.loadLocal(kind, slot);
            slot += kind.slotSize();
        }
        code.invokestatic(Names.SELF, method.name(), method.type());
    }
}
