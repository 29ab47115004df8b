package wasmbpf.wasm.compile;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.WasmModule;

/**
 * One generated class: functions that call each other directly, each a static method, and the entries through which everyone
 * else calls them.
 */
public final class BatchClass {
    /** What the JVM allows a class is 65,535 constants; a batch this large stays far below it. */
    private static final int MAX_FUNCTIONS = 400;
    private static final int MAX_BODY_BYTES = 150_000;
    private static final int ACC_STATIC = ClassFile.ACC_STATIC;
    /**
     * HotSpot inlines a method into itself once. A function made twice, each copy calling the other, is inlined three deep, and so are
     * two that call each other. That many bytes of bytecode, by estimate and all levels together, may come of it; and it gains only
     * where few locals must be saved at the calls that remain.
     */
    private static final int MAX_INLINED = 2000;
    private static final int MAX_COPIED_LOCALS = 4;
    private static final int INLINED_LEVELS = 3;
    /** What the name of a second copy ends with. */
    private static final String COPY = "copy";

    /** A function of the class. */
    record Method(FunctionFacts facts, String name, MethodTypeDesc type, int entryLoop) {
    }

    private final WasmModule module;
    private final Linkage linkage;
    private final FuncValidator validator;
    private final Cuts cuts;
    private final Map<Integer, Method> methods = new LinkedHashMap<>();
    /** By function the methods with its code, its own first, then the copy that this calls. */
    private final Map<Integer, List<Method>> copies = new HashMap<>();
    /** Of two functions that call each other and have copies, by either the other. */
    private final Map<Integer, Integer> partners = new HashMap<>();
    private Method loop;
    /** How methods are cut; null for those that are not. */
    private final Map<Method, Region> plans = new HashMap<>();
    /** Functions that never touch the guest stack, nor do those they call: their callers pass null. */
    private final Set<Integer> stackless = new HashSet<>();
    /** Functions that run once. */
    private Set<Integer> runOnce = Set.of();
    /** Functions that the host may call for long. */
    private HostRuns hostRuns;
    private final Map<Constant, Integer> constants = new LinkedHashMap<>();
    private final Set<Shape> shapes = new LinkedHashSet<>();
    private long zero;
    /** How its methods check accesses. */
    final AccessChecks checks = new AccessChecks(this);
    private byte[] bytes;
    private List<Method> entries;

    private BatchClass(WasmModule module, Linkage linkage, Cuts cuts) {
        this.module = module;
        this.linkage = linkage;
        this.cuts = cuts;
        this.validator = new FuncValidator(module);
    }

    /** Which functions may be compiled along: those worth it and not compiled yet. */
    public interface Choice {
        boolean wants(int function);
    }

    /**
     * How large methods may be.
     *
     * @param most bytecode of a method, above which HotSpot would leave it to its interpreter, or the JVM refuse it
     * @param target functions that make more than this, by estimate, are cut into methods of at most about this size
     * @param whole bytecode of a function that cannot be cut so, where HotSpot has been told to compile such methods too; else 0
     * @param anywhere whether functions are cut in all ways at once, and not only where there is no other
     */
    public record Sizes(int most, int target, int whole, boolean anywhere) {
        public Sizes(int most, int target) {
            this(most, target, 0, false);
        }
    }

    /**
     * Compiles a function and, as far as they are wanted, those it calls.
     *
     * @param entryLoop the offset of a loop of it where another method begins, or -1
     * @return null if the function cannot be compiled
     */
    public static BatchClass compile(WasmModule module, Linkage linkage, int function, int entryLoop, Choice choice,
            Sizes sizes) {
        Set<Integer> refused = new HashSet<>();
        Cuts cuts = new Cuts(sizes, new FuncValidator(module));
        // Each round takes at least one function out, or cuts it smaller.
        while (true) {
            BatchClass batch = new BatchClass(module, linkage, cuts);
            if (!batch.choose(function, entryLoop, f -> !refused.contains(f) && choice.wants(f))) {
                return null;
            }
            Set<Integer> tooLarge = batch.build();
            if (tooLarge.isEmpty()) {
                return batch;
            }
            for (int f : tooLarge) {
                if (!cuts.cutSmaller(batch.facts(f), batch.size(f))) {
                    if (f == function) {
                        return null;
                    }
                    refused.add(f);
                }
            }
        }
    }

    private FunctionFacts facts(int function) {
        return methods.containsKey(function) ? methods.get(function).facts : loop.facts;
    }

