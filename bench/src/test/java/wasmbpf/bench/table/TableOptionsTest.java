package wasmbpf.bench.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bench/table takes for options, and says of what it does not. */
class TableOptionsTest {
    @Test
    void optionsAndAFolder() {
        TableOptions options = TableOptions.parse("--engines", "auto,wasm3", "--rounds", "3", "--seconds", "0.5", "more");
        assertEquals(new TableOptions(Path.of("more"), List.of("auto", "wasm3"), List.of(), 3, 0.5, null), options);
        assertTrue(options.wants(options.workloads(), "fib") && !options.wants(options.engines(), "Node"));
    }

    @ParameterizedTest
    @CsvSource({"--engine auto, there is no option --engine", "--rounds, --rounds needs a value",
        "--rounds 1.5, --rounds 1.5: a number above 0 is wanted", "--seconds x, --seconds x: a number above 0 is wanted",
        "--seconds NaN, --seconds NaN: a number above 0 is wanted", "--rounds 0, --rounds 0: a number above 0 is wanted"})
    void whatIsWrongIsSaid(String line, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> TableOptions.parse(line.split(" "))).getMessage());
    }

    @Test
    void helpIsTheUsage() throws Exception {
        Process process = new ProcessBuilder(Path.of("table").toAbsolutePath().toString(), "--help").redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.startsWith("table: every workload on every engine"), said);
        assertTrue(said.contains("  bench/table [OPTIONS] [FOLDER]\n") && said.contains("--rounds N"), said);
    }
}
