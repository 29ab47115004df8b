package wasmbpf.host.cli;

import java.io.IOException;
import java.io.InputStream;
import wasmbpf.host.abi.Guest;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.sys.Kernel;

/**
 * What the launcher runs once to make the JVM's AOT cache: the way of an ordinary module from its first byte to a printed
 * event, on {@link TrainingKernel}, so without privilege and without a trace on the machine. It is {@code run} itself, so
 * that the cache holds every class of a run. Not listed in help.
 */
final class TrainAotCommand extends RunCommand {
    private static final String MODULE = "bootstrap.wasm";

    private TrainingKernel training;

    TrainAotCommand() {
        super("train-aot", "", "make a training run for the JVM's AOT cache");
    }

    @Override
    int run(ParsedArguments arguments) {
        return super.run(ParsedArguments.parse(this, new String[] {"--timeout", "20s", MODULE}, 0));
    }

    /** The module lies in the jar; some other file is read to its end, as a module's would be. */
    @Override
    InputStream open(String file) throws IOException {
        try (InputStream some = super.open("/proc/self/stat")) {
            some.readAllBytes();
        }
        InputStream module = TrainAotCommand.class.getResourceAsStream("/wasmbpf/train/" + MODULE);
        if (module == null) {
            throw new FatalException(ExitStatus.OURS, "the jar has no " + MODULE + " to train with", null);
        }
        return module;
    }

    @Override
    Kernel loader(ParsedArguments arguments, Kernel kernel) {
        training = new TrainingKernel(kernel);
        RunningKernel.add(training, TrainingKernel.files());
        return training;
    }

    @Override
    void prepared(Guest guest) {
        training.endsBy(guest::interrupt);
    }
}
