package wasmbpf.host.cli;

import java.util.List;
import wasmbpf.host.cli.Option.Completion;

/** The options of {@code wasm-bpf run}: the table that parser, help and completion read. */
final class RunOptions {
    static final Option HELP = Option.flag("help", 'h', "show this help");
    static final Option VERSION = Option.flag("version", 'V', "show the version");
    static final Option VERBOSE = Option.flag("verbose", 'v', "say more on standard error: loader warnings, causes");
    static final Option DIR = Option.value("dir", '\0', "HOST[::GUEST][:ro]", Completion.DIRECTORY,
            "let the module use directory HOST, as GUEST, read-only with :ro (repeatable)");
    static final Option ENV = Option.value("env", '\0', "NAME[=VALUE]", Completion.NOTHING,
            "set an environment variable, or pass ours on (repeatable)");
    static final Option TIMEOUT = Option.value("timeout", '\0', "D", Completion.NOTHING,
            "end the run after D (5s, 500ms, 2m): exit status 124");
    static final Option GRACE = Option.value("grace", '\0', "D", Completion.NOTHING,
            "time to finish in after a signal or timeout (default 2s, 30s if the module handles it)");
    static final Option MEMORY_LIMIT = Option.value("memory-limit", '\0', "SIZE", Completion.NOTHING,
            "most memory the module may have (64M, 1G; default 4G)");
    static final Option TIER = Option.value("tier", '\0', "TIER", Completion.NOTHING,
            "interpreter, compiled, or auto: compile what is hot (default)");
    static final Option PROFILE = Option.value("profile", '\0', "FILE", Completion.FILE,
            "write where the module spends its time to FILE, as folded stacks for flame graphs");
    static final Option BTF = Option.value("btf", '\0', "FILE", Completion.FILE,
            "take the kernel's types from FILE instead of /sys/kernel/btf/vmlinux");
    static final Option VERIFIER_LOG = Option.value("verifier-log", '\0', "FILE|-", Completion.FILE,
            "write the verifier's whole log to FILE, - = standard error");
    static final Option STATS = Option.flag("stats", '\0', "print what each buffer delivered and lost at its end");
    static final Option STRACE = Option.flag("strace", '\0', "print the loader's system calls");
    static final Option RECORD = Option.value("record", '\0', "FILE", Completion.FILE,
            "record the loader's system calls, for a bug report");
    static final Option STDIO_BLOCK = Option.flag("stdio-block", '\0',
            "let the module buffer output to pipes by blocks, not lines");
    static final Option CALLBACK_MODULE = Option.value("callback-module", 'm', "NAME", Completion.NOTHING,
            "import module of the poll function with an exported callback (default callback-wrapper)");
    static final Option CALLBACK_EXPORT = Option.value("callback-export", 'c', "NAME", Completion.NOTHING,
            "name of that exported callback (default go-callback)");
    // The long names the Rust command line has for the last two.
    static final Option WRAPPER_MODULE_NAME = Option.value("wrapper-module-name", '\0', "NAME", Completion.NOTHING,
            "same as --callback-module");
    static final Option CALLBACK_EXPORT_NAME = Option.value("callback-export-name", '\0', "NAME", Completion.NOTHING,
            "same as --callback-export");

    static final List<Option> ALL = List.of(HELP, VERSION, VERBOSE, DIR, ENV, TIMEOUT, GRACE, MEMORY_LIMIT, TIER, PROFILE,
            BTF, VERIFIER_LOG, STATS, STRACE, RECORD, STDIO_BLOCK, CALLBACK_MODULE, CALLBACK_EXPORT,
            WRAPPER_MODULE_NAME, CALLBACK_EXPORT_NAME);

    private RunOptions() {}
}