    WasmModule module() {
        return module;
    }

    Linkage linkage() {
        return linkage;
    }

    /** The class file; its class is to be defined into package {@code wasmbpf.wasm} as a hidden one. */
    public byte[] bytes() {
        return bytes;
    }

    /** The values of its constants, in the order in which its initialiser takes them. */
    public List<Constant> constants() {
        return List.copyOf(constants.keySet());
    }

    /** The functions by entry number; the entry of a loop is the last one, and not among them. */
    public int[] functions() {
        return methods.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether others may call it by its shape. */
    public boolean hasShape(int function) {
        return shape(methods.get(function).facts) != null;
    }

    /** How others may call it; null if they may not. */
    static Shape shape(FunctionFacts facts) {
        return facts.tailCalls ? null : Shape.of(facts.params, facts.results);
    }

    /** The interfaces that its class needs, by name, as class files; to be defined before it, once for all. */
    public Map<String, byte[]> interfaces() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        shapes.forEach(shape -> {
            if (shape.isInterface()) {
                files.put(shape.owner().displayName(), shape.classFile());
            }
        });
        return files;
    }

    /** Notes that its code calls by the shape, or is called by it. */
    void needs(Shape shape) {
        shapes.add(shape);
    }

    // Choosing

    private boolean choose(int function, int entryLoop, Choice choice) {
        if (entryLoop >= 0) {
            FunctionFacts facts = FunctionFacts.of(module, validator, function, entryLoop);
            if (!facts.loopFound) {
                return false;
            }
            loop = new Method(facts, "loop", MethodTypeDesc.of(Names.V, Names.STACK, Names.J, Names.I), entryLoop);
        }
        List<Integer> pending = new ArrayList<>(List.of(function));
        int body = 0;
        for (int i = 0; i < pending.size() && i < MAX_FUNCTIONS && body < MAX_BODY_BYTES; i++) {
            int f = pending.get(i);
            FunctionFacts facts = FunctionFacts.of(module, validator, f, -1);
            if (!facts.callable) {
                continue;
            }
            body += size(f);
            Method method = new Method(facts, "f" + f, descriptor(facts), -1);
            methods.put(f, method);
            copies.put(f, copies(method));
            for (int callee : facts.calls.keySet()) {
                if (callee >= module.importedFunctionCount() && !pending.contains(callee) && choice.wants(callee)) {
                    pending.add(callee);
                }
            }
        }
        methods.values().forEach(this::copyWithPartner);
        return methods.containsKey(function) || loop != null;
    }

    private List<Method> copies(Method method) {
        FunctionFacts facts = method.facts;
        long calls = facts.selfCalls;
        long inlined = 1;
        for (int i = 0; i < INLINED_LEVELS && inlined < MAX_INLINED; i++) {
            inlined = 1 + inlined * calls;
        }
        boolean gains = calls > 0 && facts.localCount <= MAX_COPIED_LOCALS && inlined * facts.bytecodeSize <= MAX_INLINED;
        return gains && !cuts.has(method) ? withCopy(method) : List.of(method);
    }

    private static List<Method> withCopy(Method method) {
        return List.of(method, new Method(method.facts, method.name + COPY, method.type, -1));
    }

    /** Makes two small functions twice that call each other, and neither of them itself. */
    private void copyWithPartner(Method method) {
        FunctionFacts facts = method.facts;
        for (int callee : facts.calls.keySet()) {
            Method partner = methods.get(callee);
            if (partner == null || callee <= facts.function || partners.containsKey(callee) || partners.containsKey(facts.function)) {
                continue;
            }
            FunctionFacts other = partner.facts;
            long there = facts.calls.get(callee);
            long back = other.calls.getOrDefault(facts.function, 0);
            // The four methods of one round.
            long inlined = (1 + there * back) * (facts.bytecodeSize + there * other.bytecodeSize);
            if (back > 0 && facts.selfCalls + other.selfCalls == 0 && inlined <= MAX_INLINED
                    && Math.max(facts.localCount, other.localCount) <= MAX_COPIED_LOCALS
                    && !facts.tailCalls && !other.tailCalls && !cuts.has(method) && !cuts.has(partner)) {
                copies.put(facts.function, withCopy(method));
                copies.put(callee, withCopy(partner));
                partners.put(facts.function, callee);
                partners.put(callee, facts.function);
                return;
            }
        }
    }

