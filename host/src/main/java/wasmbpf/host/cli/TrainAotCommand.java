package wasmbpf.host.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import wasmbpf.host.abi.AbiOptions;
import wasmbpf.host.abi.Guest;
import wasmbpf.host.abi.GuestOptions;
import wasmbpf.host.abi.Messages;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.wasi.PreopenException;
import wasmbpf.host.wasi.WasiOptions;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.wasm.JvmTier;
import wasmbpf.wasm.WasmModule;

/**
 * What the launcher runs once to make the JVM's AOT cache: the way of an ordinary module from its first byte to a printed
 * event, on {@link TrainingKernel}, so without privilege and without a trace on the machine. Not listed in help.
 */
final class TrainAotCommand extends Command {
    private static final String MODULE = "/wasmbpf/train/bootstrap.wasm";

    TrainAotCommand() {
        super("train-aot", "", "make a training run for the JVM's AOT cache");
    }

    @Override
    List<Option> options() {
        return List.of();
    }

    @Override
    int run(ParsedArguments arguments) {
        try (InputStream in = TrainAotCommand.class.getResourceAsStream(MODULE)) {
            if (in == null) {
                throw new FatalException(ExitStatus.OURS, "the jar has no " + MODULE + " to train with", null);
            }
            WasmModule module = WasmModule.decode("bootstrap.wasm", in.readAllBytes());
            LinuxKernel kernel = LinuxKernel.open();
            TrainingKernel training = new TrainingKernel(kernel);
            // Refusals are expected: a made-up kernel's feature probes answer anything.
            Messages messages = new Messages(new PrintStream(PrintStream.nullOutputStream()), false);
            GuestOptions options = new GuestOptions(new WasiOptions(List.of("bootstrap.wasm"), List.of(), List.of(), false),
                    new AbiOptions("bootstrap", AbiOptions.CALLBACK_MODULE, AbiOptions.CALLBACK_EXPORT, false), LoadOptions.DEFAULT,
                    GuestOptions.MAX_MEMORY, JvmTier.whenHot());
            Guest guest = new Guest(module, options, kernel, training, messages);
            training.endsBy(guest::interrupt);
            Supervisor supervisor = new Supervisor(new GuestRun(messages), guest, 20_000_000_000L, 1_000_000_000L);
            int status = supervisor.supervise();
            if (supervisor.ended()) {
                guest.close();
            }
            return status;
        } catch (IOException | PreopenException e) {
            throw new FatalException(ExitStatus.OURS, "train: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
