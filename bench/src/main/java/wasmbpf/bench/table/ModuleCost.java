package wasmbpf.bench.table;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.wasm.Parser;
import wasmbpf.bench.Workload;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.WasmModule;

/**
 * The process that measures what comes before the first instruction: {@code ModuleCost ENGINE MODULE SECONDS}. Prints CPU ms
 * of decoding, of decoding with whole validation, and of decoding with instantiation: the first of a JVM, and the least.
 * A module of ours is validated function by function at first calls, so instantiation alone does less than others do.
 */
final class ModuleCost {
    private ModuleCost() {}

    public static void main(String[] args) throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of(args[1]));
        double seconds = Double.parseDouble(args[2]);
        switch (JavaEngine.valueOf(args[0])) {
            case INTERPRETED -> {
                print("INSTANTIATE", seconds, () -> Instance.instantiate(WasmModule.decode("module", bytes),
                        Workload.unusedWasi(), InstanceOptions.DEFAULT).close());
                print("DECODE", seconds, () -> WasmModule.decode("module", bytes));
                print("VALIDATE", seconds, () -> WasmModule.decode("module", bytes).validate());
            }
            case ENDIVE_INTERPRETED -> {
                print("INSTANTIATE", seconds, () -> JavaEngine.endiveInstance(bytes, null, List.of()));
                print("DECODE", seconds, () -> Parser.parse(bytes));
            }
            case ENDIVE_COMPILED -> print("INSTANTIATE", seconds,
                    () -> JavaEngine.endiveInstance(bytes, MachineFactoryCompiler::compile, List.of()));
            default -> throw new IllegalArgumentException(args[0] + " instantiates as INTERPRETED does");
        }
        System.exit(0);
    }

    private static void print(String what, double seconds, Runnable work) {
        var threads = ManagementFactory.getThreadMXBean();
        long first = threads.getCurrentThreadCpuTime();
        long firstRun = 0;
        long best = Long.MAX_VALUE;
        long after = first;
        while (after - first < seconds * 1e9) {
            long before = threads.getCurrentThreadCpuTime();
            work.run();
            after = threads.getCurrentThreadCpuTime();
            best = Math.min(best, after - before);
            firstRun = firstRun == 0 ? after - before : firstRun;
        }
        System.out.println(what + " " + firstRun / 1e6 + " " + best / 1e6);
    }
}
