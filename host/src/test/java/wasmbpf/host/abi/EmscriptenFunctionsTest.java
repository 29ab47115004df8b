package wasmbpf.host.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.ValType;
import wasmbpf.wasm.WasmModule;

/** The import that Emscripten's modules have when their memory may grow. */
class EmscriptenFunctionsTest {
    private static final String NAME = "emscripten_notify_memory_growth";
    private static final FuncType TYPE = new FuncType(List.of(ValType.I32), List.of());

    @Test
    void aModuleThatTellsOfItsGrowthGoesOn() {
        // (module (import "env" "emscripten_notify_memory_growth" (func (param i32))) (memory 1)
        //   (func (export "grow") (result i32) (drop (memory.grow (i32.const 1))) (call 0 (i32.const 0)) (memory.size)))
        byte[] name = NAME.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] head = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 9, 2, 0x60, 1, 0x7f, 0, 0x60, 0, 1, 0x7f,
            2, (byte) (name.length + 8), 1, 3, 'e', 'n', 'v', (byte) name.length};
        byte[] tail = {0, 0, 3, 2, 1, 1, 5, 3, 1, 0, 1, 7, 8, 1, 4, 'g', 'r', 'o', 'w', 0, 1,
            10, 15, 1, 13, 0, 0x41, 1, 0x40, 0, 0x1a, 0x41, 0, 0x10, 0, 0x3f, 0, 0x0b};
        byte[] module = new byte[head.length + name.length + tail.length];
        System.arraycopy(head, 0, module, 0, head.length);
        System.arraycopy(name, 0, module, head.length, name.length);
        System.arraycopy(tail, 0, module, head.length + name.length, tail.length);
        try (Instance instance = Instance.instantiate(WasmModule.decode("grow.wasm", module),
                new ImportLinker().fallback(EmscriptenFunctions::resolve), InstanceOptions.DEFAULT)) {
            assertEquals(2, (int) instance.exportedFunction("grow").invoke()[0]);
        }
    }

    @Test
    void anotherModuleTypeOrNameIsNotIt() {
        HostFunction found = EmscriptenFunctions.resolve("env", NAME, TYPE);
        assertEquals(List.of("memory_index"), found.paramNames());
        assertNull(EmscriptenFunctions.resolve("wasm_bpf", NAME, TYPE));
        assertNull(EmscriptenFunctions.resolve("env", NAME, new FuncType(List.of(), List.of())));
        assertNull(EmscriptenFunctions.resolve("env", "__syscall_stat64", TYPE));
        assertTrue(Guest.provides("env", NAME, TYPE));
        assertFalse(Guest.provides("env", "__syscall_stat64", TYPE));
    }
}
