package wasmbpf.host.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.core.CoreException;
import wasmbpf.core.MinimalBtf;
import wasmbpf.elf.FormatException;
import wasmbpf.host.gen.CSkeletonPrinter;
import wasmbpf.host.gen.GenException;
import wasmbpf.host.gen.GuestHeaders;
import wasmbpf.host.gen.HeaderOverlay;
import wasmbpf.host.gen.SharedHeader;
import wasmbpf.host.gen.SkeletonJson;
import wasmbpf.host.gen.SkeletonModel;
import wasmbpf.host.inspect.Json;
import wasmbpf.host.inspect.OtherKernel;
import wasmbpf.host.load.FileProblem;
import wasmbpf.host.object.ObjectException;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;

/** {@code wasm-bpf gen}: what a guest is built with, in bpftool's grammar. */
final class GenCommand extends Command {
    GenCommand() {
        super("gen", "skeleton OBJECT [name NAME] | headers DIR | shared DIR OBJECT HEADER... | min_core_btf INPUT OUTPUT OBJECT...",
                "make skeletons of BPF objects, the guest's headers, small kernel types for CO-RE");
    }

    @Override
    List<Option> options() {
        return BpftoolOptions.OF_GEN;
    }

    @Override
    int run(ParsedArguments arguments) {
        Words words = new Words(arguments.operands(), "gen", operands());
        try {
            switch (words.keyword("skeleton", "headers", "shared", "min_core_btf", "help")) {
                case "skeleton" -> skeleton(words, arguments);
                case "headers" -> headers(words);
                case "shared" -> shared(words);
                case "min_core_btf" -> minimalBtf(words);
                default -> Words.print(HelpCommand.of(this));
            }
            return 0;
        } catch (FormatException | ObjectException | GenException | CoreException e) {
            throw new FatalException(1, e.getMessage(), e);
        }
    }

    private static void skeleton(Words words, ParsedArguments arguments) {
        String file = words.next("an object file");
        String name = null;
        while (words.more()) {
            switch (words.keyword("name")) {
                case "name" -> name = words.next("a name");
                default -> throw new IllegalStateException();
            }
            if (name.isBlank()) {
                throw new UsageException("gen skeleton: name \"" + name + "\": a C identifier is wanted");
            }
        }
        SkeletonModel.Source source = SkeletonModel.of(file, Words.read(file), name);
        String output = arguments.value(BpftoolOptions.OUTPUT);
        Words.print(switch (output == null ? "text" : output) {
            case "text" -> CSkeletonPrinter.print(source.model(), source.btf(), arguments.has(BpftoolOptions.NATIVE));
            case "json" -> Json.pretty(SkeletonJson.of(source.model(), source.btf())) + "\n";
            default -> throw new UsageException("-o " + output + ": text or json");
        });
    }

    /** The types of one kernel that these objects' CO-RE relocations need, for {@code --btf} on kernels without their own. */
    private static void minimalBtf(Words words) {
        String input = words.next("a BTF file");
        Path output = Path.of(words.next("a file to write"));
        List<String> objects = new ArrayList<>(List.of(words.next("an object file")));
        while (words.more()) {
            objects.add(words.next("an object file"));
        }
        MinimalBtf minimal = new MinimalBtf(types(input));
        for (String object : objects) {
            ObjectSpec spec = ObjectReader.read(object.substring(object.lastIndexOf('/') + 1), Words.read(object));
            try {
                minimal.add(spec.btf(), spec.programs().stream().flatMap(each -> each.coreRelocations().stream()).toList());
            } catch (CoreException e) {
                throw new CoreException(object + ": " + e.getMessage(), e);
            }
        }
        try {
            Files.write(output, minimal.toBytes());
        } catch (IOException e) {
            throw new FatalException(1, "write " + FileProblem.writing(output.toString(), e), e);
        }
    }

    private static Btf types(String file) {
        try {
            return BtfReader.read(file, OtherKernel.btfOf(file, Words.read(file)));
        } catch (IOException e) {
            throw new FatalException(ExitStatus.NOT_RUNNABLE, FileProblem.reading(file, e), e);
        }
    }

    /** Headers that an object's source and user space share, for wasm32, and the file that puts them in the others' place. */
    private static void shared(Words words) {
        Path dir = Path.of(words.next("a folder")).toAbsolutePath().normalize();
        String object = words.next("an object file");
        List<String> headers = new ArrayList<>(List.of(words.next("a header")));
        while (words.more()) {
            headers.add(words.next("a header"));
        }
        try {
            Btf btf = types(object);
            HeaderOverlay overlay = new HeaderOverlay(dir);
            Map<String, Set<String>> left = new LinkedHashMap<>();
            Set<String> changed = new HashSet<>();
            for (String header : headers) {
                Path file = Path.of(header).toAbsolutePath().normalize();
                // Byte by byte, whatever the header's encoding is.
                String name = new String(file.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
                String text = new String(Words.read(header), StandardCharsets.ISO_8859_1);
                SharedHeader.Result result = SharedHeader.of(name, text, btf);
                left.put(header, result.left());
                changed.addAll(result.changed());
                overlay.put(file, result.text().getBytes(StandardCharsets.ISO_8859_1));
                if (!result.missing().isEmpty()) {
                    System.err.println(header + ": left as in the header, since " + object + " does not have them: "
                            + String.join(", ", result.missing())
                            + "; WASM_BPF_EVENT (wasm-bpf/event.bpf.h) keeps a type that clang leaves out of an object");
                }
            }
            refuseInputs(overlay.files(), object, headers);
            overlay.write();
            left.forEach((header, types) -> {
                types.removeAll(changed);
                if (!types.isEmpty()) {
                    System.err.println(header + ": left as in the header, where they have another layout on wasm32: "
                            + String.join(", ", types) + "; define them without a macro, and without an #if about a brace");
                }
            });
        } catch (IOException e) {
            throw new FatalException(1, "write " + FileProblem.writing(dir.toString(), e), e);
        }
    }

    /** A header's name is its new one's too: in the header's own folder that would replace what somebody wrote. */
    private static void refuseInputs(List<Path> outputs, String object, List<String> headers) throws IOException {
        List<String> inputs = new ArrayList<>(headers);
        inputs.add(object);
        for (Path output : outputs) {
            for (String input : inputs) {
                if (Files.exists(output) && Files.exists(Path.of(input)) && Files.isSameFile(output, Path.of(input))) {
                    throw new FatalException(ExitStatus.USAGE, output + " would replace " + input + ": name another folder", null);
                }
            }
        }
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
                throw new FatalException(1, "write " + FileProblem.writing(file.toString(), e), e);
            }
        }
    }
}
