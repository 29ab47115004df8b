package wasmbpf.host.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import wasmbpf.elf.FormatException;
import wasmbpf.host.inspect.KernelObjects.Kind;
import wasmbpf.host.inspect.ProgramDump;
import wasmbpf.host.load.FileProblem;
import wasmbpf.sys.Fd;

/** {@code wasm-bpf prog}. */
final class ProgCommand extends KernelObjectCommand {
    ProgCommand() {
        super(Kind.PROGRAM, "prog", "show|list [PROG] | dump xlated|jited PROG [file FILE | opcodes] [linum] | pin PROG FILE, "
                + "PROG: id N | tag T | name NAME | pinned FILE", "programs in the kernel, as bpftool prog");
    }

    @Override
    String[] words() {
        return new String[] {"show", "list", "dump", "pin", "help"};
    }

    @Override
    void run(String word, Words words) {
        switch (word) {
            case "dump" -> dump(words);
            case "pin" -> pin(words);
            default -> show(words);
        }
    }

    private void dump(Words words) {
        boolean jited = words.keyword("xlated", "jited").equals("jited");
        try (Fd fd = one(words)) {
            boolean opcodes = false;
            boolean lineNumbers = false;
            String file = null;
            while (words.more()) {
                switch (words.keyword("file", "opcodes", "linum")) {
                    case "file" -> file = words.next("a file");
                    case "opcodes" -> opcodes = true;
                    default -> lineNumbers = true;
                }
            }
            print(ProgramDump.of(objects(), fd), jited, file, opcodes, lineNumbers);
        } catch (FormatException e) {
            throw new FatalException(1, e.getMessage(), e);
        }
    }

    private void print(ProgramDump dump, boolean jited, String file, boolean opcodes, boolean lineNumbers) {
        byte[] code = jited ? dump.jited() : dump.xlated();
        if (code.length == 0) {
            throw new FatalException(1, jited ? "no native code: the program is interpreted, or the kernel does not tell "
                    + "(kernel.kptr_restrict, CAP_BPF)" : "the kernel does not tell the instructions: "
                    + "needs CAP_BPF and CAP_PERFMON, and net.core.bpf_jit_harden below 2", null);
        }
        if (file != null) {
            try {
                Files.write(Path.of(file), code);
            } catch (IOException | InvalidPathException e) {
                throw new FatalException(1, "write " + FileProblem.writing(file, e), e);
            }
            done();
        } else if (format() == Format.TEXT) {
            Words.print(jited ? dump.nativeText() : dump.text(opcodes, lineNumbers));
        } else {
            document(jited ? dump.nativeRows() : dump.rows(opcodes, lineNumbers));
        }
    }
}