    private int size(int function) {
        return module.bodyEnd(function) - module.bodyStart(function);
    }

    private static MethodTypeDesc descriptor(FunctionFacts facts) {
        List<ClassDesc> params = new ArrayList<>();
        for (int param : facts.params) {
            params.add(Names.of(param));
            if (Names.slots(param) == 2) {
                params.add(Names.J);
            }
        }
        params.add(Names.STACK);
        params.add(Names.I);
        ClassDesc result = facts.resultsInMemory() || facts.results.length == 0 ? Names.V : Names.of(facts.results[0]);
        return MethodTypeDesc.of(result, params);
    }

    /**
     * The method to call directly, or null.
     *
     * @param caller the name of the calling method
     */
    Method direct(int function, String caller) {
        Method method = methods.get(function);
        if (method == null || method.facts.tailCalls) {
            return null;
        }
        Method run = hostRuns.direct(function, caller);
        if (run != null) {
            return run;
        }
        List<Method> same = copies.get(function);
        Integer partner = partners.get(function);
        if (partner == null) {
            return same.size() > 1 && caller.equals(method.name) ? same.getLast() : method;
        }
        // Round and round: the first, the second, the first one's copy, the second one's.
        Method before = partner < function ? copies.get(partner).getLast() : methods.get(partner);
        return caller.equals(before.name) ? same.getLast() : method;
    }

    /** 1 for the second copy of a function, 0 for other methods. */
    static int copyNumber(String method) {
        return method.endsWith(COPY) ? 1 : 0;
    }

    // Constants

    void load(CodeBuilder code, Constant constant) {
        int number = constants.computeIfAbsent(constant, c -> constants.size());
        code.getstatic(Names.SELF, "k" + number, classOf(constant));
    }

    /** Pushes what an access by absolute address begins with. */
    void unsafe(CodeBuilder code) {
        // The methods with an object are the intrinsics; those without call them.
        code.getstatic(Names.SELF, "u", Names.UNSAFE).aconst_null();
    }

    /** The address of a zero that HotSpot does not know to be one. */
    long zeroAddress() {
        if (zero == 0) {
            zero = linkage.zeroAddress();
        }
        return zero;
    }

    private ClassDesc classOf(Constant constant) {
        return Names.of(constant.kind(), constant.index() >= module.importedFunctionCount());
    }

    // The class

