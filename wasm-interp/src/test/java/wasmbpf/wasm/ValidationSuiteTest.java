package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Decoding and validation against every module of the official test suite, a test per script; what is rejected is rejected with
 * the place, in functions also with the instruction.
 */
class ValidationSuiteTest {
    private static final Set<String> MNEMONICS = Arrays.stream(Opcode.values()).map(Opcode::mnemonic).collect(Collectors.toSet());

    private static SpecSuite suite;

    @AfterAll
    static void close() throws IOException {
        if (suite != null) {
            suite.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> acceptsAndRejectsWhatTheSuiteSays() {
        suite = SpecSuite.open();
        List<SpecSuite.Script> scripts = suite.scripts();
        assertTrue(scripts.size() > 280, () -> "only " + scripts.size() + " scripts");
        return scripts.stream().map(script -> DynamicTest.dynamicTest(script.toString(), () -> run(script)));
    }

    private static void run(SpecSuite.Script script) {
        // A phase-3 proposal whose encoding still changes, and that no tool chain for BPF programs emits.
        Assumptions.assumeFalse(script.group().equals("custom-descriptors"), "custom descriptors are not implemented");
        List<String> failures = new ArrayList<>();
        for (Map<String, Object> command : script.commands()) {
            String filename = (String) command.get("filename");
            if (filename == null) {
                continue;
            }
            if (script.group().equals("threads") && String.valueOf(command.get("text")).startsWith("multiple ")) {
                // The threads proposal is written against version 1.0; 3.0 allows several memories and tables.
                continue;
            }
            String found = outcome(filename, script.module(filename));
            String expected = switch ((String) command.get("type")) {
                case "module", "module_definition", "assert_unlinkable", "assert_uninstantiable" -> "accepted";
                // Bad contents of custom sections must not stop a module (section 4.6 of the core specification).
                case "assert_invalid_custom" -> "accepted";
                case "assert_invalid", "assert_malformed" -> "rejected:";
                default -> throw new AssertionError("unknown command " + command);
            };
            if (!found.startsWith(expected)) {
                failures.add(filename + " (line " + command.get("line") + ", " + command.get("text") + "): " + found);
            }
        }
        assertEquals(List.of(), failures);
    }

    private static String outcome(String filename, byte[] bytes) {
        try {
            WasmModule.decode(filename, bytes).validate();
            return "accepted";
        } catch (MalformedException | InvalidException e) {
            return saysWhere(filename, e.getMessage()) ? "rejected: " + e.getMessage()
                    : "rejected, but does not say where or what: " + e.getMessage();
        }
    }

    /** {@code FILE: SECTION at 0x12: ...} or {@code FILE: function 3 "name" at 0x12: ...}; there with the instruction. */
    private static boolean saysWhere(String filename, String message) {
        String name = Pattern.quote(filename);
        if (message.matches(name + ": [a-z ]+ at 0x[0-9a-f]+: \\S.*")) {
            return true;
        }
        Matcher inFunction = Pattern.compile(name + ": function \\d+( \".*\")? at 0x[0-9a-f]+: (\\S.*)", Pattern.DOTALL)
                .matcher(message);
        if (!inFunction.matches()) {
            return false;
        }
        String text = inFunction.group(2);
        // What is wrong before or behind the instructions, or is none.
        boolean noInstruction = text.matches("(too many locals|illegal opcode|END opcode expected|malformed value type|unknown type"
                + "|integer|unexpected end|\\d+ groups of locals|malformed heap type).*");
        return noInstruction || Arrays.stream(text.split("[ :,]+")).anyMatch(MNEMONICS::contains);
    }
}
