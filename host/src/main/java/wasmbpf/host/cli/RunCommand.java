package wasmbpf.host.cli;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.host.abi.AbiOptions;
import wasmbpf.host.abi.Guest;
import wasmbpf.host.abi.GuestOptions;
import wasmbpf.host.abi.Messages;
import wasmbpf.host.load.FileProblem;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.wasi.Preopen;
import wasmbpf.host.wasi.PreopenException;
import wasmbpf.host.wasi.WasiOptions;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.replay.RecordingKernel;
import wasmbpf.sys.replay.StraceKernel;
import wasmbpf.wasm.Import;
import wasmbpf.wasm.JvmTier;
import wasmbpf.wasm.Tier;
import wasmbpf.wasm.MalformedException;
import wasmbpf.wasm.InvalidException;
import wasmbpf.wasm.WasmModule;

/** {@code wasm-bpf [run] MODULE [ARGS…]}: runs a module with WASI and the wasm_bpf functions. */
class RunCommand extends Command {
    private static final long DEFAULT_GRACE_NANOS = 2_000_000_000L;
    /** A native program has all the time it takes in such a case; a second Ctrl-C ends it before. */
    private static final long DEFAULT_HANDLER_GRACE_NANOS = 30_000_000_000L;

    RunCommand() {
        this("run", "MODULE [ARGS...]", "run a module (the command when none is named)");
    }

    /** For a command that runs a module in another way. */
    RunCommand(String name, String operands, String summary) {
        super(name, operands, summary);
    }

    @Override
    List<Option> options() {
        return RunOptions.ALL;
    }

    @Override
    boolean stopsAtOperand() {
        return true;
    }

