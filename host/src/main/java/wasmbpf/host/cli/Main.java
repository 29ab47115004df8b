package wasmbpf.host.cli;

import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import wasmbpf.host.load.FileProblem;

/** The command line's entry point. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int status = run(args);
        if (status != 0) {
            // Not for 0, where returning does the same: exit looks for a logger first, which takes 10 ms.
            System.exit(status);
        }
    }

    /** Runs one command line and returns the exit status. Whatever goes wrong is one line on standard error. */
    static int run(String[] args) {
        try {
            return dispatch(args);
        } catch (UsageException e) {
            Terminal.say(e.getMessage() + " (try wasm-bpf --help)");
            return ExitStatus.USAGE;
        } catch (FatalException e) {
            Terminal.say(e.getMessage());
            return e.status();
        } catch (Throwable t) {
            return lastResort(t, false);
        }
    }

    private static int dispatch(String[] args) {
        if (args.length == 0) {
            System.err.print(HelpCommand.overview());
            return ExitStatus.USAGE;
        }
        Command named = Commands.named(args[0]);
        Command command = named != null ? named : Commands.named(Commands.DEFAULT);
        boolean help = named != null && args.length == 2 && (args[1].equals("--help") || args[1].equals("-h"));
        if (help) {
            Words.print(HelpCommand.of(named));
            return 0;
        }
        if (named == null) {
            int word = afterBpftoolOptions(args);
            if (word > 0) {
                // bpftool takes its options before the command too: wasm-bpf -j gen skeleton OBJECT
                command = Commands.named(args[word]);
                String[] moved = args.clone();
                System.arraycopy(args, 0, moved, 1, word);
                moved[0] = args[word];
                return command.run(ParsedArguments.parse(command, moved, 1));
            }
        }
        return command.run(ParsedArguments.parse(command, args, named != null ? 1 : 0));
    }

    /** Where a command of bpftool's grammar stands behind options of it; 0 if there is none. */
    private static int afterBpftoolOptions(String[] args) {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "-j", "--json", "-w", "--wasm", "-d", "--debug", "--native", "-p", "--pretty", "-jp", "-pj", "-f",
                        "--bpffs", "-n", "--nomount" -> { }
                case "gen", "btf", "prog", "map", "link" -> {
                    return i;
                }
                default -> {
                    return 0;
                }
            }
        }
        return 0;
    }

    /** Our own fault, or the machine's: one line; the Java stack trace only for who asked to see more. */
    static int lastResort(Throwable t, boolean verbose) {
        if (t instanceof OutOfMemoryError) {
            System.err.println("wasm-bpf: out of memory: " + t.getMessage() + " (java has "
                    + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB; give it more with JAVA_TOOL_OPTIONS=-Xmx8g)");
        } else if (t instanceof UnsupportedOperationException) {
            Terminal.say(t.getMessage());
        } else if (t instanceof UncheckedIOException e && e.getCause() instanceof FileSystemException f && f.getFile() != null) {
            // As when the disk of --record's file is full.
            Terminal.say(FileProblem.reading(f.getFile(), e));
        } else if (t instanceof InvalidPathException e) {
            Terminal.say(FileProblem.reading(e.getInput(), e));
        } else {
            Terminal.say("internal error: " + t + (verbose ? "" : " (-v shows where)"));
        }
        if (verbose) {
            t.printStackTrace();
        }
        return ExitStatus.OURS;
    }
}
