package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.host.abi.Messages;
import wasmbpf.host.load.VerifierLog;

/** What the commands say of files that cannot be read or written, and of arguments that mean nothing: one line of words. */
class FileMessagesTest {
    private static final String OBJECT = Runner.guest("abi/abi.bpf.o");
    private static final String TOOL = Runner.guest("guests/tool.wasm");

    @TempDir
    private Path dir;

    /** D is a directory, O an object, M a module, F a file of text that is there, '' an empty argument. */
    private CommandRun run(String line) throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "text");
        String[] args = line.split(" ");
        for (int i = 0; i < args.length; i++) {
            args[i] = switch (args[i]) {
                case "D" -> dir.toString();
                case "O" -> OBJECT;
                case "M" -> TOOL;
                case "F" -> file.toString();
                case "E" -> "";
                default -> args[i];
            };
        }
        CommandRun run = CommandRun.of(args);
        assertFalse(run.status() == 0, line);
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().startsWith("wasm-bpf: "), run.err());
        assertFalse(run.err().contains("Exception") || run.err().contains("internal error"), run.err());
        return run;
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect D", "inspect -d D", "inspect -r D", "gen skeleton D", "btf dump file D", "D",
        "inspect --files-from D", "inspect -r --btf D O", "inspect -r --kallsyms D O", "gen min_core_btf D x O",
        "gen shared x O D", "--record D M", "--verifier-log D M", "--profile D M"})
    void aDirectoryInPlaceOfAFileIsCalledOne(String line) throws Exception {
        String said = run(line).err();
        assertTrue(said.contains(dir + ": is a directory"), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"D", "inspect D", "inspect -d D", "inspect -r D", "gen skeleton D", "btf dump file D",
        "gen min_core_btf D x O"})
    void whatCannotBeReadHasTheSameStatusInEveryCommand(String line) throws Exception {
        assertEquals(ExitStatus.NOT_RUNNABLE, run(line).status());
        assertEquals(ExitStatus.NOT_FOUND, run(line.replace("D", "/nonexist")).status());
    }

    @ParameterizedTest
    @CsvSource({"inspect -r --btf /nonexist O, /nonexist: there is no such file",
        "inspect --files-from /nonexist, /nonexist: there is no such file",
        "gen min_core_btf O /nonexist/y O, /nonexist/y: there is no directory /nonexist",
        "inspect E, '\"\": an empty name'", "btf dump file E, '\"\": an empty name'",
        "inspect --files-from O, 'is no UTF-8 text'",
        "gen headers F, '/file: is a file'", "gen headers /proc/x, '/proc/x'", "gen shared /dev/full O F, '/dev/full: is a file'",
        "--record /dev/full M, '--record /dev/full: no space left on device'",
        "--record /nonexist/x M, '--record /nonexist/x: there is no directory /nonexist'",
        "--verifier-log /nonexist/x M, '--verifier-log /nonexist/x: there is no directory /nonexist'",
        "--profile /nonexist/x M, '--profile /nonexist/x: there is no directory /nonexist'"})
    void theReasonIsInWords(String line, String words) throws Exception {
        String said = run(line).err();
        assertTrue(said.contains(words), said);
    }

    @ParameterizedTest
    @CsvSource({"gen skeleton O name E, 'name \"\"'", "inspect -r --kernel foo O, '--kernel foo: a release such as 6.12.1'",
        "inspect -r --kernel E O, a release", "inspect -r --cpus 0 O, '--cpus 0: a number from 1 to 4096'",
        "inspect -r --cpus x O, '--cpus x: a number'", "inspect -r --cpus 64K O, '--cpus 64K: a number'"})
    void argumentsThatMeanNothingAreUsageErrors(String line, String words) throws Exception {
        CommandRun run = run(line);
        assertTrue(run.err().contains(words), run.err());
        assertEquals(ExitStatus.USAGE, run.status());
    }

    @Test
    void aVerifierLogThatCannotBeWrittenIsSaidOnce() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        VerifierLogFile file = VerifierLogFile.open("/dev/full", new Messages(new PrintStream(said, true), false));
        file.accept(new VerifierLog("one", "processed 2 insns\n"));
        file.accept(new VerifierLog("two", "processed 2 insns\n"));
        assertEquals("wasm-bpf: --verifier-log /dev/full: no space left on device; free some, or name a file elsewhere\n",
                said.toString());
    }

    @Test
    void theLauncherSaysThatTheWorkingDirectoryIsGone() throws Exception {
        Path launcher = Path.of("..", "wasm-bpf").toRealPath();
        Process process = new ProcessBuilder("sh", "-c", "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" --version",
                launcher.toString()).directory(dir.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(ExitStatus.OURS, process.waitFor(), said);
        // The shell may have said something before it.
        assertTrue(said.endsWith("wasm-bpf: the working directory is gone (deleted or unmounted); cd to one that is there\n"), said);
        assertFalse(said.contains("java"), said);
    }
}
