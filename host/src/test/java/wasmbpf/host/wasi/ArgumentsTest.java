package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void stringsLieOneAfterTheOtherWithAVectorOfPointers() {
        try (WasiFixture f = WasiFixture.plain(List.of("tool.wasm", "-d", "äö"), List.of("A=1", "LANG="))) {
            assertEquals(0, f.call("args_sizes_get", 0x100, 0x104));
            assertEquals(3, f.i32(0x100));
            assertEquals("tool.wasm\0-d\0äö\0".getBytes(java.nio.charset.StandardCharsets.UTF_8).length, f.i32(0x104));
            assertEquals(0, f.call("args_get", 0x200, 0x300));
            assertEquals("tool.wasm\0-d\0äö\0", f.string(f.i32(0x200), f.i32(0x104)));
            assertEquals("-d\0", f.string(f.i32(0x204), 3));
            assertEquals(0, f.call("environ_sizes_get", 0x100, 0x104));
            assertEquals(2, f.i32(0x100));
            assertEquals(10, f.i32(0x104));
            assertEquals(0, f.call("environ_get", 0x200, 0x300));
            assertEquals("LANG=\0", f.string(f.i32(0x204), 6));
        }
    }

    @Test
    void emptyEnvironmentWritesNothing() {
        try (WasiFixture f = WasiFixture.plain(List.of("x"), List.of())) {
            assertEquals(0, f.call("environ_sizes_get", 0x100, 0x104));
            assertEquals(0, f.i32(0x100));
            assertEquals(0, f.i32(0x104));
            assertEquals(0, f.call("environ_get", WasiFixture.MEMORY_SIZE, WasiFixture.MEMORY_SIZE));
        }
    }

    @Test
    void aBufferThatDoesNotFitIsAFaultAndNothingIsWritten() {
        try (WasiFixture f = WasiFixture.plain(List.of("tool.wasm", "-d"), List.of())) {
            assertEquals(WasiErrno.FAULT, f.call("args_get", 0x200, WasiFixture.MEMORY_SIZE - 5));
            assertEquals(0, f.i32(0x200));
            assertEquals(WasiErrno.FAULT, f.call("args_get", -4, 0x300));
            assertEquals(WasiErrno.FAULT, f.call("args_sizes_get", 0x100, WasiFixture.MEMORY_SIZE - 3));
        }
    }
}
