package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What the JVM makes on a module's way to its first event. Method handles are what a start can spare: each form that no archive has
 * is a class that the JVM writes and loads, a millisecond of CPU.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StartUpIT {
    private final List<String> loaded = new ArrayList<>();

    /** The training run: that of bootstrap.wasm, for which the kernel need not grant anything. */
    @BeforeAll
    void run() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "a module with CO-RE needs the kernel's BTF");
        List<String> command = Runner.command("train-aot");
        command.add(command.indexOf("-jar"), "-Xlog:class+load");
        Runner.Running running = Runner.start(command);
        running.stdin().close();
        Runner.Result result = running.end();
        assertEquals(0, result.status(), result.err());
        for (String line : result.out().lines().toList()) {
            if (line.contains("[class,load]")) {
                loaded.add(line.substring(line.lastIndexOf(']') + 2));
            }
        }
        assertTrue(classes(name -> name.startsWith("wasmbpf.host.buffer.")).size() > 0, "no event was waited for: " + result.out());
    }

    private List<String> classes(Predicate<String> which) {
        return loaded.stream().filter(which).toList();
    }

    @Test
    void nothingIsSwitchedOnPatternsOrNull() {
        assertEquals(List.of(), classes(name -> name.startsWith("java.lang.runtime.SwitchBootstraps")
                || name.startsWith("wasmbpf.") && name.contains("$$TypeSwitch")));
    }

    @Test
    void memoryIsNotReadThroughSegmentsAccessors() {
        assertEquals(List.of(), classes(name -> name.startsWith("java.lang.invoke.VarHandleSegmentAs")));
    }

    @Test
    void noRegularExpressionIsCompiled() {
        assertEquals(List.of(), classes(name -> name.startsWith("java.util.regex.Pattern ")));
    }

    @Test
    void systemCallsDoNotTakeTheLinker() {
        Assumptions.assumeTrue(Runtime.version().feature() == 25 && System.getProperty("os.arch").equals("amd64"),
                "the JDK's stubs are used on x86-64 with Java 25 only, this is Java " + Runtime.version() + " on "
                        + System.getProperty("os.arch"));
        assertEquals(List.of(), classes(name -> name.startsWith("jdk.internal.foreign.abi.DowncallLinker ")));
    }
}
