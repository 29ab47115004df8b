package wasmbpf.host.load;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * How objects are loaded; {@link #DEFAULT} and {@code with…} copies.
 *
 * @param kernelBtf        file to take the kernel's types from for CO-RE instead of the running kernel's, or null
 * @param kconfig          lines in front of the kernel's configuration ({@code CONFIG_HZ=250}), or null
 * @param pinDirectory     where maps pinned by name are
 * @param tokenDirectory   BPF file system to ask for a BPF token; empty: none, null: /sys/fs/bpf if it gives one
 * @param verifierLogLevel asked of the verifier from the first try on; 0: only when a program is refused
 * @param verifierLog      receives the whole log of every program that has one, or null
 * @param warnings         receives a line for each thing that is not as it should be and yet no error
 */
public record LoadOptions(Path kernelBtf, String kconfig, String pinDirectory, String tokenDirectory,
                          int verifierLogLevel, Consumer<VerifierLog> verifierLog, Consumer<String> warnings) {
    /** The running kernel, /sys/fs/bpf, libbpf's variable for the token's directory, no logs, warnings dropped. */
    public static final LoadOptions DEFAULT = new LoadOptions(null, null, "/sys/fs/bpf",
            System.getenv("LIBBPF_BPF_TOKEN_PATH"), 0, null, line -> { });

    public LoadOptions withKernelBtf(Path file) {
        return new LoadOptions(file, kconfig, pinDirectory, tokenDirectory, verifierLogLevel, verifierLog, warnings);
    }

    public LoadOptions withKconfig(String lines) {
        return new LoadOptions(kernelBtf, lines, pinDirectory, tokenDirectory, verifierLogLevel, verifierLog, warnings);
    }

    public LoadOptions withPinDirectory(String directory) {
        return new LoadOptions(kernelBtf, kconfig, directory, tokenDirectory, verifierLogLevel, verifierLog, warnings);
    }

    public LoadOptions withTokenDirectory(String directory) {
        return new LoadOptions(kernelBtf, kconfig, pinDirectory, directory, verifierLogLevel, verifierLog, warnings);
    }

    public LoadOptions withVerifierLog(int level, Consumer<VerifierLog> receiver) {
        return new LoadOptions(kernelBtf, kconfig, pinDirectory, tokenDirectory, level, receiver, warnings);
    }

    public LoadOptions withWarnings(Consumer<String> receiver) {
        return new LoadOptions(kernelBtf, kconfig, pinDirectory, tokenDirectory, verifierLogLevel, verifierLog, receiver);
    }
}
