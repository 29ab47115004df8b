package wasmbpf.host.cli;

import java.util.List;

/** The commands there are. Each is made when it is asked for: running a module loads none of the others. */
final class Commands {
    /** What is done when no command is named. */
    static final String DEFAULT = "run";

    static final List<String> NAMES = List.of("run", "inspect", "doctor", "prog", "map", "link", "gen", "btf", "completion",
            "version", "help");

    private Commands() {}

    /** The command of that name, or null. */
    static Command named(String name) {
        return switch (name) {
            case "run" -> new RunCommand();
            case "inspect" -> new InspectCommand();
            case "doctor" -> new DoctorCommand();
            case "prog" -> new ProgCommand();
            case "map" -> new MapCommand();
            case "link" -> new LinkCommand();
            case "gen" -> new GenCommand();
            case "btf" -> new BtfCommand();
            case "train-aot" -> new TrainAotCommand();
            case "completion" -> new CompletionCommand();
            case "version" -> new VersionCommand();
            case "help" -> new HelpCommand();
            default -> null;
        };
    }
}
