package wasmbpf.wasm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wasmbpf.wasm.compile.BatchClass;
import wasmbpf.wasm.compile.Constant;
import wasmbpf.wasm.compile.Linkage;

/**
 * Compiles hot functions to JVM bytecode. With a function go those it calls that are warm: within one class calls are
 * direct. A class is hidden, so it goes with its instance.
 */
public final class JvmTier implements Tier {
    /** HotSpot's own limit: methods with more bytecode stay in its interpreter, unless {@code -XX:-DontCompileHugeMethods}. */
    private static final int HUGE_METHOD_BYTES = 8000;
    private static final int MAX_METHOD_BYTES = 65_535;
    /** Estimates are some 15 % off. With that flag, larger methods cost more in C2 than the calls between small ones. */
    private static final int TARGET_BYTES = 6_500;
    /** Said by the launcher, which gives HotSpot that flag. */
    private static final boolean HUGE_METHODS = Boolean.getBoolean("wasmbpf.hugeMethods");
    private static final BatchClass.Sizes SIZES =
            new BatchClass.Sizes(HUGE_METHOD_BYTES, TARGET_BYTES, HUGE_METHODS ? MAX_METHOD_BYTES : 0, false);

    /** HotSpot inlines what is hot up to 325 bytes of bytecode (FreqInlineSize). */
    private static final int SMALL_BODY_BYTES = 100;

    /** A function is compiled along with its caller that has run this share of the times that would have it compiled. */
    private static final int WARM_SHARE = 64;
    /** What a byte of a function's body costs HotSpot's compilers and ours, in CPU time. */
    private static final long NANOS_PER_BYTE = 12_000;
    /** What the first function costs beside, whose compilation loads ours. */
    private static final long FIRST_NANOS = 50_000_000;

    private static final Object LOCK = new Object();
    /** Those defined; guarded by LOCK. */
    private static final Set<String> INTERFACES = new HashSet<>();

    private final int calls;
    private final int loops;
    private final boolean everything;
    private final BatchClass.Sizes sizes;
    private final long nanosPerByte;

    private JvmTier(int calls, int loops, boolean everything, BatchClass.Sizes sizes, long nanosPerByte) {
        this.calls = calls;
        this.loops = loops;
        this.everything = everything;
        this.sizes = sizes;
        this.nanosPerByte = nanosPerByte;
    }

    /** The compiler for functions that have become hot; null where the JDK's Unsafe is not exported to this package. */
    public static Tier whenHot() {
        // HotSpot's compilers take more CPU time for a guest's functions than the interpreter for so many calls or iterations.
        return whenHot(160_000, 1_600_000, NANOS_PER_BYTE);
    }

    static Tier whenHot(int calls, int loops) {
        return whenHot(calls, loops, 0);
    }

    /** @param nanosPerByte what a byte of a function's body costs to compile; no more may be spent than time has gone by */
    static Tier whenHot(int calls, int loops, long nanosPerByte) {
        return RawMemory.UNSAFE ? new JvmTier(calls, loops, false, SIZES, nanosPerByte) : null;
    }

    /** Compiles every function at its first call; null where {@link #whenHot} is. */
    public static Tier always() {
        return always(SIZES);
    }

    /** The same with functions cut into methods of about so many bytes of bytecode. */
    static Tier alwaysCut(int targetBytes) {
        return always(new BatchClass.Sizes(MAX_METHOD_BYTES, targetBytes));
    }

    /** The same, also where blocks have operands. */
    static Tier alwaysCutAnywhere(int targetBytes) {
        return always(new BatchClass.Sizes(MAX_METHOD_BYTES, targetBytes, 0, true));
    }

    private static Tier always(BatchClass.Sizes sizes) {
        return RawMemory.UNSAFE ? new JvmTier(0, Integer.MAX_VALUE, true, sizes, 0) : null;
    }

    /** {@link #always} where HotSpot compiles methods of any size. */
    static Tier alwaysHuge() {
        return always(new BatchClass.Sizes(HUGE_METHOD_BYTES, TARGET_BYTES, MAX_METHOD_BYTES, false));
    }

    /** {@link #whenHot} with functions cut into methods of about so many bytes of bytecode. */
    static Tier whenHotCut(int calls, int loops, int targetBytes) {
        return whenHotCut(calls, loops, targetBytes, false);
    }

    /** The same, also where blocks have operands. */
    static Tier whenHotCutAnywhere(int calls, int loops, int targetBytes) {
        return whenHotCut(calls, loops, targetBytes, true);
    }

    private static Tier whenHotCut(int calls, int loops, int targetBytes, boolean anywhere) {
        return RawMemory.UNSAFE ? new JvmTier(calls, loops, false,
                new BatchClass.Sizes(MAX_METHOD_BYTES, targetBytes, 0, anywhere), 0) : null;
    }

    @Override
    public int callThreshold() {
        return calls;
    }

    @Override
    public int loopThreshold() {
        return loops;
    }

    /** The compilers may take as much time as has gone by without them: so a run costs at most twice what it had to. */
    @Override
    public boolean affords(GuestFunction function) {
        return affords(function.instance, bodyBytes(function.instance.module(), function.index()));
    }

    private boolean affords(Instance instance, long bytes) {
        return nanosPerByte == 0
                || instance.compilersNanos + FIRST_NANOS + bytes * nanosPerByte <= System.nanoTime() - instance.born;
    }

    /** Which of a function's callees, and of theirs, are compiled along. */
    private final class Company implements BatchClass.Choice {
        private final Instance instance;
        private final Set<Integer> chosen = new HashSet<>();
        /** Of the bodies of all. */
        private long bytes;

