package wasmbpf.host.cli;

import java.util.List;

/** {@code wasm-bpf help [COMMAND]}: everything it prints comes from the commands' tables. */
final class HelpCommand extends Command {
    private static final int COLUMN = 34;

    HelpCommand() {
        super("help", "[COMMAND]", "show what a command does and its options");
    }

    @Override
    List<Option> options() {
        return List.of();
    }

    @Override
    int run(ParsedArguments arguments) {
        if (arguments.operands().isEmpty()) {
            Words.print(overview());
            return 0;
        }
        String name = arguments.operands().get(0);
        Command command = Commands.named(name);
        if (command == null) {
            String near = NearestName.of(name, Commands.NAMES);
            throw new UsageException("no command " + name + (near == null ? "" : "; did you mean " + near + "?"));
        }
        Words.print(of(command));
        return 0;
    }

    /** The program's help: how to run a module, its options, the other commands. */
    static String overview() {
        StringBuilder text = new StringBuilder("Runs WebAssembly modules that carry eBPF programs.\n\n");
        text.append("usage: wasm-bpf [run] [OPTIONS] MODULE [ARGS...]\n       wasm-bpf COMMAND ...\n\n");
        text.append("MODULE is a .wasm file, or - for standard input; all that follows it is the module's own.\n\n");
        options(text, new RunCommand());
        text.append("\ncommands:\n");
        for (String name : Commands.NAMES) {
            row(text, "  " + name, Commands.named(name).summary());
        }
        text.append("\nexit status: the module's own; 2 usage, 124 timeout, 125 we failed (privilege, set-up), "
                + "126 not runnable,\n127 not found, 134 trap, 130/143 stopped by SIGINT/SIGTERM\n");
        return text.toString();
    }

    /** One command's help. */
    static String of(Command command) {
        StringBuilder text = new StringBuilder("usage: wasm-bpf ").append(command.name())
                .append(command.options().isEmpty() ? "" : " [OPTIONS]")
                .append(command.operands().isEmpty() ? "" : " " + command.operands()).append("\n\n")
                .append(command.summary()).append("\n\n");
        options(text, command);
        return text.toString();
    }

    private static void options(StringBuilder text, Command command) {
        if (command.options().isEmpty()) {
            return;
        }
        text.append("options:\n");
        for (Option o : command.options()) {
            row(text, (o.letter() == 0 ? "      " : "  -" + o.letter() + ", ") + o
                    + (o.takesArgument() ? " " + o.argument() : ""), o.help());
        }
    }

    private static void row(StringBuilder text, String left, String right) {
        text.append(left);
        text.append(left.length() < COLUMN - 1 ? " ".repeat(COLUMN - left.length()) : "\n" + " ".repeat(COLUMN));
        text.append(right).append('\n');
    }
}
