package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DisassemblyTest {
    private static final String TOOL = Runner.guest("guests/tool.wasm");

    private static CommandRun run(String... operands) {
        String[] words = new String[operands.length + 2];
        words[0] = "inspect";
        words[1] = "--disassemble";
        System.arraycopy(operands, 0, words, 2, operands.length);
        return CommandRun.of(words);
    }

    @Test
    void showsAFunctionByNameOrIndex() {
        String byName = run(TOOL, "_start").out();
        assertTrue(byName.matches("(?s)  \\(func \\(;\\d+;\\) \\(;\"_start\";\\) \\(type \\d+\\)\n.*"), byName);
        String index = byName.replaceAll("(?s)  \\(func \\(;(\\d+);.*", "$1");
        assertEquals(byName, run(TOOL, index).out());
        assertTrue(run(TOOL).out().contains(byName));
    }

    @Test
    void saysWhichFunctionsHaveNoCodeOrAreNotThere() {
        CommandRun imported = run(TOOL, "0");
        assertEquals(ExitStatus.NOT_RUNNABLE, imported.status());
        assertTrue(imported.err().contains("tool.wasm: function 0 is imported: its code is not in the module"), imported.err());
        CommandRun misspelt = run(TOOL, "_strat");
        assertEquals(ExitStatus.NOT_FOUND, misspelt.status());
        assertTrue(misspelt.err().contains("there is no function _strat; did you mean _start?"), misspelt.err());
        CommandRun beyond = run(TOOL, "99999");
        assertTrue(beyond.err().contains("there is no function 99999; functions have the names of the name section, or indices"
                + " up to "), beyond.err());
        assertEquals(ExitStatus.USAGE, run().status());
        assertEquals(ExitStatus.USAGE, run(TOOL, "a", "b").status());
        assertEquals(ExitStatus.NOT_FOUND, run("nowhere.wasm").status());
        assertEquals(ExitStatus.NOT_RUNNABLE, run(Runner.guest("abi/abi.bpf.o")).status());
    }
}
