package wasmbpf.host.abi;

import java.util.List;
import wasmbpf.host.wasi.FileCalls;
import wasmbpf.host.wasi.Interruption;
import wasmbpf.host.wasi.PreopenException;
import wasmbpf.host.wasi.Wasi;
import wasmbpf.sys.Kernel;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.ProcExit;
import wasmbpf.wasm.WasmFunction;
import wasmbpf.wasm.WasmModule;

/**
 * A program that carries BPF objects, with all it needs to run: WASI, the wasm_bpf functions, memory the kernel can read
 * and write. {@link #run} once, on one thread; {@link #interrupt} from any; {@link #close} when the run is over, which
 * detaches and closes whatever the guest left.
 */
public final class Guest implements AutoCloseable, ImportLinker.Fallback {
    private final WasmModule module;
    private final Interruption interruption;
    private final Wasi wasi;
    private final WasmBpfFunctions bpf;
    private final InstanceOptions instanceOptions;
    private Instance instance;

    /**
     * @param kernel what the guest's own system calls and its memory go to
     * @param loader what its BPF objects are loaded through; the same, or a decorator that records
     * @throws PreopenException if a directory for the guest cannot be opened
     */
    public Guest(WasmModule module, GuestOptions options, Kernel kernel, Kernel loader, Messages messages)
            throws PreopenException {
        this.module = module;
        this.interruption = new Interruption(new FileCalls(kernel));
        this.wasi = new Wasi(kernel, options.wasi(), interruption);
        this.bpf = new WasmBpfFunctions(loader, kernel, options.abi(), options.loading(), wasi.descriptors(), messages);
        this.instanceOptions = InstanceOptions.DEFAULT.withMaxMemoryBytes(options.maxMemoryBytes())
                .withReservations(new MappedReservation.Provider(kernel)).withTier(options.tier())
                .withProfiler(options.profiler());
    }

    @Override
    public HostFunction find(String moduleName, String name, FuncType type) {
        HostFunction found = wasi.resolve(moduleName, name, type);
        if (found == null) {
            found = bpf.resolve(moduleName, name, type);
        }
        return found != null ? found : EmscriptenFunctions.resolve(moduleName, name, type);
    }

    /** Whether a module that imports this finds it in a guest's host, under the modules' default names. */
    public static boolean provides(String moduleName, String name, FuncType type) {
        return Wasi.provides(moduleName, name, type) || WasmBpfFunction.provides(moduleName, name, type)
                || EmscriptenFunctions.provides(moduleName, name, type);
    }

    /**
     * Links the module and runs it to its end.
     *
     * @param imports further host functions; asks this guest for what it does not have. Null = none
     * @return the status the guest gave, 0 when it just returned; the caller cuts it to 8 bits
     * @throws NoEntryPointException if the module has neither {@code _start} nor {@code _initialize}
     * @throws wasmbpf.wasm.WasmException if it does not link, is invalid, or traps
     * @throws GuestEnded if the runtime had to end it
     */
    public int run(ImportLinker imports) throws NoEntryPointException {
        ImportLinker linker = imports == null ? new ImportLinker() : imports;
        try {
            instance = Instance.instantiate(module, linker.fallback(this), instanceOptions);
            entryPoint().invoke();
            return 0;
        } catch (ProcExit exit) {
            return exit.status();
        }
    }

    /** {@code _start}; without one {@code _initialize}, where a reactor such as a Kotlin program does its work. */
    private WasmFunction entryPoint() throws NoEntryPointException {
        for (String name : List.of("_start", "_initialize")) {
            WasmFunction function = instance.exportedFunction(name);
            if (function != null && function.type().params().isEmpty()) {
                return function;
            }
        }
        throw new NoEntryPointException(module.name());
    }

    /**
     * Asks the guest to finish: the wait it is in, and every later poll of a buffer, ends with EINTR. From any thread.
     *
     * @param signal the number its handler is for, 0 for none
     */
    public void interrupt(int signal) {
        bpf.interrupt(signal);
        interruption.request();
    }

    /**
     * Whether the guest has taken a signal to handle it and does not wait for events any more: such a one ends by itself,
     * and may need time. From any thread.
     */
    public boolean finishing() {
        return bpf.finishing();
    }

    /** As {@link #interrupt(int)}, without a signal. */
    public void interrupt() {
        interrupt(0);
    }

    @Override
    public void close() {
        bpf.close();
        wasi.close();
        interruption.close();
        if (instance != null) {
            instance.close();
        }
    }
}
