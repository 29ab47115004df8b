package wasmbpf.host.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import wasmbpf.elf.FormatException;
import wasmbpf.host.gen.CSkeletonPrinter;
import wasmbpf.host.gen.GenException;
import wasmbpf.host.gen.GuestHeaders;
import wasmbpf.host.gen.SkeletonModel;
import wasmbpf.host.object.ObjectException;

/** {@code wasm-bpf gen}: what a guest is built with, in bpftool's grammar. */
final class GenCommand extends Command {
    GenCommand() {
        super("gen", "skeleton OBJECT [name NAME] | headers DIR",
                "make the C skeleton of a BPF object, or write the guest's headers to a folder");
    }

    @Override
    List<Option> options() {
        return BpftoolOptions.TABLE;
    }

    @Override
    int run(ParsedArguments arguments) {
        Words words = new Words(arguments.operands(), "gen", operands());
        try {
            switch (words.keyword("skeleton", "headers", "help")) {
                case "skeleton" -> skeleton(words);
                case "headers" -> headers(words);
                default -> System.out.print(HelpCommand.of(this));
            }
            return 0;
        } catch (FormatException | ObjectException | GenException e) {
            throw new FatalException(1, e.getMessage(), e);
        }
    }

    private static void skeleton(Words words) {
        String file = words.next("an object file");
        String name = null;
        while (words.more()) {
            switch (words.keyword("name")) {
                case "name" -> name = words.next("a name");
                default -> throw new IllegalStateException();
            }
        }
        SkeletonModel.Source source = SkeletonModel.of(file, Words.read(file), name);
        Words.print(CSkeletonPrinter.print(source.model(), source.btf()));
    }

    private static void headers(Words words) {
        Path dir = Path.of(words.next("a folder"));
        words.end();
        for (String header : GuestHeaders.NAMES) {
            Path file = dir.resolve(header);
            try (InputStream in = GuestHeaders.open(header)) {
                Files.createDirectories(file.getParent());
                Files.copy(in, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new FatalException(1, "write " + file + ": " + e, e);
            }
        }
    }
}
