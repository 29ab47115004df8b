package wasmbpf.host.cli;

import java.util.ArrayList;
import java.util.List;
import wasmbpf.wasm.Disassembler;
import wasmbpf.wasm.Export;
import wasmbpf.wasm.ExternKind;
import wasmbpf.wasm.WasmException;
import wasmbpf.wasm.WasmModule;

/** {@code inspect --disassemble MODULE [FUNC]}: a module, or its functions of one name, as text. */
final class Disassembly {
    private static final int MAX_SUGGESTIONS = 5;

    private Disassembly() {}

    /**
     * @param function a name, of which there may be several, or an index; null = the whole module
     * @throws FatalException if the file cannot be read, is no module or has no such function
     */
    static String of(String file, String function) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        try {
            WasmModule module = WasmModule.decode(name, Words.read(file));
            if (function == null) {
                return Disassembler.print(module);
            }
            StringBuilder out = new StringBuilder();
            for (int index : find(module, function)) {
                if (index < module.importedFunctionCount()) {
                    throw new FatalException(ExitStatus.NOT_RUNNABLE, name + ": function " + function
                            + " is imported: its code is not in the module", null);
                }
                out.append(Disassembler.printFunction(module, index));
            }
            return out.toString();
        } catch (WasmException e) {
            throw new FatalException(ExitStatus.NOT_RUNNABLE, e.getMessage(), e);
        }
    }

    /** Functions that have this name; else the one with this index. */
    private static List<Integer> find(WasmModule module, String wanted) {
        List<Integer> found = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < module.functionCount(); i++) {
            String name = module.functionName(i);
            if (name != null) {
                names.add(name);
                if (name.equals(wanted)) {
                    found.add(i);
                }
            }
        }
        for (Export export : module.exports()) {
            if (found.isEmpty() && export.kind() == ExternKind.FUNC && export.name().equals(wanted)) {
                found.add(export.index());
            }
        }
        if (found.isEmpty() && wanted.matches("[0-9]{1,9}") && Integer.parseInt(wanted) < module.functionCount()) {
            found.add(Integer.parseInt(wanted));
        }
        if (found.isEmpty()) {
            throw new FatalException(ExitStatus.NOT_FOUND, module.name() + ": there is no function " + wanted
                    + suggestion(wanted, names) + "; functions have the names of the name section, or indices up to "
                    + (module.functionCount() - 1), null);
        }
        return found;
    }

    /** Names that contain what was asked for, else the nearest one. */
    private static String suggestion(String wanted, List<String> names) {
        List<String> near = new ArrayList<>();
        for (String name : names) {
            if (near.size() < MAX_SUGGESTIONS && !near.contains(name) && name.contains(wanted)) {
                near.add(name);
            }
        }
        String nearest = near.isEmpty() ? NearestName.of(wanted, names) : null;
        if (nearest != null) {
            near.add(nearest);
        }
        return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    }
}
