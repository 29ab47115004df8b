package wasmbpf.launcher;

/**
 * The runner jar's Main-Class. Compiled for Java 8, so that an old JVM says in one line what it lacks instead of
 * printing UnsupportedClassVersionError.
 */
public final class Main {
    private static final int NEEDED = 25;

    private Main() {}

    public static void main(String[] args) {
        String version = System.getProperty("java.specification.version", "?");
        if (feature(version) < NEEDED) {
            System.err.println("wasm-bpf: needs Java " + NEEDED + " or newer, this is Java " + version + " ("
                    + System.getProperty("java.home") + "); run it with a newer java, or through ./wasm-bpf, which looks for one");
            System.exit(125);
        }
        // Loaded when this line is reached, so by a JVM that can. A call by name through reflection would make method
        // handles, 3 ms of start-up.
        wasmbpf.host.cli.Main.main(args);
    }

    /** 8 for "1.8", 17 for "17"; 0 when it cannot be read. */
    private static int feature(String version) {
        try {
            String v = version.startsWith("1.") ? version.substring(2) : version;
            int dot = v.indexOf('.');
            return Integer.parseInt(dot < 0 ? v : v.substring(0, dot));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
