package wasmbpf.host.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wasmbpf.core.CoreException;
import wasmbpf.elf.FormatException;
import wasmbpf.host.inspect.Json;
import wasmbpf.host.inspect.ObjectReport;
import wasmbpf.host.inspect.OtherKernel;
import wasmbpf.host.inspect.Submission;
import wasmbpf.host.load.DryLoad;
import wasmbpf.host.load.FileProblem;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.object.ObjectException;
import wasmbpf.host.object.ReadOptions;
import wasmbpf.wasm.WasmException;
import wasmbpf.wasm.WasmModule;

/**
 * {@code wasm-bpf inspect FILE...}: what modules and objects contain and need, and with {@code --relocate} what would be
 * submitted to a kernel. Runs nothing and asks the kernel nothing. A file that cannot be read, or an object that cannot
 * be loaded, is said on standard error and does not keep the files after it from being looked at.
 */
final class InspectCommand extends Command {
    private enum Format { TEXT, JSON, PRETTY, LINES }

    /** CPUs a kernel may be said to have. */
    private static final int MAX_CPUS = 4096;

    /** The answers so far, when they are to be one document. */
    private final List<Object> documents = new ArrayList<>();
    private Format format;
    private ReadOptions reading;
    private DryLoad dry;
    private int status;

    InspectCommand() {
        super("inspect", "MODULE|OBJECT...",
                "show what files hold and need, or (--relocate) what would be submitted");
    }

    @Override
    List<Option> options() {
        return InspectOptions.TABLE;
    }

    /** @return 0; 126 if some file is none or its objects cannot be loaded, 127 if one is not there */
    @Override
    int run(ParsedArguments arguments) {
        if (arguments.has(InspectOptions.DISASSEMBLE)) {
            return disassemble(arguments.operands());
        }
        List<String> files = files(arguments);
        if (files.isEmpty()) {
            throw new UsageException("inspect needs a file");
        }
        format = format(arguments);
        reading = arguments.has(InspectOptions.LIBBPF) ? ReadOptions.LIBBPF : ReadOptions.DEFAULT;
        dry = arguments.has(InspectOptions.RELOCATE) ? dryLoad(arguments) : null;
        for (String file : files) {
            file(file);
        }
        if (format == Format.JSON || format == Format.PRETTY) {
            Object document = documents.size() == 1 ? documents.getFirst() : documents;
            Words.print((format == Format.JSON ? Json.compact(document) : Json.pretty(document)) + "\n");
        }
        return status;
    }

    private static int disassemble(List<String> operands) {
        if (operands.isEmpty() || operands.size() > 2) {
            throw new UsageException("inspect --disassemble needs MODULE and may have FUNC");
        }
        Words.print(Disassembly.of(operands.get(0), operands.size() == 2 ? operands.get(1) : null));
        return 0;
    }

    private static List<String> files(ParsedArguments arguments) {
        List<String> files = new ArrayList<>(arguments.operands());
        String list = arguments.value(InspectOptions.FILES_FROM);
        if (list != null) {
            try (BufferedReader lines = list.equals("-")
                    ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                    : Files.newBufferedReader(Path.of(list))) {
                lines.lines().filter(line -> !line.isBlank()).forEach(files::add);
            } catch (IOException | UncheckedIOException | InvalidPathException e) {
                throw new FatalException(ExitStatus.NOT_FOUND, InspectOptions.FILES_FROM + " " + FileProblem.reading(list, e), e);
            }
        }
        return files;
    }

    private static Format format(ParsedArguments arguments) {
        if (arguments.has(BpftoolOptions.PRETTY)) {
            return Format.PRETTY;
        }
        String output = arguments.value(InspectOptions.OUTPUT);
        return switch (output == null ? arguments.has(BpftoolOptions.JSON_OUTPUT) ? "json" : "text" : output) {
            case "text", "table" -> Format.TEXT;
            case "json" -> Format.JSON;
            case "jsonl" -> Format.LINES;
            default -> throw new UsageException("--output is text, json or jsonl, not " + output);
        };
    }

