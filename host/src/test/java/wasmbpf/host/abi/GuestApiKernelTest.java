package wasmbpf.host.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.wasi.Preopen;
import wasmbpf.host.wasi.WasiOptions;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.wasm.WasmModule;

/**
 * libbpf's API from a guest in C, function by function, on the running kernel: {@code guestapi/api.c} prints what it got,
 * which is compared with what libbpf's documentation and the kernel's sources say. It attaches to a tracepoint of a call
 * nobody makes and to a socket of its own.
 */
@Tag("kernel")
class GuestApiKernelTest {
    @TempDir
    Path folder;

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = GuestApiKernelTest.class.getResourceAsStream("/guestapi/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void everyFunctionDoesWhatLibbpfsDoes() throws Exception {
        long capabilities = LinuxKernel.open().effectiveCapabilities();
        Assumptions.assumeTrue((capabilities >> Linux.CAP_SYS_ADMIN & 1) != 0, "needs root to load, attach and run");
        Assumptions.assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "this kernel has no BTF");
        List<String> before = Fd.open();
        var said = new ByteArrayOutputStream();
        WasmModule module = WasmModule.decode("api.wasm", resource("api.wasm"));
        GuestOptions options = new GuestOptions(
                new WasiOptions(List.of("api.wasm", "/out/printed"), List.of(),
                        List.of(new Preopen(folder.toString(), "/out", false)), false),
                new AbiOptions("api", AbiOptions.CALLBACK_MODULE, AbiOptions.CALLBACK_EXPORT, false),
                LoadOptions.DEFAULT, GuestOptions.MAX_MEMORY, null);
        try (Guest guest = new Guest(module, options, LinuxKernel.open(), LinuxKernel.open(),
                new Messages(new PrintStream(said, true), false))) {
            assertEquals(0, guest.run(null));
        }
        assertEquals(new String(resource("api.expected")), Files.readString(folder.resolve("printed")));
        assertEquals("", said.toString(), "the guest takes what there is to say");
        assertEquals(before, Fd.open(), "nothing stays open");
    }
}
