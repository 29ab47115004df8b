import java.io.FileInputStream;
import java.io.InputStream;
import java.util.List;
import wasmbpf.host.abi.AbiOptions;
import wasmbpf.host.abi.Guest;
import wasmbpf.host.abi.GuestOptions;
import wasmbpf.host.abi.Messages;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.wasi.WasiOptions;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.wasm.ExternType;
import wasmbpf.wasm.FuncType;
import wasmbpf.wasm.HostCode;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.Import;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.JvmTier;
import wasmbpf.wasm.WasmModule;

/**
 * What the runner does with a module, up to the guest's first host call, which ends the process. With the argument
 * {@code train-aot} it trains an AOT cache as the launcher does.
 */
public final class FirstCall {
    private FirstCall() {
    }

    /** Ends the process; the first of the guest's imports to be called wins. */
    private static final class End implements HostCode {
        private final String name;

        End(String name) {
            this.name = name;
        }

        @Override
        public long call(Instance caller, long[] arguments) {
            System.out.println(name);
            Runtime.getRuntime().halt(0);
            return 0;
        }
    }

    public static void main(String[] args) throws Exception {
        if (args[0].equals("train-aot")) {
            wasmbpf.host.cli.Main.main(args);
            return;
        }
        byte[] bytes;
        try (InputStream in = new FileInputStream(args[0])) {
            bytes = in.readAllBytes();
        }
        WasmModule module = WasmModule.decode(args[0], bytes);
        LinuxKernel kernel = LinuxKernel.open();
        GuestOptions options = new GuestOptions(new WasiOptions(List.of(args), List.of(), List.of(), false),
                new AbiOptions("guest", AbiOptions.CALLBACK_MODULE, AbiOptions.CALLBACK_EXPORT, false),
                LoadOptions.DEFAULT, GuestOptions.MAX_MEMORY, JvmTier.whenHot());
        Guest guest = new Guest(module, options, kernel, kernel, new Messages(System.err, false));
        ImportLinker ending = new ImportLinker();
        for (Import wanted : module.imports()) {
            if (wanted.type() instanceof ExternType.Func func) {
                FuncType type = func.type().func();
                String[] names = new String[type.params().size()];
                for (int i = 0; i < names.length; i++) {
                    names[i] = "a" + i;
                }
                ending.add(HostFunction.of(wanted.module(), wanted.name(), type, List.of(names), new End(wanted.name())));
            }
        }
        guest.run(ending);
    }
}
