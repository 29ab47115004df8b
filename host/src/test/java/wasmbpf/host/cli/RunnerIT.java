package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wasmbpf.host.cli.Runner.Result;
import wasmbpf.host.cli.Runner.Running;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.SystemCall;

/** The packaged jar from outside: statuses, streams, signals, privilege. */
@Timeout(120)
class RunnerIT {
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    private static final String TOOL = Runner.guest("guests/tool.wasm");
    private static final String FINISHES = Runner.guest("guests/finishes.wasm");

    @TempDir
    Path dir;

    // ---- statuses ----

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "255, 255", "256, 0", "-1, 255", "300, 44"})
    void theGuestsStatusPassesThrough(String given, int status) throws Exception {
        assertEquals(new Result(status, "", ""), Runner.tool("exit", given));
    }

    @Test
    void aTrapIs134WithAWasmStackTrace() throws Exception {
        Result r = Runner.tool("trap");
        assertEquals(134, r.status());
        assertEquals("before\n", r.out(), "what was printed is not lost");
        assertTrue(r.err().startsWith("wasm-bpf: trap: unreachable\n    at inner (tool.wasm+0x"), r.err());
        assertTrue(r.err().contains("at main (tool.wasm+0x") || r.err().contains("at _start"), r.err());
        assertFalse(r.err().contains(".java:"), r.err());
    }

    @Test
    void aProfileTellsWhoWaitsAndWhoComputes() throws Exception {
        Path waits = dir.resolve("waits.folded");
        assertEquals(3, Runner.run("--profile", waits.toString(), TOOL, "sleep", "1").status());
        assertTrue(Pattern.compile("^tool\\.wasm;_start.*;wasi_snapshot_preview1\\.poll_oneoff;\\[waiting] [0-9]{6,}$",
                Pattern.MULTILINE).matcher(Files.readString(waits)).find(), Files.readString(waits));
        // Also of a guest that had to be left running.
        Path spins = dir.resolve("spins.folded");
        assertEquals(124, Runner.run("--profile", spins.toString(), "--timeout", "1s", "--grace", "10ms", TOOL, "spin")
                .status());
        assertTrue(Pattern.compile("^tool\\.wasm;_start.*;main [0-9]{4,}$", Pattern.MULTILINE)
                .matcher(Files.readString(spins)).find(), Files.readString(spins));
        Result nowhere = Runner.run("--profile", dir + "/no/where", TOOL, "exit", "0");
        assertEquals(125, nowhere.status());
        assertEquals("wasm-bpf: --profile " + dir + "/no/where: there is no directory " + dir + "/no; make it, or name another file\n",
                nowhere.err());
    }

    @Test
    void noSuchModuleIs127() throws Exception {
        Result r = Runner.run(dir + "/missing.wasm");
        assertEquals(127, r.status());
        assertEquals("wasm-bpf: " + dir + "/missing.wasm: no such file\n", r.err());
    }

    @Test
    void whatIsNoModuleIs126AndOneLine() throws Exception {
        Path text = Files.writeString(dir.resolve("text.wasm"), "hello, this is no module");
        Path empty = Files.createFile(dir.resolve("empty.wasm"));
        Path cut = dir.resolve("cut.wasm");
        byte[] whole = Files.readAllBytes(Path.of(TOOL));
        Files.write(cut, java.util.Arrays.copyOf(whole, 1000));
        for (Path file : List.of(text, empty, cut, dir)) {
            Result r = Runner.run(file.toString());
            assertEquals(126, r.status(), file + ": " + r.err());
            assertEquals(1, r.err().lines().count(), r.err());
            assertEquals("", r.out());
        }
        Result library = Runner.run(Runner.guest("abi/guest.wasm"));
        assertEquals(126, library.status());
        assertEquals("wasm-bpf: guest.wasm: exports no function _start () -> () and no _initialize: not a program\n", library.err());
    }

    /** Kotlin's modules for WASI: their main runs in {@code _initialize}, and there is no {@code _start}. */
    @Test
    void aModuleThatOnlyInitializesIsRun() throws Exception {
        // (module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
        //   (func (export "_initialize") i32.const 7 call 0))
        byte[] head = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 8, 2, 0x60, 1, 0x7f, 0, 0x60, 0, 0, 2, 36, 1, 22};
        byte[] tail = {0, 0, 3, 2, 1, 1, 7, 15, 1, 11, '_', 'i', 'n', 'i', 't', 'i', 'a', 'l', 'i', 'z', 'e', 0, 1, 10, 8, 1, 6,
            0, 0x41, 7, 0x10, 0, 0x0b};
        ByteArrayOutputStream module = new ByteArrayOutputStream();
        module.write(head);
        module.write("wasi_snapshot_preview1\tproc_exit".getBytes(StandardCharsets.US_ASCII));
        module.write(tail);
        Result r = Runner.run(Files.write(dir.resolve("initialize.wasm"), module.toByteArray()).toString());
        assertEquals("", r.err());
        assertEquals(7, r.status());
    }

    @Test
    void anUnknownImportIs126AndNamed() throws Exception {
        // (module (import "other" "thing" (func (param i64))) (func (export "_start")))
        byte[] module = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 8, 2, 0x60, 1, 0x7e, 0, 0x60, 0, 0, 2, 15, 1, 5, 'o', 't', 'h', 'e',
            'r', 5, 't', 'h', 'i', 'n', 'g', 0, 0, 3, 2, 1, 1, 7, 10, 1, 6, '_', 's', 't', 'a', 'r', 't', 0, 1, 10, 4, 1, 2,
            0, 0x0b};
        Path file = Files.write(dir.resolve("import.wasm"), module);
        Result r = Runner.run(file.toString());
        assertEquals(126, r.status(), r.err());
        assertTrue(r.err().contains("\"other\" \"thing\" (i64) -> ()"), r.err());
    }

    @Test
    void usageErrorsAre2() throws Exception {
        Result r = Runner.run("--tiemout", "5s", TOOL);
        assertEquals(2, r.status());
        assertEquals("wasm-bpf: unknown option --tiemout; did you mean --timeout? (try wasm-bpf --help)\n", r.err());
        assertEquals(2, Runner.run().status());
        assertEquals(2, Runner.run("--timeout", "soon", TOOL).status());
        assertEquals(2, Runner.run("-v").status());
    }

    @Test
    void helpAndVersionGoToStandardOutput() throws Exception {
        Result help = Runner.run("--help");
        assertEquals(0, help.status());
        assertTrue(help.out().contains("--memory-limit"), help.out());
        assertEquals("", help.err());
        Result version = Runner.run("--version");
        assertEquals(0, version.status());
        assertTrue(version.out().startsWith("wasm-bpf ") && version.out().lines().count() == 1, version.out());
        assertEquals("", version.err(), "no warnings of the JVM either");
    }

    // ---- what the guest sees ----

    @Test
    void argumentsAndEnvironmentAreWhatIsGiven() throws Exception {
        assertEquals(TOOL + "\nargs\n-v\n--help\n--\nä b\n", Runner.tool("args", "-v", "--help", "--", "ä b").out());
        assertEquals("", Runner.tool("env").out(), "empty by default");
        assertEquals("A=1\nB=x=y\n", Runner.run("--env", "A=1", "--env=B=x=y", TOOL, "env").out());
    }

    @Test
    void filesWorkBeneathTheDirectoryGivenAndNowhereElse() throws Exception {
        assertEquals(new Result(0, "", ""), Runner.run("--dir", dir + "::/data", TOOL, "files"));
        Result none = Runner.tool("write", "/data/x");
        assertEquals(1, none.status());
        Result ro = Runner.run("--dir", dir + "::/data:ro", TOOL, "write", "/data/x");
        assertEquals(1, ro.status());
        assertTrue(ro.err().startsWith("/data/x: "), ro.err());
        assertFalse(Files.exists(dir.resolve("x")));
        assertEquals(0, Runner.run("--dir", dir + "::/data", TOOL, "write", "/data/x").status());
        assertTrue(Files.exists(dir.resolve("x")));
        Result missing = Runner.run("--dir", dir + "/missing", TOOL, "env");
        assertEquals(new Result(125, "", "wasm-bpf: --dir " + dir + "/missing: ENOENT\n"), missing);
    }

    @Test
    void pipesAreTerminalsToTheGuestUnlessAskedOtherwise() throws Exception {
        assertEquals("111\n", Runner.tool("isatty").out());
        assertEquals("000\n", Runner.run("--stdio-block", TOOL, "isatty").out());
        Path out = dir.resolve("out");
        List<String> command = Runner.command(TOOL, "isatty");
        Process p = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectInput(Path.of("/dev/null").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertEquals(0, p.waitFor());
        assertEquals("0", Files.readString(out).substring(1, 2), "a file is a file");
    }

    /** {@code bzip2 -c} refuses to write to what it takes for a terminal. */
    @Test
    void pipesArePipesToAModuleThatImportsWasiAlone() throws Exception {
        assertEquals("000\n", Runner.run(Runner.guest("guests/filter.wasm")).out());
    }

    @Test
    void inputIsReadAsItComes() throws Exception {
        Running r = Runner.start(Runner.command(TOOL, "cat"));
        r.stdin().write("first\n".getBytes());
        r.stdin().flush();
        r.awaitOutput("first\n");
        r.stdin().write("second".getBytes());
        r.stdin().close();
        assertEquals(new Result(0, "first\nsecond", ""), r.end());
    }

    @Test
    void noLineIsLost() throws Exception {
        Result r = Runner.tool("lines", "20000");
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 20000; i++) {
            expected.append("line ").append(i).append('\n');
        }
        assertEquals(expected.toString(), r.out());
    }

    @Test
    void aReaderThatLeavesEndsTheGuest() throws Exception {
        List<String> shell = List.of("bash", "-c", "\"$@\" | head -1; echo ${PIPESTATUS[0]}", "sh");
        List<String> command = new ArrayList<>(shell);
        command.addAll(Runner.command(TOOL, "tick"));
        assertEquals(new Result(0, "tick 0\n141\n", ""), Runner.start(command).end());
    }

    @Test
    void memoryIsLimited() throws Exception {
        assertEquals(0, Runner.tool("alloc", "100").status());
        assertEquals(5, Runner.run("--memory-limit", "64M", TOOL, "alloc", "100").status(), "malloc gave NULL");
        Result none = Runner.run("--memory-limit", "64K", TOOL, "env");
        assertEquals(125, none.status());
        assertTrue(none.err().startsWith("wasm-bpf: out of memory: ") && none.err().lines().count() == 1, none.err());
    }

    @Test
    void theModuleMayComeFromStandardInput() throws Exception {
        Running r = Runner.start(Runner.command("-", "exit", "6"));
        r.stdin().write(Files.readAllBytes(Path.of(TOOL)));
        r.stdin().close();
        assertEquals(new Result(6, "", ""), r.end());
    }

    // ---- time and signals ----

    @ParameterizedTest
    @CsvSource({"tick", "spin"})
    void timeIsLimited(String what) throws Exception {
        long start = System.nanoTime();
        Result r = Runner.run("--timeout", "1500ms", "--grace", "200ms", TOOL, what);
        assertEquals(124, r.status());
        assertTrue(System.nanoTime() - start < 30_000_000_000L);
        assertFalse(r.out().isEmpty(), "lines printed before are there");
    }

    @Test
    void aSleepWakesAndTheGuestKeepsItsStatus() throws Exception {
        Result r = Runner.start(Runner.command(TOOL, "sleep", "50")).awaitOutput("sleeping\n").signal(SIGINT).end();
        assertEquals(3, r.status(), r.err());
        assertEquals("sleeping\nwoke: slept\n", r.out());
    }

    @Test
    void waitingForInputWakes() throws Exception {
        Result r = Runner.start(Runner.command(TOOL, "cat")).signalAfterStart(SIGTERM).end();
        assertEquals(4, r.status(), "getchar failed: " + r.err());
    }

    @ParameterizedTest
    @CsvSource({"tick, 2, 130", "spin, 2, 130", "tick, 15, 143", "spin, 15, 143"})
    void aGuestThatDoesNotListenIsStoppedAfterTheGrace(String what, int signal, int status) throws Exception {
        Running r = Runner.start(Runner.command("--grace", "500ms", TOOL, what)).awaitOutput("\n");
        long start = System.nanoTime();
        Result end = r.signal(signal).end();
        assertEquals(status, end.status());
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 450, "it got its time: " + millis + " ms");
    }

    @ParameterizedTest
    @CsvSource({"2", "15"})
    void aGuestThatHandlesTheSignalHasTimeToFinish(int signal) throws Exception {
        Result end = Runner.start(Runner.command(FINISHES, "4000")).awaitOutput("ready\n").signal(signal).end();
        assertEquals(7, end.status(), end.err());
        assertTrue(end.out().endsWith("finished after signal " + signal + "\n"), end.out());
        assertEquals("", end.err());
    }

    @Test
    void aGuestThatHandlesTheSignalIsToldOfWhenItIsStopped() throws Exception {
        Result end = Runner.start(Runner.command("--grace", "600ms", FINISHES, "60000")).awaitOutput("ready\n").signal(SIGINT).end();
        assertEquals(130, end.status());
        assertEquals("wasm-bpf: stopped: " + FINISHES + " handles the signal but did not end within 600 ms; --grace D gives it D\n", end.err());
    }

    @Test
    void aSecondSignalStopsAtOnce() throws Exception {
        Running r = Runner.start(Runner.command("--grace", "50s", TOOL, "tick")).awaitOutput("tick 1\n");
        r.signal(SIGINT);
        Thread.sleep(600);
        assertEquals(130, r.signal(SIGINT).end().status());
    }

    @Test
    void ticksGoOnOneByOneDuringTheGrace() throws Exception {
        Running r = Runner.start(Runner.command("--grace", "1s", TOOL, "tick")).awaitOutput("tick 2\n");
        Result end = r.signal(SIGINT).end();
        assertTrue(end.out().lines().count() < 40, "a woken sleep is no busy loop: " + end.out().lines().count());
    }

    @Test
    void timeoutOfCoreutilsSeesAGuestThatListens() throws Exception {
        List<String> command = new ArrayList<>(List.of("timeout", "--preserve-status", "-s", "INT", "5"));
        command.addAll(Runner.command(TOOL, "sleep", "50"));
        Result r = Runner.start(command).end();
        assertEquals(3, r.status(), r.err());
    }

    // ---- bpf ----

    private static void needsBpf() {
        Assumptions.assumeTrue((LinuxKernel.open().effectiveCapabilities() >> Linux.CAP_SYS_ADMIN & 1) != 0,
                "needs root to load programs");
    }

    @Test
    @Tag("kernel")
    void eventsArriveAndCtrlCFinishesCleanly() throws Exception {
        needsBpf();
        Kernel kernel = LinuxKernel.open();
        String abi = Path.of(Runner.guest("abi/abi.bpf.o")).getParent().toString();
        Running r = Runner.start(Runner.command("--stats", "--dir", abi + "::/abi:ro", TOOL, "ring", "/abi/abi.bpf.o",
                Integer.toString(kernel.getpid()))).awaitOutput("ready\n");
        for (int i = 0; i < 5; i++) {
            kernel.call(SystemCall.GETPPID, null, 0, 0, 0, 0, 0, 0);
        }
        Result end = r.awaitOutput("event 5 of 16 bytes\n").signal(SIGINT).end();
        assertEquals(0, end.status(), end.err());
        assertEquals("ready\nevent 1 of 16 bytes\nevent 2 of 16 bytes\nevent 3 of 16 bytes\nevent 4 of 16 bytes\n"
                + "event 5 of 16 bytes\npoll: EINTR\n", end.out());
        assertEquals("wasm-bpf: map \"rb\": 5 events delivered, 0 lost\n", end.err());
    }

    /** TinyGo's form: an imported poll without a callback, an exported callback, pointers as i64; -m and -c name both otherwise. */
    @ParameterizedTest
    @CsvSource({"wrapped, ''", "wrapped-named, -m events -c on-event"})
    @Tag("kernel")
    void eventsGoToAnExportedCallback(String guest, String options) throws Exception {
        needsBpf();
        Running r = wrapped(guest, options).awaitOutput("ready\n");
        for (int i = 0; i < 5; i++) {
            LinuxKernel.open().call(SystemCall.GETPPID, null, 0, 0, 0, 0, 0, 0);
        }
        assertEquals(new Result(0, "ready\nevent 1 of 16 bytes, context 42\nevent 2 of 16 bytes, context 42\n"
                + "event 3 of 16 bytes, context 42\nevent 4 of 16 bytes, context 42\nevent 5 of 16 bytes, context 42\n", ""), r.end());
    }

    @Test
    @Tag("kernel")
    void aCallbackThatIsNotExportedIsNamedOnce() throws Exception {
        needsBpf();
        assertEquals(new Result(5, "ready\npoll: -22\n", "wasm-bpf: poll map \"rb\": EINVAL; the module exports no function "
                + "\"go-callback\" of type (i32, i32, i32) -> (i32) for its events; -c NAME names another\n"),
                wrapped("wrapped-without", "").end());
    }

    private static Running wrapped(String guest, String options) throws Exception {
        String abi = Path.of(Runner.guest("abi/abi.bpf.o")).getParent().toString();
        List<String> arguments = new ArrayList<>(List.of("--dir", abi + "::/abi:ro"));
        arguments.addAll(options.isEmpty() ? List.of() : List.of(options.split(" ")));
        arguments.addAll(List.of(Runner.guest("guests/" + guest + ".wasm"), "/abi/abi.bpf.o",
                Integer.toString(LinuxKernel.open().getpid())));
        return Runner.start(Runner.command(arguments.toArray(String[]::new)));
    }

    @Test
    @Tag("kernel")
    void aLoadCanBeRecordedPrintedAndLogged() throws Exception {
        needsBpf();
        String abi = Path.of(Runner.guest("abi/abi.bpf.o")).getParent().toString();
        Path trace = dir.resolve("trace");
        Path log = dir.resolve("log");
        Result r = Runner.run("--record", trace.toString(), "--strace", "--verifier-log", log.toString(),
                "--dir", abi + "::/abi", TOOL, "load", "/abi/abi.bpf.o");
        assertEquals(0, r.status(), r.err());
        assertEquals("", r.out());
        assertTrue(Files.readString(trace).contains("bpf(PROG_LOAD"), "trace");
        assertTrue(r.err().contains("bpf(PROG_LOAD"), r.err());
        assertTrue(Files.readString(log).contains("on_getppid"), "verifier log");
    }

    @Test
    @Tag("kernel")
    void aLoadThatFailsSaysWhyAndTheGuestGoesOn() throws Exception {
        needsBpf();
        Files.writeString(dir.resolve("bad.o"), "no object");
        Result r = Runner.run("--dir", dir + "::/d", TOOL, "load", "/d/bad.o");
        assertEquals(8, r.status(), "the guest's own status");
        assertEquals(1, r.err().lines().count(), r.err());
        assertTrue(r.err().startsWith("wasm-bpf: tool: "), r.err());
    }

    /** Without privilege the run ends at the load, in one line that says what is missing; other modules just run. */
    @Test
    @Tag("kernel")
    void missingPrivilegeIs125() throws Exception {
        needsBpf();
        Path open = Files.createTempDirectory(Path.of("/tmp"), "runner-it");
        try {
            Path jar = Files.copy(Runner.jar(), open.resolve("wasm-bpf.jar"));
            Path tool = Files.copy(Path.of(TOOL), open.resolve("tool.wasm"));
            Path object = Files.copy(Path.of(Runner.guest("abi/abi.bpf.o")), open.resolve("abi.bpf.o"));
            open.toFile().setExecutable(true, false);
            open.toFile().setReadable(true, false);
            for (Path p : List.of(jar, tool, object)) {
                p.toFile().setReadable(true, false);
            }
            List<String> command = new ArrayList<>(List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                    "--bounding-set=-all", "--inh-caps=-all"));
            for (String part : Runner.command("--dir", open + "::/d:ro", tool.toString())) {
                command.add(part.equals(Runner.jar().toString()) ? jar.toString() : part);
            }
            Result plain = Runner.start(with(command, "exit", "4")).end();
            Assumptions.assumeTrue(plain.status() != 127 && plain.status() != 1, "this java cannot run as nobody");
            assertEquals(new Result(4, "", ""), plain);
            Result r = Runner.start(with(command, "load", "/d/abi.bpf.o")).end();
            assertEquals(125, r.status(), r.err());
            assertEquals("", r.out());
            assertEquals(1, r.err().lines().count(), r.err());
            assertTrue(r.err().contains("EPERM") && r.err().contains("CAP_BPF"), r.err());
        } finally {
            try (var paths = Files.walk(open)) {
                for (Path p : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(p);
                }
            }
        }
    }

    @Test
    @Tag("kernel")
    void doctorLoadsWhatAFileCarriesAndSaysWhatStandsInTheWay() throws Exception {
        needsBpf();
        Result good = Runner.run("doctor", Runner.guest("abi/abi.bpf.o"));
        assertEquals(0, good.status(), good.out() + good.err());
        assertTrue(good.out().contains("abi.bpf.o: loads here, 4 programs, 11 maps\n"), good.out());
        Path bad = Files.write(dir.resolve("bad.bpf.o"),
                java.util.Arrays.copyOf(Files.readAllBytes(Path.of(Runner.guest("abi/abi.bpf.o"))), 3000));
        Result broken = Runner.run("doctor", bad.toString());
        assertEquals(1, broken.status());
        assertTrue(broken.out().contains("\nFAIL  " + bad + ": "), broken.out());
        List<String> nobody = new ArrayList<>(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--reuid", "65534",
                "--clear-groups"));
        Assumptions.assumeTrue(Files.isReadable(Runner.jar()));
        nobody.addAll(Runner.command("doctor"));
        Result without = Runner.start(nobody).end();
        Assumptions.assumeTrue(without.out().contains("kernel: "), "this java or jar cannot be read by nobody");
        assertEquals(1, without.status());
        assertTrue(without.out().startsWith("FAIL  capabilities: "), without.out());
    }

    private static List<String> with(List<String> command, String... args) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(args));
        return all;
    }
}
