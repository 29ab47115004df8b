package wasmbpf.host.wasi;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import wasmbpf.sys.Kernel;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.HostCode;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.ValType;

/**
 * WASI preview 1 for one guest, and what came before it, {@code wasi_unstable}. {@link #resolve} gives the functions a module
 * imports; all of them share the descriptor table, which {@link #close} empties. Calls come from the guest's thread only.
 */
public final class Wasi implements AutoCloseable {
    public static final String MODULE = Snapshot.PREVIEW_1.module;

    private final FileCalls files;
    private final Scratch scratch = new Scratch();
    private final FdTable fds;
    private final Arguments arguments;
    private final Clocks clocks;
    private final Directories directories;
    private final Map<Snapshot, Versioned> versioned = new EnumMap<>(Snapshot.class);
    private final ProcessCalls process;
    private final Sockets sockets;
    private final Interruption interruption;
    private GuestMemory memory;

    /** The families whose layouts differ between the versions of WASI. */
    private record Versioned(FdIo fdIo, FdState fdState, Paths paths, PollOneoff poll) {}

    /**
     * @param kernel makes the guest's system calls
     * @param interruption ends the guest's waits; stays the caller's to close
     * @throws PreopenException if a preopen is no directory or cannot be opened
     */
    public Wasi(Kernel kernel, WasiOptions options, Interruption interruption) throws PreopenException {
        this.interruption = interruption;
        files = new FileCalls(kernel);
        fds = new FdTable(files);
        arguments = new Arguments(options.arguments(), options.environment());
        clocks = new Clocks(files, scratch);
        directories = new Directories(fds, files, scratch);
        process = new ProcessCalls(files);
        sockets = new Sockets(fds, files, scratch, interruption);
        for (int fd = 0; fd <= 2; fd++) {
            StandardStream stream = StandardStream.of(files, scratch, fd, options.blockBufferedStreams());
            if (stream != null) {
                fds.addAtOrAbove(fd, stream);
            }
        }
        for (Preopen p : options.preopens()) {
            preopen(p);
        }
    }

    private void preopen(Preopen p) throws PreopenException {
        byte[] path = p.host().getBytes(StandardCharsets.UTF_8);
        int flags = FileCalls.O_RDONLY | FileCalls.O_DIRECTORY | FileCalls.O_CLOEXEC;
        long fd = path.length > Scratch.PATH_MAX ? -36
                : files.openat(FileCalls.AT_FDCWD, scratch.cString(Scratch.PATH_A, path, 0, path.length), flags, 0);
        if (fd < 0) {
            close();
            throw new PreopenException(p.host(), (int) -fd);
        }
        long mask = p.readOnly() ? ~Rights.MUTATING : -1;
        Descriptor directory = new Descriptor((int) fd, true, FileType.DIRECTORY, Rights.DIRECTORY & mask,
                (Rights.DIRECTORY | Rights.FILE) & mask, p.guest());
        directory.root(Path.of(p.host()).toAbsolutePath().normalize().equals(Path.of("/")));
        fds.addAboveStreams(directory);
    }

    /** The guest's descriptors, for what else hands out numbers to it. */
    public FdTable descriptors() {
        return fds;
    }

    /**
     * The function a module imports, or null when {@code module} is not WASI's or {@code type} is not the function's.
     * A name this version of WASI does not have gives a function that answers ENOSYS and says so once on stderr.
     */
    public HostFunction resolve(String module, String name, FuncType type) {
        Snapshot snapshot = Snapshot.of(module);
        if (snapshot == null) {
            return null;
        }
        WasiFunction function = WasiFunction.named(name);
        if (function != null) {
            FuncType declared = function.type();
            return declared.equals(type)
                    ? HostFunction.of(module, name, declared, function.parameterNames(),
                            new Call(function, version(snapshot))) : null;
        }
        if (!type.results().equals(List.of(ValType.I32))) {
            return null;
        }
        String[] names = new String[type.params().size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = "arg" + i;
        }
        return HostFunction.of(module, name, type, List.of(names), new Missing(module, name));
    }

    /** Made when the first function of that version is imported: a module imports one version. */
    private Versioned version(Snapshot s) {
        Versioned version = versioned.get(s);
        if (version == null) {
            version = new Versioned(new FdIo(fds, files, scratch, interruption, s), new FdState(fds, files, scratch, s),
                    new Paths(fds, files, scratch, s), new PollOneoff(fds, files, scratch, clocks, interruption, s));
            versioned.put(s, version);
        }
        return version;
    }

    /** Whether a module that imports this gets the function WASI means, not one that answers ENOSYS. */
    public static boolean provides(String module, String name, FuncType type) {
        WasiFunction function = Snapshot.of(module) != null ? WasiFunction.named(name) : null;
        return function != null && function.type().equals(type);
    }

    @Override
    public void close() {
        fds.close();
    }

    private GuestMemory memory(Instance caller) {
        if (memory == null) {
            memory = new GuestMemory(caller.memory(0));
        }
        return memory;
    }

    /** One import: the only place where what went wrong becomes the guest's error number. */
    private final class Call implements HostCode {
        private final WasiFunction function;
        private final Versioned version;

        Call(WasiFunction function, Versioned version) {
            this.function = function;
            this.version = version;
        }

        @Override
        public long call(Instance caller, long[] args) {
            try {
                GuestMemory m = memory(caller);
                return switch (function.family) {
                    case ARGUMENTS -> arguments.call(function, m, args);
                    case CLOCK -> clocks.call(function, m, args);
                    case FD_IO -> version.fdIo.call(function, m, args);
                    case FD_STATE -> version.fdState.call(function, m, args);
                    case DIRECTORY -> directories.call(function, m, args);
                    case PATH -> version.paths.call(function, m, args);
                    case POLL -> version.poll.call(m, args);
                    case PROCESS -> process.call(function, m, args);
                    case SOCKET -> sockets.call(function, m, args);
                };
            } catch (WasiException e) {
                return e.errno();
            } catch (GuestFault e) {
                return WasiErrno.FAULT;
            }
        }
    }

    private static final class Missing implements HostCode {
        private final String module;
        private final String name;
        private boolean warned;

        Missing(String module, String name) {
            this.module = module;
            this.name = name;
        }

        @Override
        public long call(Instance caller, long[] args) {
            if (!warned) {
                warned = true;
                System.err.println("wasm-bpf: guest calls " + module + "." + name
                        + ", which WASI preview 1 does not have; answered ENOSYS");
            }
            return WasiErrno.NOSYS;
        }
    }
}
