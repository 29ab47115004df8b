package wasmbpf.bench.table;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.HostFunction;
import run.endive.runtime.Machine;
import run.endive.wasm.types.FunctionType;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.JvmTier;
import wasmbpf.wasm.LinearMemory;
import wasmbpf.wasm.Tier;
import wasmbpf.wasm.ValType;
import wasmbpf.wasm.WasmFunction;
import wasmbpf.wasm.WasmModule;

/**
 * The process that measures calls between host and guest: {@code CallCost ENGINE callback.wasm SECONDS}. Prints CPU ns of the
 * guest's event callback, of the same with a record of 168 bytes copied in before, and of a host function called by a guest.
 */
final class CallCost {
    private static final int CALLS = 100_000;
    private static final byte[] RECORD = new byte[168];
    private static final long STACK_BYTES = 64L << 20;

    private CallCost() {}

    /** What an engine does n times. */
    private record Calls(IntConsumer callback, IntConsumer copyAndCallback, IntConsumer host) {}

    public static void main(String[] args) throws Exception {
        byte[] module = Files.readAllBytes(Path.of(args[1]));
        double seconds = Double.parseDouble(args[2]);
        Thread thread = new Thread(null, () -> {
            Calls calls = switch (JavaEngine.valueOf(args[0])) {
                case COMPILED -> ours(module, JvmTier.always());
                case AUTO -> ours(module, JvmTier.whenHot());
                case INTERPRETED -> ours(module, null);
                case ENDIVE_COMPILED -> endive(module, MachineFactoryCompiler::compile);
                case ENDIVE_INTERPRETED -> endive(module, null);
            };
            System.out.println("CALLBACK-NS " + nanos(calls.callback, seconds));
            System.out.println("COPY-NS " + nanos(calls.copyAndCallback, seconds));
            System.out.println("HOST-NS " + nanos(calls.host, seconds));
        }, "guest", STACK_BYTES);
        thread.start();
        thread.join();
        System.exit(0);
    }

    private static double nanos(IntConsumer work, double seconds) {
        var threads = ManagementFactory.getThreadMXBean();
        long first = threads.getCurrentThreadCpuTime();
        long best = Long.MAX_VALUE;
        long after = first;
        while (after - first < seconds * 1e9) {
            long before = threads.getCurrentThreadCpuTime();
            work.accept(CALLS);
            after = threads.getCurrentThreadCpuTime();
            best = Math.min(best, after - before);
        }
        return best / (double) CALLS;
    }

    private static Calls ours(byte[] bytes, Tier tier) {
        var host = wasmbpf.wasm.HostFunction.of("env", "host", new FuncType(List.of(ValType.I32, ValType.I32),
                List.of(ValType.I32)), List.of("a", "b"), (caller, args) -> args[0] ^ args[1]);
        Instance instance = Instance.instantiate(WasmModule.decode("callback", bytes), new ImportLinker().add(host),
                InstanceOptions.DEFAULT.withTier(tier));
        LinearMemory memory = instance.memory(0);
        WasmFunction handle = instance.exportedFunction("handle");
        WasmFunction callHost = instance.exportedFunction("call_host");
        int address = (int) instance.exportedFunction("record").invoke()[0];
        return new Calls(n -> {
            for (int i = 0; i < n; i++) {
                handle.callI32(0, address, RECORD.length);
            }
        }, n -> {
            for (int i = 0; i < n; i++) {
                memory.write(address, RECORD);
                handle.callI32(0, address, RECORD.length);
            }
        }, n -> callHost.invoke(n));
    }

    private static Calls endive(byte[] bytes, Function<run.endive.runtime.Instance, Machine> compiler) {
        var i32 = run.endive.wasm.types.ValType.I32;
        var host = new HostFunction("env", "host", FunctionType.of(List.of(i32, i32), List.of(i32)),
                (instance, args) -> new long[] {args[0] ^ args[1]});
        run.endive.runtime.Instance instance = JavaEngine.endiveInstance(bytes, compiler, List.of(host));
        ExportFunction handle = instance.export("handle");
        ExportFunction callHost = instance.export("call_host");
        int address = (int) instance.export("record").apply()[0];
        return new Calls(n -> {
            for (int i = 0; i < n; i++) {
                handle.apply(0, address, RECORD.length);
            }
        }, n -> {
            for (int i = 0; i < n; i++) {
                instance.memory().write(address, RECORD, 0, RECORD.length);
                handle.apply(0, address, RECORD.length);
            }
        }, n -> callHost.apply(n));
    }
}
