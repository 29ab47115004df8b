package wasmbpf.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.WasmModule;

/**
 * A guest that exports {@code run(i32) -> i32}: a line of workloads.tsv. The results are those of a native build.
 *
 * @param argument what run is given, {@code result} what it returns then
 * @param light an argument for engines that are too slow for the other; the whole takes them {@code lightFactor} times as long
 */
public record Workload(String name, int argument, int result, int light, int lightResult, double lightFactor) {
    /** The workloads of this tree, in the order of the file. */
    public static List<Workload> all() {
        return parse(new String(resource("workloads.tsv"), StandardCharsets.UTF_8));
    }

    /** Lines of tab-separated fields; {@code #} starts a comment. */
    public static List<Workload> parse(String text) {
        List<Workload> out = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] f = line.split("\t");
            if (f.length != 6) {
                throw new IllegalArgumentException("six fields wanted, separated by tabs: " + line);
            }
            out.add(new Workload(f[0], Integer.parseInt(f[1]), Integer.parseInt(f[2]), Integer.parseInt(f[3]),
                    Integer.parseInt(f[4]), Double.parseDouble(f[5])));
        }
        return out;
    }

    static Workload named(String name) {
        for (Workload w : all()) {
            if (w.name.equals(name)) {
                return w;
            }
        }
        throw new IllegalArgumentException("no workload " + name);
    }

    static byte[] resource(String file) {
        try (InputStream in = Workload.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Instance instantiate(String name, ImportLinker imports, InstanceOptions options) {
        return Instance.instantiate(WasmModule.decode(name, resource(name + ".wasm")), imports, options);
    }

    Instance instantiate(InstanceOptions options) {
        return instantiate(name, unusedWasi(), options);
    }

    /** wasi-libc's snprintf comes with imports for streams, which nobody writes to here. */
    public static ImportLinker unusedWasi() {
        return new ImportLinker().fallback((module, name, type) -> HostFunction.of(module, name, type,
                Collections.nCopies(type.params().size(), "p"), (caller, args) -> 52 /* ENOSYS */));
    }

    long run(Instance instance) {
        return check(argument, instance.exportedFunction("run").invoke(argument)[0]);
    }

    /** The same value, when it is what run returns for that argument. */
    public long check(int argument, long value) {
        int expected = argument == this.argument ? result : lightResult;
        if (value != expected) {
            throw new IllegalStateException(name + " gives " + value + ", a native build " + expected);
        }
        return value;
    }
}
