package wasmbpf.host.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.LinkException;
import wasmbpf.wasm.ValType;
import wasmbpf.wasm.WasmModule;

/** What the host functions answer before the kernel comes into it. bpf(2) is refused here, so a call of it would show. */
class AbiTest {
    private static final int EINVAL = -22;
    private static final int EFAULT = -14;
    private static final int EBADF = -9;

    /** A kernel that has everything but bpf(2). */
    private static final class NoBpf implements Kernel {
        @Override
        public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
            if (call == SystemCall.BPF) {
                throw new AssertionError("bpf " + a);
            }
            return LinuxKernel.open().call(call, attr, a, b, c, d, e, f);
        }
    }

    private final AbiFixture f = new AbiFixture(new NoBpf());

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 99, Long.MAX_VALUE, Long.MIN_VALUE, 0x100000001L})
    void anUnknownHandleIsEinvalEverywhere(long handle) {
        int name = f.text("x");
        assertEquals(EINVAL, f.i32("close", handle));
        assertEquals(EINVAL, f.i32("attach", handle, name, 0));
        assertEquals(EINVAL, f.i32("attach_fd", handle, name, -1));
        assertEquals(EINVAL, f.i32("map_fd", handle, name));
        assertEquals(EINVAL, f.i32("env_map_fd", handle, name));
        assertEquals(EINVAL, f.i32("poll", handle, 3, f.i32("callback", 0, 0, 0), 0, AbiFixture.DATA, 100, 0));
        assertEquals(EINVAL, f.i32("poll_export", handle, 3, 0, AbiFixture.DATA, 100, 0));
    }

    @Test
    void aBadPointerIsEfaultAndNeverATrap() {
        int end = AbiFixture.MEMORY_SIZE;
        f.guest.memory(0).fill(end - 8, 8, (byte) 'x'); // no NUL before the end
        for (int pointer : new int[] {end, end - 8, -1, Integer.MIN_VALUE}) {
            assertEquals(EFAULT, f.i32("attach", 1, pointer, 0));
            assertEquals(EFAULT, f.i32("attach", 1, f.text("x"), pointer));
            assertEquals(EFAULT, f.i32("attach_fd", 1, pointer, -1));
            assertEquals(EFAULT, f.i32("map_fd", 1, pointer));
        }
        assertEquals(0, f.call("load", end - 100, 101));
        assertEquals(0, f.call("load", -1, 10));
        assertEquals(0, f.call("load", 0, -1));
        assertEquals("", f.said(), "nothing to say: the guest gave nothing to load");
    }

    @Test
    void whatIsNoObjectGivesNoHandleAndTheReason() {
        assertEquals(0, f.load("not an ELF file at all".getBytes()));
        assertTrue(f.said().startsWith("wasm-bpf: guest: "), "names the object");
        assertEquals(0, f.call("load", AbiFixture.SPACE, 0));
        assertTrue(f.said().startsWith("wasm-bpf: guest: "));
        byte[] elf = AbiFixture.resource("abi.bpf.o");
        assertEquals(0, f.load(java.util.Arrays.copyOf(elf, elf.length / 2)));
        assertTrue(f.said().startsWith("wasm-bpf: guest: "));
    }

    @Test
    void aNumberThatIsNoMapIsEbadf() {
        for (int fd : new int[] {-1, 0, 1, 2, 3, 9, 99, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertEquals(EBADF, f.i32("operate", fd, 1, 0x100, 0x200, 0, 0));
            assertEquals(EBADF, f.i32("operate64", fd, 1, 0x100, 0x200, 0, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(WasmBpfFunction.class)
    void everyFunctionIsBoundByModuleNameAndType(WasmBpfFunction function) {
        boolean wrapper = function == WasmBpfFunction.POLL_EXPORT;
        for (String module : List.of("wasm_bpf", "env", "callback-wrapper")) {
            HostFunction found = f.bpf.resolve(module, function.wasmName(), function.type());
            if (!module.equals("wasm_bpf") && function.isNew() || module.equals("callback-wrapper") && !wrapper) {
                assertNull(found);
            } else {
                assertNotNull(found, module);
                assertEquals(function.parameterNames(), found.paramNames());
            }
        }
        assertNull(f.bpf.resolve("$root", function.wasmName(), function.type()));
        assertNull(f.bpf.resolve("wasm_bpf", function.wasmName(), new FuncType(List.of(ValType.F32), List.of())));
    }

    /** The table of the ABI, in the notation of the specification. */
    @Test
    void theSignaturesAreThoseOfTheAbi() {
        assertEquals("(i32, i32) -> (i64)", WasmBpfFunction.LOAD.type().toString());
        assertEquals("(i64) -> (i32)", WasmBpfFunction.CLOSE.type().toString());
        assertEquals("(i64, i32, i32) -> (i32)", WasmBpfFunction.ATTACH.type().toString());
        assertEquals("(i64, i32, i32) -> (i32)", WasmBpfFunction.ATTACH_FD.type().toString());
        assertEquals("(i64, i32, i32, i32, i32, i32, i32) -> (i32)", WasmBpfFunction.POLL.type().toString());
        assertEquals("(i64, i32, i32, i32, i32, i32) -> (i32)", WasmBpfFunction.POLL_EXPORT.type().toString());
        assertEquals("(i64, i32) -> (i32)", WasmBpfFunction.MAP_FD_BY_NAME.type().toString());
        assertEquals("(i32, i32, i32, i32, i32, i64) -> (i32)", WasmBpfFunction.MAP_OPERATE.type().toString());
        assertEquals("(i32, i32, i64, i64, i64, i64) -> (i32)", WasmBpfFunction.MAP_OPERATE_64.type().toString());
    }

    @Test
    void theWrappersNamesAreOptions() {
        AbiOptions renamed = new AbiOptions("guest", "my-wrapper", "my-callback", false);
        WasmBpfFunctions functions = new WasmBpfFunctions(new NoBpf(), renamed, wasmbpf.host.load.LoadOptions.DEFAULT,
                f.wasi.descriptors(), new Messages(System.err, false));
        FuncType type = WasmBpfFunction.POLL_EXPORT.type();
        assertNotNull(functions.resolve("my-wrapper", "wasm_bpf_buffer_poll", type));
        assertNull(functions.resolve("callback-wrapper", "wasm_bpf_buffer_poll", type));
    }

    @Test
    void anImportNobodyHasIsNamedWithItsType() {
        // (module (import "wasm_bpf" "wasm_bpf_nothing" (func (param i32) (result i32))))
        byte[] module = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 2, 29, 1, 8, 'w', 'a', 's', 'm', '_',
            'b', 'p', 'f', 16, 'w', 'a', 's', 'm', '_', 'b', 'p', 'f', '_', 'n', 'o', 't', 'h', 'i', 'n', 'g', 0, 0};
        LinkException e = assertThrows(LinkException.class, () -> Instance.instantiate(WasmModule.decode("m", module),
                new ImportLinker().fallback(f.bpf::resolve), InstanceOptions.DEFAULT));
        assertTrue(e.getMessage().contains("\"wasm_bpf\" \"wasm_bpf_nothing\" (i32) -> (i32)"), e.getMessage());
    }
}
