package wasmbpf.host.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wasmbpf.host.abi.Guest;
import wasmbpf.wasm.Export;
import wasmbpf.wasm.ExternType;
import wasmbpf.wasm.Import;
import wasmbpf.wasm.WasmModule;

/** A module's imports, whether this runner has them, and its exports. */
final class ModuleReport {
    private final WasmModule module;

    ModuleReport(WasmModule module) {
        this.module = module;
    }

    private static String type(Import wanted) {
        return wanted.type() instanceof ExternType.Func f ? f.type().func().toString() : wanted.type().toString();
    }

    private static boolean provided(Import wanted) {
        return wanted.type() instanceof ExternType.Func f
                && Guest.provides(wanted.module(), wanted.name(), f.type().func());
    }

    String text() {
        StringBuilder out = new StringBuilder();
        out.append("module ").append(module.name()).append(", ").append(module.bytes().length).append(" bytes\n");
        out.append("imports\n");
        for (Import wanted : module.imports()) {
            out.append("  ").append(wanted.label())
                    .append(wanted.type() instanceof ExternType.Func ? " " : ": ").append(type(wanted))
                    .append(provided(wanted) ? "" : "   not provided here").append('\n');
        }
        out.append("exports\n");
        for (Export export : module.exports()) {
            out.append("  ").append(export.kind()).append(' ').append(export.label()).append('\n');
        }
        return out.toString();
    }

    Map<String, Object> rows(String file) {
        Map<String, Object> rows = new LinkedHashMap<>();
        rows.put("module", file);
        rows.put("size", module.bytes().length);
        List<Object> imports = new ArrayList<>();
        for (Import wanted : module.imports()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("module", wanted.module());
            row.put("name", wanted.name());
            row.put("type", type(wanted));
            row.put("provided", provided(wanted));
            imports.add(row);
        }
        rows.put("imports", imports);
        List<Object> exports = new ArrayList<>();
        for (Export export : module.exports()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", export.name());
            row.put("kind", export.kind().toString());
            exports.add(row);
        }
        rows.put("exports", exports);
        return rows;
    }
}
