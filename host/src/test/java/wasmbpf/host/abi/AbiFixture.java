package wasmbpf.host.abi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.wasi.FileCalls;
import wasmbpf.host.wasi.Interruption;
import wasmbpf.host.wasi.Preopen;
import wasmbpf.host.wasi.PreopenException;
import wasmbpf.host.wasi.Wasi;
import wasmbpf.host.wasi.WasiOptions;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.WasmModule;

/** The guest of {@code abi/guest.c}, its host functions on a kernel, and what was said on standard error meanwhile. */
final class AbiFixture implements AutoCloseable {
    static final int MEMORY_SIZE = 262144;
    /** Free for the test: the guest's own data and stack lie below. */
    static final int SPACE = 0x10000;
    /** Where events are delivered. */
    static final int DATA = 0x18000;
    private static final int IMAGE = 0x20001; // unaligned, as in real guests

    final Wasi wasi;
    final WasmBpfFunctions bpf;
    final Instance guest;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Interruption interruption;
    private int textEnd = SPACE;

    AbiFixture(Kernel kernel, Preopen... preopens) {
        interruption = new Interruption(new FileCalls(LinuxKernel.open()));
        try {
            wasi = new Wasi(LinuxKernel.open(), new WasiOptions(List.of("guest"), List.of(), List.of(preopens), false),
                    interruption);
        } catch (PreopenException e) {
            throw new AssertionError(e);
        }
        AbiOptions options = new AbiOptions("guest", AbiOptions.CALLBACK_MODULE, AbiOptions.CALLBACK_EXPORT, true);
        bpf = new WasmBpfFunctions(kernel, options, LoadOptions.DEFAULT, wasi.descriptors(),
                new Messages(new PrintStream(said, true), true));
        ImportLinker linker = new ImportLinker().fallback((module, name, type) -> {
            HostFunction found = wasi.resolve(module, name, type);
            return found != null ? found : bpf.resolve(module, name, type);
        });
        guest = Instance.instantiate(WasmModule.decode("guest.wasm", resource("guest.wasm")), linker,
                InstanceOptions.DEFAULT.withReservations(new MappedReservation.Provider(LinuxKernel.open())));
    }

    static byte[] resource(String name) {
        try (InputStream in = AbiFixture.class.getResourceAsStream("/abi/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls what the guest exports and gives the result as it is. */
    long call(String export, long... args) {
        long[] results = guest.exportedFunction(export).invoke(args);
        return results.length == 0 ? 0 : results[0];
    }

    /** As {@link #call}, for i32 results. */
    int i32(String export, long... args) {
        return (int) call(export, args);
    }

    /** A C string in guest memory. */
    int text(String text) {
        byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
        if (textEnd + bytes.length > SPACE + 0x4000) {
            textEnd = SPACE;
        }
        int at = textEnd;
        guest.memory(0).write(at, bytes);
        textEnd += bytes.length;
        return at;
    }

    long load(byte[] elf) {
        guest.memory(0).write(IMAGE, elf);
        return call("load", IMAGE, elf.length);
    }

    /** Loads {@code abi/abi.bpf.o}. */
    long load() {
        return load(resource("abi.bpf.o"));
    }

    /** What the guest noted of its callbacks: calls, context, data, size, sum. */
    List<Integer> seen() {
        List<Integer> all = new ArrayList<>();
        int at = i32("seen");
        for (int i = 0; i < 5; i++) {
            all.add(guest.memory(0).getInt(at + 4 * i));
        }
        return all;
    }

    int at(int offset) {
        return guest.memory(0).getInt(offset);
    }

    long longAt(int offset) {
        return guest.memory(0).getLong(offset);
    }

    void put(int offset, int value) {
        guest.memory(0).putInt(offset, value);
    }

    void putLong(int offset, long value) {
        guest.memory(0).putLong(offset, value);
    }

    /** What was said since the last time this was asked. */
    String said() {
        String text = said.toString(StandardCharsets.UTF_8);
        said.reset();
        return text;
    }

    @Override
    public void close() {
        bpf.close();
        wasi.close();
        interruption.close();
        guest.close();
    }
}
