package wasmbpf.host.cli;

import java.util.ArrayList;
import java.util.List;

/** A command's options with their arguments, in the order given, and what came after them. */
final class ParsedArguments {
    private final List<Option> options = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private final List<String> operands;

    private ParsedArguments(List<String> operands) {
        this.operands = operands;
    }

    /**
     * Reads {@code --name value}, {@code --name=value}, {@code -xvalue}, {@code -x value}, grouped switches {@code -vq},
     * and {@code --} as the end of the options.
     *
     * @param from index of the first argument that is the command's
     * @throws UsageException for an option the command does not have, naming the one that looks most like it
     */
    static ParsedArguments parse(Command command, String[] args, int from) {
        List<String> operands = new ArrayList<>();
        ParsedArguments parsed = new ParsedArguments(operands);
        List<Option> table = command.options();
        int i = from;
        boolean optionsEnded = false;
        while (i < args.length) {
            String arg = args[i++];
            if (optionsEnded || arg.length() < 2 || arg.charAt(0) != '-') {
                operands.add(arg);
                optionsEnded |= command.stopsAtOperand();
            } else if (arg.equals("--")) {
                optionsEnded = true;
            } else if (arg.charAt(1) == '-') {
                i = parsed.longOption(table, arg, args, i);
            } else {
                i = parsed.letters(table, arg, args, i);
            }
        }
        return parsed;
    }

    private int longOption(List<Option> table, String arg, String[] args, int next) {
        int equals = arg.indexOf('=');
        String name = arg.substring(2, equals < 0 ? arg.length() : equals);
        for (Option o : table) {
            if (o.name().equals(name)) {
                if (!o.takesArgument()) {
                    if (equals >= 0) {
                        throw new UsageException(o + " takes no argument");
                    }
                    add(o, null);
                    return next;
                }
                if (equals >= 0) {
                    add(o, arg.substring(equals + 1));
                    return next;
                }
                add(o, required(o, args, next));
                return next + 1;
            }
        }
        throw new UsageException("unknown option --" + name + nearest(table, name));
    }

    private int letters(List<Option> table, String arg, String[] args, int next) {
        for (int c = 1; c < arg.length(); c++) {
            Option o = byLetter(table, arg.charAt(c));
            if (o == null) {
                throw new UsageException("unknown option -" + arg.charAt(c)
                        + (c == 1 && arg.length() > 2 ? nearest(table, arg.substring(1)) : ""));
            }
            if (o.takesArgument()) {
                if (c + 1 < arg.length()) {
                    add(o, arg.substring(c + 1));
                    return next;
                }
                add(o, required(o, args, next));
                return next + 1;
            }
            add(o, null);
        }
        return next;
    }

    private static Option byLetter(List<Option> table, char letter) {
        for (Option o : table) {
            if (o.letter() == letter) {
                return o;
            }
        }
        return null;
    }

    private static String required(Option o, String[] args, int next) {
        if (next == args.length) {
            throw new UsageException(o + " needs " + o.argument());
        }
        return args[next];
    }

    private void add(Option o, String value) {
        options.add(o);
        values.add(value);
    }

    private static String nearest(List<Option> table, String name) {
        List<String> names = new ArrayList<>();
        for (Option o : table) {
            names.add(o.name());
        }
        String best = NearestName.of(name, names);
        return best == null ? "" : "; did you mean --" + best + "?";
    }

    boolean has(Option option) {
        return options.contains(option);
    }

    /** The argument of the last {@code option} given, or null. */
    String value(Option option) {
        int i = options.lastIndexOf(option);
        return i < 0 ? null : values.get(i);
    }

    /** The arguments of every {@code option} given. */
    List<String> values(Option option) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i) == option) {
                all.add(values.get(i));
            }
        }
        return all;
    }

    List<String> operands() {
        return operands;
    }
}
