package wasmbpf.host.cli;

import java.util.List;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.btf.CPrinter;
import wasmbpf.btf.RawPrinter;
import wasmbpf.elf.ElfReader;
import wasmbpf.elf.FormatException;
import wasmbpf.host.gen.CHeaderPrinter;
import wasmbpf.host.gen.GenException;
import wasmbpf.host.gen.WitPrinter;

/** {@code wasm-bpf btf dump}: the types of an object or of a kernel, in bpftool's grammar. */
final class BtfCommand extends Command {
    BtfCommand() {
        super("btf", "dump file FILE [format c|wit|raw]",
                "print the types of an object, or of a BTF file such as /sys/kernel/btf/vmlinux");
    }

    @Override
    List<Option> options() {
        return BpftoolOptions.TABLE;
    }

    @Override
    int run(ParsedArguments arguments) {
        Words words = new Words(arguments.operands(), "btf", operands());
        try {
            switch (words.keyword("dump", "help")) {
                case "dump" -> dump(words, arguments.has(BpftoolOptions.NATIVE));
                default -> Words.print(HelpCommand.of(this));
            }
            return 0;
        } catch (FormatException | GenException e) {
            throw new FatalException(1, e.getMessage(), e);
        }
    }

    private static void dump(Words words, boolean nativeForm) {
        words.keyword("file");
        String file = words.next("a file with BTF");
        String format = "raw";
        while (words.more()) {
            words.keyword("format");
            format = words.keyword("c", "wit", "raw");
        }
        byte[] bytes = Words.read(file);
        boolean elf = bytes.length > 4 && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
        Btf btf = elf ? BtfReader.ofElf(ElfReader.read(file, bytes)) : BtfReader.read(file, bytes);
        Words.print(switch (format) {
            case "c" -> nativeForm ? CPrinter.header(btf) : CHeaderPrinter.print(btf, guard(file));
            case "wit" -> WitPrinter.print(btf, base(file));
            default -> RawPrinter.print(btf);
        });
    }

    private static String base(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return name.indexOf('.') > 0 ? name.substring(0, name.indexOf('.')) : name;
    }

    private static String guard(String file) {
        return "WASM_BPF_" + base(file).toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_H";
    }
}
