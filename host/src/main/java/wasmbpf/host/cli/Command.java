package wasmbpf.host.cli;

import java.util.List;

/** One command of the command line. */
abstract class Command {
    private final String name;
    private final String operands;
    private final String summary;

    /**
     * @param operands what follows the options, as help shows it
     * @param summary one line for the list of commands
     */
    Command(String name, String operands, String summary) {
        this.name = name;
        this.operands = operands;
        this.summary = summary;
    }

    final String name() {
        return name;
    }

    final String operands() {
        return operands;
    }

    final String summary() {
        return summary;
    }

    abstract List<Option> options();

    /** Whether everything after the first operand is left alone, since it is another program's command line. */
    boolean stopsAtOperand() {
        return false;
    }

    /** @return the exit status */
    abstract int run(ParsedArguments arguments);
}
