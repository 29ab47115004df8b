package wasmbpf.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.WasmModule;

/** The guests of {@code src/main/workloads}, each with an argument and the result a native build of the same C gives. */
public enum Workload {
    MIX(20_000_000, -1180588690),
    FIB(35, 9227465),
    SIEVE(5, 148933),
    MATMUL(2, 8568650),
    SHA256(16, -802034049),
    INDIRECT(10_000_000, -1811900391);

    private final int argument;
    private final int result;

    Workload(int argument, int result) {
        this.argument = argument;
        this.result = result;
    }

    static Instance instantiate(String name, ImportLinker imports, InstanceOptions options) {
        try (InputStream in = Workload.class.getResourceAsStream(name + ".wasm")) {
            return Instance.instantiate(WasmModule.decode(name, in.readAllBytes()), imports, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Instance instantiate(InstanceOptions options) {
        return instantiate(name().toLowerCase(Locale.ROOT), new ImportLinker(), options);
    }

    long run(Instance instance) {
        long value = instance.exportedFunction("run").invoke(argument)[0];
        if (value != result) {
            throw new IllegalStateException(this + " gives " + value + ", a native build " + result);
        }
        return value;
    }
}
