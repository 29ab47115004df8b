package wasmbpf.host.cli;

import java.util.function.Consumer;
import wasmbpf.host.abi.Messages;

/** The loader's remarks, for those who asked to hear more. */
final class LoaderWarnings implements Consumer<String> {
    private final Messages messages;

    LoaderWarnings(Messages messages) {
        this.messages = messages;
    }

    @Override
    public void accept(String line) {
        messages.detail(line);
    }
}