    private Set<Integer> build() {
        entries = new ArrayList<>(methods.values());
        if (loop != null) {
            entries.add(loop);
        }
        RunOnce once = new RunOnce(module, methods.values());
        runOnce = once.command();
        for (Method method : entries) {
            // A method that takes over a running loop has no other use.
            plans.put(method, cuts.plan(method, method == loop || runOnce.contains(method.facts.function)));
        }
        hostRuns = HostRuns.of(once, methods, method -> runOnce.contains(method.facts.function) ? 0 : cuts.innerLoops(method));
        hostRuns.twins().forEach(twin -> plans.put(twin, cuts.plan(twin, true)));
        Set<Integer> uncuttable = new HashSet<>();
        plans.forEach((method, plan) -> {
            if (plan == SplitPlan.TOO_LARGE) {
                uncuttable.add(method.facts.function);
            }
        });
        if (!uncuttable.isEmpty()) {
            cuts.notAtAll(uncuttable);
            return uncuttable;
        }
        findStackless();
        Set<Integer> failed = new HashSet<>();
        // Generated code joins references as Object only: every class may pass for a direct child of it.
        ClassFile context = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                desc -> ClassHierarchyResolver.ClassHierarchyInfo.ofClass(
                        desc.equals(ConstantDescs.CD_Object) ? null : ConstantDescs.CD_Object)),
                // No second run of a handler: it would make the methods of regions once more.
                ClassFile.ShortJumpsOption.FAIL_ON_SHORT_JUMPS);
        try {
            bytes = context.build(Names.SELF, this::build);
        } catch (IllegalArgumentException e) {
            // How the ClassFile API says that a method has more than 64 KiB of code; not which.
            for (Method method : plans.keySet()) {
                try {
                    context.build(Names.SELF, builder -> addMethod(builder, method));
                } catch (IllegalArgumentException tooLarge) {
                    failed.add(method.facts.function);
                }
            }
            if (failed.isEmpty()) {
                // Or the class has too many methods.
                failed.addAll(cuts.withInnerLoops());
            }
            if (failed.isEmpty()) {
                throw e;
            }
            return failed;
        }
        Map<String, Integer> functions = new HashMap<>();
        entries.forEach(method -> functions.put(method.name, method.facts.function));
        copies.forEach((function, same) -> same.forEach(method -> functions.put(method.name, function)));
        hostRuns.twins().forEach(method -> functions.put(method.name, method.facts.function));
        for (MethodModel method : ClassFile.of().parse(bytes).methods()) {
            String name = method.methodName().stringValue();
            int length = method.findAttribute(java.lang.classfile.Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
            Integer function = functions.get(name.contains("$") ? name.substring(0, name.indexOf('$')) : name);
            if (function != null && length > cuts.most(function)) {
                failed.add(function);
            }
        }
        return failed;
    }

    private void findStackless() {
        if (linkage.profiled()) {
            return;
        }
        methods.forEach((function, method) -> {
            if (plans.get(method) == null && !method.facts.needsStack()) {
                stackless.add(function);
            }
        });
        boolean changed = true;
        while (changed) {
            changed = stackless.removeIf(function -> !stackless.containsAll(methods.get(function).facts.calls.keySet()));
        }
    }

    /**
     * Whether a method takes null for the guest stack. Recursive functions that do so have one value less to save at each call.
     */
    boolean isStackless(Method method) {
        return stackless.contains(method.facts.function) && !hostRuns.isTwin(method.name);
    }

    private void addMethod(ClassBuilder builder, Method method) {
        Region whole = plans.get(method);
        builder.withMethodBody(method.name, method.type, ACC_STATIC,
                code -> FunctionCompiler.compile(this, builder, method, whole, validator, code));
    }

    private void build(ClassBuilder builder) {
        EntryMethods entryMethods = new EntryMethods(entries, loop, hostRuns);
        builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
        builder.withSuperclass(Names.SUPER);
        builder.withMethodBody(ConstantDescs.INIT_NAME, MethodTypeDesc.of(Names.V, Names.I), 0,
                code -> code.aload(0).iload(1).invokespecial(Names.SUPER, ConstantDescs.INIT_NAME,
                        MethodTypeDesc.of(Names.V, Names.I)).return_());
        for (Method method : entries) {
            for (Method same : method == loop ? List.of(method) : copies.get(method.facts.function)) {
                addMethod(builder, same);
            }
        }
        hostRuns.twins().forEach(twin -> addMethod(builder, twin));
        hostRuns.addMethods(builder);
        checks.addMethods(builder);
        builder.withMethodBody("invoke", MethodTypeDesc.of(Names.V, Names.I, Names.STACK, Names.J, Names.I),
                ClassFile.ACC_PROTECTED, entryMethods::dispatch);
        Map<Shape, List<Integer>> byShape = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            Shape shape = entries.get(i) == loop ? null : shape(entries.get(i).facts);
            if (shape != null) {
                byShape.computeIfAbsent(shape, s -> new ArrayList<>()).add(i);
                needs(shape);
            }
        }
        byShape.forEach((shape, numbers) -> builder.withMethodBody(shape.method(), shape.type(), ClassFile.ACC_PUBLIC,
                code -> entryMethods.dispatchShape(code, numbers, shape)));
        builder.withInterfaceSymbols(byShape.keySet().stream().filter(Shape::isInterface).map(Shape::owner).toList());
        builder.withField("u", Names.UNSAFE, ACC_STATIC | ClassFile.ACC_FINAL);
        constants.forEach((constant, number) -> builder.withField("k" + number, classOf(constant),
                ACC_STATIC | ClassFile.ACC_FINAL));
        builder.withMethodBody(ConstantDescs.CLASS_INIT_NAME, MethodTypeDesc.of(Names.V), ACC_STATIC, this::initialise);
    }

    private void initialise(CodeBuilder code) {
        code.invokestatic(Names.SUPPORT, "unsafe", MethodTypeDesc.of(Names.UNSAFE)).putstatic(Names.SELF, "u", Names.UNSAFE);
        int array = code.allocateLocal(TypeKind.REFERENCE);
        code.invokestatic(Names.SUPPORT, "takeConstants", MethodTypeDesc.of(Names.OBJECT.arrayType())).astore(array);
        constants.forEach((constant, number) -> code.aload(array).loadConstant((int) number).aaload()
                .checkcast(classOf(constant)).putstatic(Names.SELF, "k" + number, classOf(constant)));
        code.return_();
    }
}
