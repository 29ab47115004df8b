package wasmbpf.host.cli;

import wasmbpf.host.inspect.KernelObjects.Kind;
import wasmbpf.sys.Fd;

/** {@code wasm-bpf link}. */
final class LinkCommand extends KernelObjectCommand {
    LinkCommand() {
        super(Kind.LINK, "link", "show|list [LINK] | pin LINK FILE | detach LINK, LINK: id N | pinned FILE",
                "links in the kernel: what is attached where, as bpftool link");
    }

    @Override
    String[] words() {
        return new String[] {"show", "list", "pin", "detach", "help"};
    }

    @Override
    void run(String word, Words words) {
        switch (word) {
            case "pin" -> pin(words);
            case "detach" -> {
                try (Fd fd = one(words)) {
                    words.end();
                    objects().detach(fd);
                }
                done();
            }
            default -> show(words);
        }
    }
}
