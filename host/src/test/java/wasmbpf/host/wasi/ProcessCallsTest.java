package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wasmbpf.wasm.ProcExit;

class ProcessCallsTest {
    private final WasiFixture f = WasiFixture.plain(List.of("x"), List.of());

    @Test
    void exitUnwindsWithTheStatusAsGiven() {
        assertEquals(-1, assertThrows(ProcExit.class, () -> f.call("proc_exit", -1)).status());
        assertEquals(7, assertThrows(ProcExit.class, () -> f.call("proc_exit", 7)).status());
    }

    /** WASI's numbers on the left: 6 abrt, 15 term, 16 chld, 17 cont, 18 stop, 27 winch, 30 sys. */
    @ParameterizedTest
    @CsvSource({"6, 134", "9, 137", "15, 143", "10, 138", "30, 159", "29, 158", "24, 153"})
    void deadlySignalsEndTheGuestWithTheShellsStatus(int signal, int status) {
        assertEquals(status, assertThrows(ProcExit.class, () -> f.call("proc_raise", signal)).status());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "16, 0", "17, 0", "22, 0", "27, 0", "18, 58", "19, 58", "31, 28", "-1, 28"})
    void otherSignalsDoNothing(int signal, int errno) {
        assertEquals(errno, f.call("proc_raise", signal));
    }

    @Test
    void randomBytesFillExactlyTheBuffer() {
        assertEquals(0, f.call("random_get", 0x1000, 5000));
        assertNotEquals(0, f.i64(0x1000) | f.i64(0x1008));
        assertNotEquals(f.i64(0x1000), f.i64(0x1008));
        assertNotEquals(0, f.i64(0x1000 + 4992) | f.i64(0x1000 + 4984));
        assertEquals(0, f.i64(0x1000 - 8));
        assertEquals(0, f.i64(0x1000 + 5000));
        assertEquals(0, f.call("random_get", 0, 0));
        assertEquals(WasiErrno.FAULT, f.call("random_get", WasiFixture.MEMORY_SIZE - 10, 11));
        assertEquals(WasiErrno.FAULT, f.call("random_get", 0, -1));
    }

    @Test
    void yieldingSucceeds() {
        assertEquals(0, f.call("sched_yield"));
    }
}
