package wasmbpf.host.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import wasmbpf.host.load.FileProblem;

/**
 * The words of a command in bpftool's grammar, taken one after the other. As there, a keyword may be cut short as long
 * as it begins one of the words that may stand in its place.
 */
final class Words {
    private final List<String> words;
    private final String command;
    private final String grammar;
    private int next;

    Words(List<String> words, String command, String grammar) {
        this.words = words;
        this.command = command;
        this.grammar = grammar;
    }

    boolean more() {
        return next < words.size();
    }

    /** The next word, which must be given. */
    String next(String what) {
        if (!more()) {
            throw new UsageException(command + " needs " + what + ": wasm-bpf " + command + " " + grammar);
        }
        return words.get(next++);
    }

    /** The keyword, of those allowed here, that the next word is or begins. */
    String keyword(String... allowed) {
        String word = next(allowed.length == 1 ? "the word " + allowed[0] : "one of " + String.join(", ", allowed));
        for (String candidate : allowed) {
            if (candidate.startsWith(word)) {
                return candidate;
            }
        }
        String near = NearestName.of(word, List.of(allowed));
        throw new UsageException(command + ": " + word + " is not " + (allowed.length == 1 ? "" : "one of ")
                + String.join(", ", allowed) + (near == null ? "" : "; did you mean " + near + "?"));
    }

    void end() {
        if (more()) {
            throw new UsageException(command + ": " + words.get(next) + " is one word too many: wasm-bpf " + command + " " + grammar);
        }
    }

    /**
     * A whole file.
     *
     * @throws FatalException with the status {@code run} has for it too: 127 if there is none, 126 if it cannot be read
     */
    static byte[] read(String file) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new FatalException(ExitStatus.NOT_FOUND, FileProblem.reading(file, e), e);
        } catch (IOException | java.nio.file.InvalidPathException e) {
            throw new FatalException(ExitStatus.NOT_RUNNABLE, FileProblem.reading(file, e), e);
        }
    }

    /** To standard output, as UTF-8, {@link Terminal#printable}; a reader that went away is not an error of ours but ends with status 1. */
    static void print(String text) {
        PrintStream out = System.out;
        byte[] bytes = Terminal.printable(text).getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
        if (out.checkError()) {
            throw new FatalException(1, "standard output cannot be written: its disk is full, or its reader went away", null);
        }
    }
}
