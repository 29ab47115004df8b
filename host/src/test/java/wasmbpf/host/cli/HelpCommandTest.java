package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Help and completion come from the tables, so they have every option and every command. */
class HelpCommandTest {
    @Test
    void helpHasEveryOptionAndCommand() {
        String help = HelpCommand.overview();
        for (Option o : RunOptions.ALL) {
            assertTrue(help.contains("--" + o.name()) && help.contains(o.help()), o.name());
        }
        for (String name : Commands.NAMES) {
            assertNotNull(Commands.named(name), name);
            assertTrue(help.contains("\n  " + name + " "), name);
            assertTrue(HelpCommand.of(Commands.named(name)).startsWith("usage: wasm-bpf " + name));
        }
        assertTrue(help.lines().allMatch(line -> line.length() <= 130), "no line is endless");
    }

    @Test
    void noTwoOptionsShareANameOrALetter() {
        for (String name : Commands.NAMES) {
            Set<String> names = new HashSet<>();
            for (Option o : Commands.named(name).options()) {
                assertTrue(names.add(o.name()), name + " has --" + o.name() + " twice");
                assertTrue(o.letter() == 0 || names.add("-" + o.letter()), name + " has -" + o.letter() + " twice");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "help", "help inspect", "inspect --help", "gen help", "btf help", "prog help", "version",
        "--version", "completion bash", "completion fish"})
    void whatCannotBePrintedIsSaid(String line) throws Exception {
        PrintStream out = System.out;
        try (PrintStream full = new PrintStream(new FileOutputStream("/dev/full"))) {
            System.setOut(full);
            PrintStream err = System.err;
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            System.setErr(new PrintStream(said, true));
            try {
                assertEquals(1, Main.run(line.split(" ")));
            } finally {
                System.setErr(err);
            }
            assertEquals("wasm-bpf: standard output cannot be written: its disk is full, or its reader went away\n", said.toString());
        } finally {
            System.setOut(out);
        }
    }

    private static String complete(String words, int index) throws Exception {
        String script = CompletionCommand.bash() + "\nCOMP_WORDS=(" + words + ")\nCOMP_CWORD=" + index
                + "\n_wasm_bpf\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
        Process bash = new ProcessBuilder("bash", "--norc").redirectErrorStream(true).start();
        try (OutputStream in = bash.getOutputStream()) {
            in.write(script.getBytes());
        }
        String out = new String(bash.getInputStream().readAllBytes());
        assertTrue(bash.waitFor(20, TimeUnit.SECONDS));
        return out;
    }

    @Test
    void bashCompletesOptionsCommandsAndFiles() throws Exception {
        assertEquals("--memory-limit\n", complete("wasm-bpf --mem", 1));
        assertEquals(Set.of("--verbose", "--version", "--verifier-log"),
                Set.of(complete("wasm-bpf run --ver", 2).trim().split("\n")));
        assertTrue(complete("wasm-bpf comp", 1).contains("completion"));
        assertTrue(complete("wasm-bpf --btf /proc/vers", 2).contains("/proc/version"));
        assertEquals("\n", complete("wasm-bpf --timeout 5", 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void everyShellGetsSomething(String shell) {
        ParsedArguments p = ParsedArguments.parse(new CompletionCommand(), new String[] {shell}, 0);
        assertEquals(java.util.List.of(shell), p.operands());
        String text = shell.equals("fish") ? CompletionCommand.fish() : CompletionCommand.bash();
        assertTrue(text.contains("memory-limit"));
    }
}
