import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import wasmbpf.host.wasi.Wasi;
import wasmbpf.host.wasi.WasiOptions;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ImportLinker;
import wasmbpf.wasm.Instance;
import wasmbpf.wasm.InstanceOptions;
import wasmbpf.wasm.JvmTier;
import wasmbpf.wasm.Tier;
import wasmbpf.wasm.WasmModule;

/**
 * Runs a Ruby script with the ruby.wasm of npm, which is no command but wants a host that speaks its component interface:
 * {@code java -cp wasm-bpf.jar Ruby.java interpreter|compiled|auto ruby.wasm SCRIPT}. JavaScript's side of it stays empty.
 */
public final class Ruby {
    private static final long STACK_BYTES = 512L << 20;

    private final Instance instance;

    private Ruby(Instance instance) {
        this.instance = instance;
    }

    public static void main(String[] args) throws Exception {
        Throwable[] failure = {null};
        Thread guest = new Thread(null, () -> {
            try {
                run(args);
            } catch (Throwable e) {
                failure[0] = e;
            }
        }, "guest", STACK_BYTES);
        guest.start();
        guest.join();
        if (failure[0] != null) {
            failure[0].printStackTrace();
        }
        System.exit(failure[0] == null ? 0 : 1);
    }

    private static void run(String[] args) throws Exception {
        Tier tier = switch (args[0]) {
            case "interpreter" -> null;
            case "compiled" -> JvmTier.always();
            default -> JvmTier.whenHot();
        };
        Wasi wasi = new Wasi(LinuxKernel.open(), new WasiOptions(List.of("ruby"), List.of(), List.of(), true), null);
        WasmModule module = WasmModule.decode("ruby.wasm", Files.readAllBytes(Path.of(args[1])));
        Ruby ruby = new Ruby(Instance.instantiate(module, imports(wasi), InstanceOptions.DEFAULT.withTier(tier)));
        ruby.call("_initialize");
        List<String> options = List.of("ruby\0", "--disable-gems\0", "-EUTF-8\0", "-e_=0\0");
        ByteBuffer list = ByteBuffer.allocate(8 * options.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (String option : options) {
            list.putInt(ruby.copy(option.getBytes(StandardCharsets.UTF_8))).putInt(option.length());
        }
        ruby.call("ruby-init: func(args: list<string>) -> ()", ruby.copy(list.array()), options.size());
        byte[] script = Files.readAllBytes(Path.of(args[2]));
        int result = ruby.call("rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>",
                ruby.copy(script), script.length);
        byte[] handleAndState = new byte[8];
        ruby.instance.memory(0).read(result, handleAndState, 0, 8);
        System.out.println("state " + ByteBuffer.wrap(handleAndState).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
    }

    /** WASI, the table of handles of Ruby values, and nothing behind the functions of JavaScript. */
    private static ImportLinker imports(Wasi wasi) {
        Map<Long, Long> handles = new HashMap<>();
        return new ImportLinker().fallback((from, name, type) -> {
            HostFunction known = wasi.resolve(from, name, type);
            return known != null ? known : HostFunction.of(from, name, type,
                    Collections.nCopies(type.params().size(), "p"), (caller, args) -> {
                        if (name.startsWith("resource_new")) {
                            handles.put(1L + handles.size(), args[0]);
                            return handles.size();
                        }
                        return name.startsWith("resource_get") ? handles.get(args[0]) : 0;
                    });
        });
    }

    private int call(String export, long... args) {
        long[] results = instance.exportedFunction(export).invoke(args);
        return results.length == 0 ? 0 : (int) results[0];
    }

    /** Into memory that the guest gives; its address. */
    private int copy(byte[] bytes) {
        int address = call("cabi_realloc", 0, 0, 4, bytes.length);
        instance.memory(0).write(address, bytes);
        return address;
    }
}