    private static DryLoad dryLoad(ParsedArguments arguments) {
        OtherKernel kernel = new OtherKernel();
        LoadOptions options = LoadOptions.DEFAULT;
        Option at = InspectOptions.BTF;
        try {
            if (arguments.has(InspectOptions.KERNEL)) {
                kernel.release(release(arguments.value(InspectOptions.KERNEL)));
            }
            if (arguments.has(InspectOptions.CPUS)) {
                kernel.cpus(Quantity.count(InspectOptions.CPUS, arguments.value(InspectOptions.CPUS), MAX_CPUS));
            }
            if (arguments.has(at)) {
                kernel.btf(Path.of(arguments.value(at)));
            }
            at = InspectOptions.KCONFIG;
            if (arguments.has(at)) {
                kernel.kconfig(Path.of(arguments.value(at)));
            }
            at = InspectOptions.KALLSYMS;
            if (arguments.has(at)) {
                kernel.kallsyms(Path.of(arguments.value(at)));
            }
            at = InspectOptions.CORE_BTF;
            if (arguments.has(at)) {
                options = options.withKernelBtf(Path.of(arguments.value(at)));
            }
            DryLoad dry = new DryLoad(kernel, options);
            dry.kernel().vmlinux();
            return dry;
        } catch (IOException | InvalidPathException e) {
            throw new FatalException(ExitStatus.NOT_FOUND, at + " " + FileProblem.reading(arguments.value(at), e), e);
        } catch (FormatException e) {
            throw new FatalException(ExitStatus.NOT_RUNNABLE, InspectOptions.BTF + ": " + e.getMessage(), e);
        }
    }

    /** Three numbers come first, as libbpf reads them; what follows them is a distribution's. */
    private static String release(String text) {
        if (!text.matches("[0-9]{1,5}[.][0-9]{1,5}[.][0-9]{1,5}.*")) {
            throw new UsageException(InspectOptions.KERNEL + " " + text + ": a release such as 6.12.1 is wanted");
        }
        return text;
    }

    private void file(String file) {
        byte[] bytes;
        try {
            bytes = Words.read(file);
        } catch (FatalException e) {
            bad(e.status(), e.getMessage());
            document(failure(file, e.getMessage()));
            return;
        }
        String name = file.substring(file.lastIndexOf('/') + 1);
        try {
            if (bytes.length > 4 && bytes[0] == 0x7f && bytes[1] == 'E') {
                object(file, "object " + name, name, bytes);
            } else {
                module(file, name, WasmModule.decode(name, bytes));
            }
        } catch (WasmException | FormatException | ObjectException | CoreException e) {
            bad(ExitStatus.NOT_RUNNABLE, e.getMessage());
            document(failure(file, e.getMessage()));
        } catch (OutOfMemoryError e) {
            String message = file + ": needs more memory than java has (" + Runtime.getRuntime().maxMemory() / (1 << 20)
                    + " MiB); give it more with JAVA_TOOL_OPTIONS=-Xmx8g";
            bad(ExitStatus.OURS, message);
            document(failure(file, message));
        } catch (IllegalStateException | IndexOutOfBoundsException | NullPointerException | ArithmeticException
                | ClassCastException | UnsupportedOperationException e) {
            // Our own fault, which is not to hide the files after it.
            bad(ExitStatus.OURS, file + ": internal error: " + e);
            document(failure(file, "internal error: " + e));
        }
    }

    private void bad(int newStatus, String message) {
        Terminal.say(message);
        status = status == ExitStatus.NOT_RUNNABLE ? status : newStatus;
    }

    private static Map<String, Object> failure(String file, String message) {
        Map<String, Object> rows = new LinkedHashMap<>();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ok", false);
        result.put("stage", "open");
        result.put("error", message);
        rows.put("object", file);
        rows.put("result", result);
        return rows;
    }

    private void document(Map<String, Object> rows) {
        switch (format) {
            case TEXT -> { }
            case LINES -> Words.print(Json.compact(rows) + "\n");
            case JSON, PRETTY -> documents.add(rows);
        }
    }

    private void module(String file, String name, WasmModule module) {
        ModuleReport report = new ModuleReport(module);
        List<EmbeddedObjects.Embedded> objects = EmbeddedObjects.of(module);
        if (format == Format.TEXT) {
            Words.print(report.text());
        } else if (dry == null) {
            document(report.rows(file));
        }
        for (EmbeddedObjects.Embedded e : objects) {
            String at = "0x" + Long.toHexString(e.address());
            object(file + "@" + at, "object at " + at + ", " + e.elf().length + " bytes", RunCommand.objectName(name), e.elf());
        }
        if (objects.isEmpty() && format == Format.TEXT) {
            Words.print("no BPF object lies ready in its memory\n");
        }
    }

    private void object(String file, String title, String name, byte[] elf) {
        if (dry != null) {
            Submission submission = Submission.of(name, elf, reading, dry, LoadOptions.DEFAULT.pinDirectory());
            submission.rows().put("object", file);
            if (submission.error() != null) {
                bad(ExitStatus.NOT_RUNNABLE, file + ": " + submission.error());
            }
            if (format == Format.TEXT) {
                Words.print(Json.pretty(submission.rows()) + "\n");
            } else {
                document(submission.rows());
            }
            return;
        }
        ObjectReport report = new ObjectReport(title, name, elf, reading);
        if (format == Format.TEXT) {
            Words.print(report.text());
        } else {
            Map<String, Object> rows = report.rows();
            rows.put("object", file);
            document(rows);
        }
    }
}
