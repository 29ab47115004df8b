package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.host.wasi.Preopen;

class RunCommandTest {
    @ParameterizedTest
    @CsvSource({"/tmp, /tmp, /tmp, false", "/tmp:ro, /tmp, /tmp, true", "/tmp::/data, /tmp, /data, false",
        "/tmp::/data:ro, /tmp, /data, true", ".::/, ., /, false", "a:b, a:b, a:b, false"})
    void directoriesHaveAHostAndAGuestName(String text, String host, String guest, boolean readOnly) {
        assertEquals(new Preopen(host, guest, readOnly), RunCommand.preopen(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "::/data", "/tmp::", ":ro", "/tmp:::ro"})
    void halfADirectoryIsAUsageError(String text) {
        assertThrows(UsageException.class, () -> RunCommand.preopen(text));
    }

    @Test
    void environmentIsOnlyWhatIsGiven() {
        assertEquals(List.of("A=1", "B=", "C=x=y"), RunCommand.environment(List.of("A=1", "B=", "C=x=y")));
        assertEquals(List.of("PATH=" + System.getenv("PATH")), RunCommand.environment(List.of("PATH", "NO_SUCH_VARIABLE_HERE")));
        assertThrows(UsageException.class, () -> RunCommand.environment(List.of("=x")));
    }

    @ParameterizedTest
    @CsvSource({"bootstrap.wasm, bootstrap", "/a/b.c/run-qlat.wasm, run-qlat", "x, x", "-, guest", "dir/.wasm, .wasm",
        "a/b/, guest", "probe.bpf.wasm, probe"})
    void objectsAreNamedAfterTheModule(String module, String name) {
        assertEquals(name, RunCommand.objectName(module));
    }
}
