package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.List;
import wasmbpf.wasm.dwarf.Dwarf;
import wasmbpf.wasm.dwarf.SourceLine;

/** A module's DWARF with offsets in the module for addresses. */
final class DebugLines {
    private static final DebugLines NONE = new DebugLines(null, 0);

    /** Null if there is none. */
    private final Dwarf dwarf;
    private final int codeStart;

    private DebugLines(Dwarf dwarf, int codeStart) {
        this.dwarf = dwarf;
        this.codeStart = codeStart;
    }

    static DebugLines of(WasmModule module) {
        Dwarf dwarf = new Dwarf(module.bytes());
        for (CustomSection section : module.customSections()) {
            if (section.name().startsWith(".debug_")) {
                dwarf.addSection(section.name(), section.start(), section.length());
            }
        }
        return dwarf.hasLines() ? new DebugLines(dwarf, module.codeStart()) : NONE;
    }

    /** See {@link WasmModule#sources}. */
    List<List<SourceFrame>> sources(int... offsets) {
        List<List<SourceFrame>> sources = new ArrayList<>();
        if (dwarf == null) {
            for (int i = 0; i < offsets.length; i++) {
                sources.add(List.of());
            }
            return sources;
        }
        long[] addresses = new long[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            addresses[i] = offsets[i] - codeStart;
        }
        for (List<Dwarf.Frame> frames : dwarf.locate(addresses)) {
            List<SourceFrame> calls = new ArrayList<>();
            for (Dwarf.Frame frame : frames) {
                SourceLine line = frame.line();
                calls.add(new SourceFrame(frame.function(), line == null ? null : line.file(), line == null ? 0 : line.line(),
                        line == null ? 0 : line.column(), frame.inlined()));
            }
            sources.add(calls);
        }
        return sources;
    }

    /** The rows of the line table for a range of the module, their addresses being offsets in the module. */
    List<Dwarf.Row> rows(int from, int to) {
        if (dwarf == null) {
            return List.of();
        }
        List<Dwarf.Row> rows = new ArrayList<>();
        for (Dwarf.Row row : dwarf.lines(from - codeStart, to - codeStart)) {
            rows.add(new Dwarf.Row(row.start() + codeStart, row.end() + codeStart, row.line()));
        }
        return rows;
    }

    /** The lines of a stack trace for one guest call. */
    static void print(StringBuilder out, WasmFrame frame, List<SourceFrame> source) {
        for (SourceFrame call : source) {
            if (call.inlined()) {
                String name = call.function() == null ? "?" : WasmText.shortened(call.function());
                line(out, name + " (inlined)", call);
            } else {
                line(out, named(frame, call).toString(), call);
            }
        }
        if (source.isEmpty() || source.getLast().inlined()) {
            out.append("\n    at ").append(frame);
        }
    }

    private static void line(StringBuilder out, String name, SourceFrame call) {
        out.append("\n    at ").append(name);
        if (call.file() != null) {
            out.append(' ').append(call.place());
        }
    }

    /** Debug information has the readable name where the name section has a mangled one, or none. */
    private static WasmFrame named(WasmFrame frame, SourceFrame call) {
        String name = frame.functionName();
        boolean readable = name != null && !name.startsWith("_ZN") && !name.startsWith("_R");
        return readable || call.function() == null ? frame
                : new WasmFrame(frame.module(), frame.function(), call.function(), frame.offset());
    }
}