    @Override
    int run(ParsedArguments arguments) {
        if (arguments.has(RunOptions.HELP)) {
            Words.print(HelpCommand.overview());
            return 0;
        }
        if (arguments.has(RunOptions.VERSION)) {
            return new VersionCommand().run(arguments);
        }
        if (arguments.operands().isEmpty()) {
            throw new UsageException("no module named");
        }
        long timeout = nanos(arguments, RunOptions.TIMEOUT, Long.MAX_VALUE);
        long grace = nanos(arguments, RunOptions.GRACE, DEFAULT_GRACE_NANOS);
        long handlerGrace = nanos(arguments, RunOptions.GRACE, DEFAULT_HANDLER_GRACE_NANOS);
        Messages messages = new Messages(System.err, arguments.has(RunOptions.VERBOSE));
        WasmModule module = decode(arguments.operands().get(0));
        ProfileFile profile = ProfileFile.open(arguments.value(RunOptions.PROFILE));
        GuestOptions options = guestOptions(arguments, messages, importsWasiAlone(module), profile);
        Kernel kernel = LinuxKernel.open();
        Kernel loader = loader(arguments, kernel);
        try {
            Guest guest = new Guest(module, options, kernel, loader, messages);
            prepared(guest);
            Supervisor supervisor = new Supervisor(new GuestRun(messages), guest, timeout, grace, handlerGrace);
            int status = supervisor.supervise();
            if (profile != null) {
                profile.write(messages);
            }
            if (!supervisor.ended()) {
                if (guest.finishing()) {
                    messages.warn("stopped: " + arguments.operands().getFirst() + " handles the signal but did not end within "
                            + handlerGrace / 1_000_000 + " ms; --grace D gives it D");
                }
                // The guest did not listen. Nothing may run beside it now, so nothing is closed here: the kernel does.
                loader.close();
                Runtime.getRuntime().halt(status);
            }
            guest.close();
            return status;
        } catch (PreopenException e) {
            throw new FatalException(ExitStatus.OURS, e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            loader.close();
        }
    }

    private static long nanos(ParsedArguments arguments, Option option, long otherwise) {
        String text = arguments.value(option);
        return text == null ? otherwise : Quantity.nanos(option, text);
    }

    /** Such a module is a command like any other: it may ask isatty before it writes binary data to a pipe. */
    private static boolean importsWasiAlone(WasmModule module) {
        for (Import i : module.imports()) {
            if (!i.module().startsWith("wasi_")) {
                return false;
            }
        }
        return true;
    }

    private static GuestOptions guestOptions(ParsedArguments arguments, Messages messages, boolean blockBuffered,
            ProfileFile profile) {
        List<String> argv = arguments.operands();
        List<Preopen> preopens = new ArrayList<>();
        for (String text : arguments.values(RunOptions.DIR)) {
            preopens.add(preopen(text));
        }
        WasiOptions wasi = new WasiOptions(argv, environment(arguments.values(RunOptions.ENV)), preopens,
                blockBuffered || arguments.has(RunOptions.STDIO_BLOCK));
        AbiOptions abi = new AbiOptions(objectName(argv.get(0)),
                either(arguments, RunOptions.CALLBACK_MODULE, RunOptions.WRAPPER_MODULE_NAME, AbiOptions.CALLBACK_MODULE),
                either(arguments, RunOptions.CALLBACK_EXPORT, RunOptions.CALLBACK_EXPORT_NAME, AbiOptions.CALLBACK_EXPORT),
                arguments.has(RunOptions.STATS));
        String limit = arguments.value(RunOptions.MEMORY_LIMIT);
        return new GuestOptions(wasi, abi, loading(arguments, messages),
                limit == null ? GuestOptions.MAX_MEMORY : Quantity.bytes(RunOptions.MEMORY_LIMIT, limit),
                tier(arguments.value(RunOptions.TIER)), profile == null ? null : profile.profiler());
    }

    private static Tier tier(String name) {
        return switch (name == null ? "auto" : name) {
            case "auto" -> JvmTier.whenHot();
            case "compiled" -> JvmTier.always();
            case "interpreter" -> null;
            default -> throw new UsageException("--tier " + name + ": one of interpreter, compiled, auto");
        };
    }

    private static String either(ParsedArguments arguments, Option option, Option alias, String otherwise) {
        String value = arguments.value(option);
        String other = arguments.value(alias);
        return value != null ? value : other != null ? other : otherwise;
    }

    /** {@code HOST[::GUEST][:ro]}; without GUEST the guest knows it by the same path. */
    static Preopen preopen(String text) {
        boolean readOnly = text.endsWith(":ro");
        String rest = readOnly ? text.substring(0, text.length() - 3) : text;
        int colons = rest.indexOf("::");
        String host = colons < 0 ? rest : rest.substring(0, colons);
        String guest = colons < 0 ? rest : rest.substring(colons + 2);
        if (host.isEmpty() || guest.isEmpty()) {
            throw new UsageException("--dir " + text + ": HOST[::GUEST][:ro] is wanted");
        }
        return new Preopen(host, guest, readOnly);
    }

    /** {@code NAME=VALUE}, or {@code NAME} for ours when we have it. */
    static List<String> environment(List<String> given) {
        List<String> out = new ArrayList<>();
        for (String entry : given) {
            int equals = entry.indexOf('=');
            if (equals == 0 || entry.isEmpty()) {
                throw new UsageException("--env " + entry + ": NAME or NAME=VALUE is wanted");
            }
            if (equals > 0) {
                out.add(entry);
            } else if (System.getenv(entry) != null) {
                out.add(entry + "=" + System.getenv(entry));
            }
        }
        return out;
    }

    /** What libbpf makes of a file's name: {@code dir/bootstrap.wasm} gives {@code bootstrap}. */
    static String objectName(String module) {
        String name = module.substring(module.lastIndexOf('/') + 1);
        int dot = name.indexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        return stem.isEmpty() || stem.equals("-") ? "guest" : stem;
    }

    private static LoadOptions loading(ParsedArguments arguments, Messages messages) {
        LoadOptions options = LoadOptions.DEFAULT.withWarnings(new LoaderWarnings(messages));
        String btf = arguments.value(RunOptions.BTF);
        if (btf != null) {
            options = options.withKernelBtf(Path.of(btf));
        }
        String log = arguments.value(RunOptions.VERIFIER_LOG);
        if (log != null) {
            try {
                options = options.withVerifierLog(1, VerifierLogFile.open(log, messages));
            } catch (IOException e) {
                throw new FatalException(ExitStatus.OURS, "--verifier-log " + FileProblem.writing(log, e), e);
            }
        }
        return options;
    }

    /** The guest is about to run. */
    void prepared(Guest guest) {}

    /** What BPF objects are loaded through. */
    Kernel loader(ParsedArguments arguments, Kernel kernel) {
        Kernel loader = kernel;
        if (arguments.has(RunOptions.STRACE)) {
            loader = new StraceKernel(loader, System.err);
        }
        String record = arguments.value(RunOptions.RECORD);
        if (record != null) {
            try {
                loader = RecordingKernel.to(Path.of(record), loader,
                        "wasm-bpf " + String.join(" ", arguments.operands()));
            } catch (IOException | UncheckedIOException | InvalidPathException e) {
                throw new FatalException(ExitStatus.OURS, "--record " + FileProblem.writing(record, e), e);
            }
        }
        return loader;
    }

    /** A module's file; {@code -} is standard input. */
    InputStream open(String file) throws IOException {
        return file.equals("-") ? System.in : new FileInputStream(file);
    }

    private WasmModule decode(String file) {
        byte[] bytes;
        try (InputStream in = open(file)) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            boolean there = new File(file).exists();
            throw new FatalException(there ? ExitStatus.NOT_RUNNABLE : ExitStatus.NOT_FOUND,
                    there ? FileProblem.reading(file, e) : file + ": no such file", e);
        }
        try {
            return WasmModule.decode(file.substring(file.lastIndexOf('/') + 1), bytes);
        } catch (MalformedException | InvalidException e) {
            throw new FatalException(ExitStatus.NOT_RUNNABLE, e.getMessage(), e);
        }
    }
}
