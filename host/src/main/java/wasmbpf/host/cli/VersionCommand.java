package wasmbpf.host.cli;

import java.util.List;

/** {@code wasm-bpf version}. */
final class VersionCommand extends Command {
    VersionCommand() {
        super("version", "", "show the version of this program, of Java and of the kernel");
    }

    @Override
    List<Option> options() {
        return List.of();
    }

    @Override
    int run(ParsedArguments arguments) {
        Words.print("wasm-bpf " + version() + " (Java " + System.getProperty("java.version") + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch") + ")\n");
        return 0;
    }

    /** As the jar's manifest has it; "development" when run from classes. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
