package wasmbpf.wasm.compile;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;

/**
 * Exports, and what they call at one place or two, for which it matters how long a call takes: HotSpot compiles a function that
 * takes seconds from the head of its hottest loop on, and {@link InnerLoops} are then better methods of their own; one that is
 * called often and briefly is better whole. So both are made, the first as the function's twin. The export begins with its
 * twin and changes when that was brief, or slower, a few times ({@code RunTimes}); what twins call does the same, if it is not known to
 * run once in a call.
 */
final class HostRuns {
    /** What the name of a twin ends with. */
    private static final String TWIN = "once";
    /** And the name of the method that chooses. */
    private static final String CHOICE = "run";
    private static final MethodTypeDesc IS = Names.type(ConstantDescs.CD_boolean, Names.RUN_TIMES);
    private static final ClassDesc SYSTEM = ClassDesc.of("java.lang.System");
    /** All twins of a class together, by estimate: kernels are small, and a large program is not to be made twice. */
    private static final int MAX_BYTES = 150_000;
    /** What a method for a loop adds, by estimate. */
    private static final int LOOP_BYTES = 100;

    private final RunOnce once;
    private final Map<Integer, BatchClass.Method> methods;
    private final Map<Integer, BatchClass.Method> twins = new LinkedHashMap<>();
    /** Of the functions with a twin those that choose; others are called by twins only. */
    private final Map<Integer, BatchClass.Method> choices = new LinkedHashMap<>();
    /** Bytecode of the twins. */
    private int bytes;

    private HostRuns(RunOnce once, Map<Integer, BatchClass.Method> methods) {
        this.once = once;
        this.methods = methods;
    }

    /** @param innerLoops says how many loops of a method would be methods if it ran once */
    static HostRuns of(RunOnce once, Map<Integer, BatchClass.Method> methods, ToIntFunction<BatchClass.Method> innerLoops) {
        HostRuns runs = new HostRuns(once, methods);
        Map<Integer, Integer> loops = new HashMap<>();
        for (int export : once.exports()) {
            if (!methods.get(export).facts().tailCalls) {
                runs.consider(export, function -> loops.computeIfAbsent(function, f -> innerLoops.applyAsInt(methods.get(f))));
            }
        }
        return runs;
    }

    private void consider(int export, IntUnaryOperator innerLoops) {
        List<Integer> reached = reached(export);
        Set<Integer> wanted = new LinkedHashSet<>();
        int cost = 0;
        // Callees come after their callers, but for some with two.
        for (int before = -1; before < wanted.size();) {
            before = wanted.size();
            for (int function : reached.reversed()) {
                FunctionFacts facts = methods.get(function).facts();
                int loops = wanted.contains(function) ? 0 : innerLoops.applyAsInt(function);
                if (loops > 0 || facts.calls.keySet().stream().anyMatch(wanted::contains)) {
                    cost += wanted.add(function) ? facts.bytecodeSize + loops * LOOP_BYTES : 0;
                }
            }
        }
        if (wanted.contains(export) && bytes + cost <= MAX_BYTES) {
            bytes += cost;
            choices.put(export, named(methods.get(export), CHOICE));
            for (int function : wanted) {
                twins.put(function, named(methods.get(function), TWIN));
                if (once.isCalledTwice(function)) {
                    choices.put(function, named(methods.get(function), CHOICE));
                }
            }
        }
    }

    /** The function and what may be a twin with it, callers first. */
    private List<Integer> reached(int export) {
        Set<Integer> reached = new LinkedHashSet<>();
        Deque<Integer> found = new ArrayDeque<>(List.of(export));
        while (!found.isEmpty()) {
            int function = found.remove();
            if (reached.add(function)) {
                methods.get(function).facts().calls.keySet().stream().filter(this::isFollowed).forEach(found::add);
            }
        }
        return new ArrayList<>(reached);
    }

    private boolean isFollowed(int callee) {
        return (once.isCalledOnce(callee) || once.isCalledTwice(callee) && !once.isRecursive(callee))
                && !methods.get(callee).facts().tailCalls;
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
            builder.withField(methods.get(function).name(), Names.RUN_TIMES, ClassFile.ACC_STATIC);
            builder.withMethodBody(choice.name(), choice.type(), ClassFile.ACC_STATIC,
                    code -> choose(code, methods.get(function), twins.get(function)));
        });
    }

    /** The field of the function's name is how long it took. */
    private static void choose(CodeBuilder code, BatchClass.Method method, BatchClass.Method twin) {
        Label whole = code.newLabel();
        String times = method.name();
        TypeKind result = TypeKind.from(method.type().returnType());
        code.getstatic(Names.SELF, times, Names.RUN_TIMES).invokestatic(Names.RUN_TIMES, "isWhole", IS).ifne(whole);
        int start = code.allocateLocal(TypeKind.LONG);
        code.invokestatic(SYSTEM, "nanoTime", Names.type(Names.J)).lstore(start);
        code.getstatic(Names.SELF, times, Names.RUN_TIMES).invokestatic(Names.RUN_TIMES, "isOnTrial", IS)
                .ifThenElse(onTrial -> call(onTrial, method), otherwise -> call(otherwise, twin));
        code.getstatic(Names.SELF, times, Names.RUN_TIMES).lload(start)
                .invokestatic(Names.RUN_TIMES, "ran", Names.type(Names.RUN_TIMES, Names.RUN_TIMES, Names.J))
                .putstatic(Names.SELF, times, Names.RUN_TIMES);
        code.return_(result).labelBinding(whole);
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
