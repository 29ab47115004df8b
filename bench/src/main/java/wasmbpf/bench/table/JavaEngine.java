package wasmbpf.bench.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import wasmbpf.bench.Workload;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.JvmTier;
import wasmbpf.wasm.Tier;
import wasmbpf.wasm.WasmFunction;
import wasmbpf.wasm.WasmModule;

/** An engine that runs in this JVM: ours in its three modes, Endive's two. */
enum JavaEngine {
    COMPILED {
        @Override
        Guest open(byte[] module) {
            return ours(module, JvmTier.always());
        }
    },
    AUTO {
        @Override
        Guest open(byte[] module) {
            return ours(module, JvmTier.whenHot());
        }
    },
    INTERPRETED {
        @Override
        Guest open(byte[] module) {
            return ours(module, null);
        }
    },
    ENDIVE_COMPILED {
        @Override
        Guest open(byte[] module) {
            return endive(module, MachineFactoryCompiler::compile);
        }
    },
    ENDIVE_INTERPRETED {
        @Override
        Guest open(byte[] module) {
            return endive(module, null);
        }
    };

    /** An instance with its exported {@code run}. */
    interface Guest {
        long run(int argument);
    }

    /** Decodes and instantiates. */
    abstract Guest open(byte[] module);

    private static Guest ours(byte[] bytes, Tier tier) {
        Instance instance = Instance.instantiate(WasmModule.decode("workload", bytes), Workload.unusedWasi(),
                InstanceOptions.DEFAULT.withTier(tier));
        WasmFunction run = instance.exportedFunction("run");
        return argument -> run.invoke(argument)[0];
    }

    private static Guest endive(byte[] bytes, Function<run.endive.runtime.Instance, Machine> compiler) {
        ExportFunction run = endiveInstance(bytes, compiler, List.of()).export("run");
        return argument -> (int) run.apply(argument)[0];
    }

    /** Imports that {@code functions} has not return ENOSYS. */
    static run.endive.runtime.Instance endiveInstance(byte[] bytes,
            Function<run.endive.runtime.Instance, Machine> compiler, List<HostFunction> functions) {
        run.endive.wasm.WasmModule module = Parser.parse(bytes);
        List<HostFunction> imports = new ArrayList<>(functions);
        for (int i = 0; i < module.importSection().importCount(); i++) {
            if (module.importSection().getImport(i) instanceof FunctionImport f
                    && functions.stream().noneMatch(known -> known.name().equals(f.name()))) {
                FunctionType type = module.typeSection().getType(f.typeIndex());
                imports.add(new HostFunction(f.module(), f.name(), type, (instance, args) -> new long[] {52}));
            }
        }
        // Else it would call a command's _start at once.
        var builder = run.endive.runtime.Instance.builder(module).withStart(false)
                .withImportValues(ImportValues.builder().withFunctions(List.copyOf(imports)).build());
        if (compiler != null) {
            builder.withMachineFactory(compiler);
        }
        return builder.build();
    }
}
