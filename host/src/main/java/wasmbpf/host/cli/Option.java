package wasmbpf.host.cli;

/**
 * One option of a command; parser, help and completion know nothing else about it. Compared by identity: a record's
 * equals is set up at run time and costs 20 ms of the first run.
 */
final class Option {
    /** What a shell can offer for an argument. */
    enum Completion { NOTHING, FILE, DIRECTORY }

    private final String name;
    private final char letter;
    private final String argument;
    private final Completion completion;
    private final String help;

    private Option(String name, char letter, String argument, Completion completion, String help) {
        this.name = name;
        this.letter = letter;
        this.argument = argument;
        this.completion = completion;
        this.help = help;
    }

    static Option flag(String name, char letter, String help) {
        return new Option(name, letter, null, Completion.NOTHING, help);
    }

    static Option value(String name, char letter, String argument, Completion completion, String help) {
        return new Option(name, letter, argument, completion, help);
    }

    /** The long form without dashes. */
    String name() {
        return name;
    }

    /** The short form, or 0. */
    char letter() {
        return letter;
    }

    /** What its argument is called in help, or null for a switch. */
    String argument() {
        return argument;
    }

    /** What a shell offers for the argument. */
    Completion completion() {
        return completion;
    }

    /** One line. */
    String help() {
        return help;
    }

    boolean takesArgument() {
        return argument != null;
    }

    @Override
    public String toString() {
        return "--" + name;
    }
}
