package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The whole official test suite, a test per command. Everything runs but what {@link #excluded} names. Another tier
 * runs the same by a subclass with other {@link #options}.
 */
class SpecSuiteTest {
    private static final long THREAD_STACK_BYTES = 64 << 20;

    private SpecSuite suite;
    private final ExecutorService guest =
            Executors.newSingleThreadExecutor(task -> new Thread(null, task, "guest", THREAD_STACK_BYTES));

    /** How instances run; small stacks, as the suite exhausts them on purpose. */
    InstanceOptions options() {
        return InstanceOptions.DEFAULT.withMaxCallDepth(4000).withStackBytes(1 << 20).withMaxMemoryBytes(1L << 30);
    }

    /** Why a script or command does not run, or null. */
    static String excluded(SpecSuite.Script script, Map<String, Object> command) {
        if (script.group().equals("custom-descriptors")) {
            return "a phase-3 proposal whose encoding still changes, and that no tool chain for BPF programs emits";
        }
        if (script.group().equals("threads") && String.valueOf(command.get("text")).startsWith("multiple ")) {
            return "the threads proposal is written against version 1.0; 3.0 allows several memories and tables";
        }
        return null;
    }

    @AfterEach
    void close() throws IOException {
        guest.shutdown();
        if (suite != null) {
            suite.close();
        }
    }

    @TestFactory
    Stream<DynamicNode> doesWhatTheSuiteSays() {
        String missing = SpecSuite.missing();
        if (missing != null) {
            System.err.println("SKIPPED: " + missing);
            return Stream.of(DynamicTest.dynamicTest(missing, () -> Assumptions.abort(missing)));
        }
        suite = SpecSuite.open();
        List<SpecSuite.Script> scripts = suite.scripts();
        assertTrue(scripts.size() > 280, () -> "only " + scripts.size() + " scripts");
        return scripts.stream().map(this::container);
    }

    private DynamicNode container(SpecSuite.Script script) {
        SpecRunner runner = new SpecRunner(script, options());
        Stream<DynamicNode> commands = script.commands().stream()
                .filter(command -> excluded(script, command) == null)
                .map(command -> DynamicTest.dynamicTest(name(command), () -> run(runner, command)));
        return DynamicContainer.dynamicContainer(script.toString(), commands);
    }

    private static String name(Map<String, Object> command) {
        return "line " + command.get("line") + " " + command.get("type");
    }

    private void run(SpecRunner runner, Map<String, Object> command) throws Throwable {
        try {
            guest.submit(() -> runner.run(command)).get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
