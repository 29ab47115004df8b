package wasmbpf.host.cli;

/**
 * One option of a command; parser, help and completion know nothing else about it.
 *
 * @param name the long form without dashes
 * @param letter the short form, or 0
 * @param argument what its argument is called in help, or null for a switch
 * @param completion what a shell offers for the argument
 * @param help one line
 */
record Option(String name, char letter, String argument, Completion completion, String help) {
    /** What a shell can offer for an argument. */
    enum Completion { NOTHING, FILE, DIRECTORY }

    static Option flag(String name, char letter, String help) {
        return new Option(name, letter, null, Completion.NOTHING, help);
    }

    static Option value(String name, char letter, String argument, Completion completion, String help) {
        return new Option(name, letter, argument, completion, help);
    }

    boolean takesArgument() {
        return argument != null;
    }

    @Override
    public String toString() {
        return "--" + name;
    }
}
