package wasmbpf.host.cli;

import java.util.List;

/**
 * Options of the commands that have bpftool's grammar. Makefiles of wasm-bpf projects call {@code $(BPFTOOL) gen skeleton
 * -j} and {@code $(BPFTOOL) -w gen skeleton} for the Wasm form: here that is what comes anyway, so both are accepted.
 */
final class BpftoolOptions {
    static final Option JSON = Option.flag("json", 'j', "accepted for Makefiles written for the Wasm bpftool: changes nothing");
    static final Option WASM = Option.flag("wasm", 'w', "the Wasm form, which is what comes anyway");
    static final Option NATIVE = Option.flag("native", '\0', "bpftool's plain form, for 64-bit programs");
    static final Option DEBUG = Option.flag("debug", 'd', "accepted, as by bpftool");

    static final Option JSON_OUTPUT = Option.flag("json", 'j', "JSON, as -o json");
    static final Option PRETTY = Option.flag("pretty", 'p', "JSON, indented");

    static final Option OUTPUT = Option.value("output", 'o', "text|json", Option.Completion.NOTHING,
            "what comes out; json is a skeleton's parts, for other generators");

    static final List<Option> TABLE = List.of(JSON, WASM, NATIVE, DEBUG);
    static final List<Option> OF_GEN = List.of(JSON, WASM, NATIVE, OUTPUT, DEBUG);

    private BpftoolOptions() {}
}
