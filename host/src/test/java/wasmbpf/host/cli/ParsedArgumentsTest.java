package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParsedArgumentsTest {
    private static ParsedArguments run(String... args) {
        return ParsedArguments.parse(new RunCommand(), args, 0);
    }

    @Test
    void everythingAfterTheModuleIsTheGuests() {
        ParsedArguments p = run("-v", "tool.wasm", "-v", "--help", "--", "--no-such-option", "-d", "5");
        assertTrue(p.has(RunOptions.VERBOSE));
        assertFalse(p.has(RunOptions.HELP));
        assertEquals(List.of("tool.wasm", "-v", "--help", "--", "--no-such-option", "-d", "5"), p.operands());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--timeout 5s x.wasm", "--timeout=5s x.wasm", "-v --timeout 5s -- x.wasm",
        "--timeout 1s --timeout 5s x.wasm"})
    void anArgumentMayStandBesideOrBehindAnEqualsSign(String line) {
        ParsedArguments p = run(line.split(" "));
        assertEquals("5s", p.value(RunOptions.TIMEOUT));
        assertEquals(List.of("x.wasm"), p.operands());
    }

    @Test
    void lettersGroupAndTakeTheirArgumentAtOnceOrNext() {
        assertEquals("wrap", run("-vmwrap", "x").value(RunOptions.CALLBACK_MODULE));
        assertTrue(run("-vmwrap", "x").has(RunOptions.VERBOSE));
        ParsedArguments p = run("-m", "wrap", "-c", "cb", "x");
        assertEquals("wrap", p.value(RunOptions.CALLBACK_MODULE));
        assertEquals("cb", p.value(RunOptions.CALLBACK_EXPORT));
        assertNull(p.value(RunOptions.BTF));
    }

    @Test
    void repeatedOptionsKeepTheirOrder() {
        assertEquals(List.of("a", "b::c:ro"), run("--dir", "a", "--stats", "--dir=b::c:ro", "x").values(RunOptions.DIR));
    }

    @Test
    void aLoneDashIsAnOperand() {
        assertEquals(List.of("-", "arg"), run("--stats", "-", "arg").operands());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--tiemout 5 x | unknown option --tiemout; did you mean --timeout?",
        "--stat x | unknown option --stat; did you mean --stats?",
        "--memory 5 | unknown option --memory; did you mean --memory-limit?",
        "--xyzzy | unknown option --xyzzy",
        "-Q | unknown option -Q",
        "-verbose x | unknown option -e",
        "--timeout | --timeout needs D",
        "-m | --callback-module needs NAME",
        "--stats=yes x | --stats takes no argument",
    })
    void whatIsWrongIsSaid(String line, String message) {
        UsageException e = assertThrows(UsageException.class, () -> run(line.trim().split(" ")));
        assertEquals(message, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"timeout, timeout, 0", "tiemout, timeout, 2", "'', abc, 3", "kitten, sitting, 3", "a, '', 1"})
    void distanceCountsEdits(String a, String b, int edits) {
        assertEquals(edits, NearestName.distance(a, b));
        assertEquals(edits, NearestName.distance(b, a));
    }
}
