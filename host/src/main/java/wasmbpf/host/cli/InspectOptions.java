package wasmbpf.host.cli;

import java.util.List;

/** Options of {@code inspect}. */
final class InspectOptions {
    static final Option RELOCATE = Option.flag("relocate", 'r',
            "show what would be submitted to a kernel, without asking one");
    static final Option BTF = Option.value("btf", '\0', "FILE", Option.Completion.FILE,
            "types of the kernel it would be submitted to, instead of the running one's (raw, ELF, gzipped)");
    static final Option CORE_BTF = Option.value("core-btf", '\0', "FILE", Option.Completion.FILE,
            "types for CO-RE alone, as run --btf");
    static final Option KCONFIG = Option.value("kconfig", '\0', "FILE", Option.Completion.FILE,
            "that kernel's configuration (text, gzipped)");
    static final Option KALLSYMS = Option.value("kallsyms", '\0', "FILE", Option.Completion.FILE,
            "that kernel's symbols, as in /proc/kallsyms");
    static final Option KERNEL = Option.value("kernel", '\0', "RELEASE", Option.Completion.NOTHING,
            "that kernel's release, as 6.12.1");
    static final Option CPUS = Option.value("cpus", '\0', "N", Option.Completion.NOTHING, "that machine's CPUs");
    static final Option LIBBPF = Option.flag("libbpf", '\0',
            "read objects as strictly as libbpf: no section names and map definitions of other loaders");
    static final Option FILES_FROM = Option.value("files-from", '\0', "FILE", Option.Completion.FILE,
            "more files, one a line; - is standard input");
    static final Option OUTPUT = Option.value("output", 'o', "text|json|jsonl", Option.Completion.NOTHING,
            "json: one document (an array for several files); jsonl: one line a file");

    static final Option DISASSEMBLE = Option.flag("disassemble", 'd',
            "MODULE [FUNC]: show the module, or functions by name or index, as text");

    static final List<Option> TABLE = List.of(DISASSEMBLE, RELOCATE, BTF, CORE_BTF, KCONFIG, KALLSYMS, KERNEL, CPUS, LIBBPF,
            FILES_FROM, OUTPUT, BpftoolOptions.JSON_OUTPUT, BpftoolOptions.PRETTY);

    private InspectOptions() {}
}