        Company(Instance instance, int function) {
            this.instance = instance;
            bytes = bodyBytes(instance.module(), function);
        }

        @Override
        public boolean wants(int f) {
            if (!(instance.functions[f] instanceof GuestFunction callee)) {
                return false;
            }
            if (everything) {
                return callee.compiled == null || isSmall(instance.module(), f);
            }
            // Asked again when the class is made again with other cuts.
            if (chosen.contains(f)) {
                return true;
            }
            long more = bytes + bodyBytes(instance.module(), f);
            if (callee.compiled != null || !callee.hasRun(calls / WARM_SHARE, loops / WARM_SHARE) || !affords(instance, more)) {
                return false;
            }
            bytes = more;
            return chosen.add(f);
        }
    }

    private static int bodyBytes(WasmModule module, int function) {
        return module.bodyEnd(function) - module.bodyStart(function);
    }

    @Override
    public CompiledCode compile(GuestFunction function) {
        return compile(function, -1);
    }

    @Override
    public CompiledCode compileLoop(GuestFunction function, int offset) {
        return compile(function, offset);
    }

    private CompiledCode compile(GuestFunction function, int loop) {
        try {
            return generate(function, loop);
        } catch (StackOverflowError e) {
            // Thousands of nested blocks, or little left of this thread's stack: that the interpreter needs less for.
            return null;
        } catch (RuntimeException | VerifyError e) {
            // A bug of ours must not end a guest that runs well interpreted; the test suites run with always(), which tells.
            if (everything) {
                throw e;
            }
            return null;
        }
    }

    private CompiledCode generate(GuestFunction function, int loop) {
        Instance instance = function.instance;
        WasmFunction[] functions = instance.functions;
        BatchClass batch;
        try {
            batch = BatchClass.compile(instance.module(), new InstanceLinkage(instance), function.index(), loop,
                    new Company(instance, function.index()), sizes);
        } catch (InvalidException | MalformedException e) {
            // Its own first call says so; another function must not.
            return null;
        }
        if (batch == null) {
            return null;
        }
        List<Constant> wanted = batch.constants();
        Object[] constants = new Object[wanted.size()];
        for (int i = 0; i < constants.length; i++) {
            constants[i] = value(instance, wanted.get(i));
        }
        MethodHandle constructor;
        synchronized (LOCK) {
            CompiledSupport.giveConstants(constants);
            try {
                define(batch.interfaces());
                MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(batch.bytes(), true);
                constructor = lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class, int.class));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        int[] compiled = batch.functions();
        for (int f : compiled) {
            instance.compilersNanos += bodyBytes(instance.module(), f) * nanosPerByte;
        }
        CompiledCode result = null;
        for (int i = 0; i < compiled.length; i++) {
            CompiledCode code = newEntry(constructor, i);
            GuestFunction target = (GuestFunction) functions[compiled[i]];
            if (target == function) {
                result = code;
            }
            if (target.compiled == null) {
                target.compileTo(code, batch.hasShape(compiled[i]) ? (CompiledClass) code : null);
            }
        }
        return loop < 0 ? result : newEntry(constructor, compiled.length);
    }

    /** Whether it is worth compiling again for a direct call, which HotSpot may inline. */
    private static boolean isSmall(WasmModule module, int function) {
        return bodyBytes(module, function) <= SMALL_BODY_BYTES;
    }

    /** Once for all instances, and never unloaded; {@code compile.Shape} sees to it that there are few. */
    private static void define(Map<String, byte[]> interfaces) throws IllegalAccessException {
        for (Map.Entry<String, byte[]> file : interfaces.entrySet()) {
            if (INTERFACES.add(file.getKey())) {
                MethodHandles.lookup().defineClass(file.getValue());
            }
        }
    }

    /** How many interfaces there are in this JVM. */
    static int interfaces() {
        synchronized (LOCK) {
            return INTERFACES.size();
        }
    }

    private static CompiledCode newEntry(MethodHandle constructor, int entry) {
        try {
            return (CompiledCode) constructor.invoke(entry);
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    private static Object value(Instance instance, Constant constant) {
        int i = constant.index();
        return switch (constant.kind()) {
            case MEMORY -> instance.memories[i];
            case FUNCTION -> instance.functions[i];
            case GLOBAL -> instance.globals[i];
            case NUMBERS -> i < instance.module().importedGlobalCount() ? instance.globals[i].numbers : instance.numbers();
            case TABLE -> instance.tables[i];
            case TAG -> instance.tags[i];
            case TYPE -> instance.module().types().def(i);
            case INSTANCE -> instance;
        };
    }

    private static final class Zero {
        static final long ADDRESS = RawMemory.allocate(Zero.class, 8);

        static {
            RawMemory.putLong(ADDRESS, 0);
        }
    }

    private record InstanceLinkage(Instance instance) implements Linkage {
        @Override
        public int globalCell(int global) {
            return instance.globals[global].cell;
        }

        @Override
        public long globalValue(int global) {
            return instance.globals[global].low();
        }

        @Override
        public long zeroAddress() {
            return Zero.ADDRESS;
        }

        @Override
        public long words(long... words) {
            return instance.code().append(words);
        }

        @Override
        public LoopFrame loopFrame(int function, int offset) {
            return instance.lowering().loopFrame(function, offset);
        }

        @Override
        public boolean interruptible() {
            return instance.options().interruptible();
        }

        @Override
        public boolean profiled() {
            return instance.options().profiler() != null;
        }
    }
}
