package wasmbpf.host.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import wasmbpf.core.CoreException;
import wasmbpf.core.ReloReport;
import wasmbpf.elf.FormatException;
import wasmbpf.host.BpfObject;
import wasmbpf.host.BpfProgram;
import wasmbpf.host.abi.Guest;
import wasmbpf.host.inspect.AttachCheck;
import wasmbpf.host.load.LoadException;
import wasmbpf.host.load.Privileges;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.object.LinkedObject;
import wasmbpf.host.object.ObjectException;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.SysException;
import wasmbpf.wasm.ExternType;
import wasmbpf.wasm.Import;
import wasmbpf.wasm.WasmException;
import wasmbpf.wasm.WasmModule;

/** Whether a module or object runs on this machine: its objects are loaded and closed again; nothing is attached. */
final class ObjectDoctor {
    /** Programs of one object that are tried one by one after the whole was refused. */
    private static final int MOST_ALONE = 200;

    private final Kernel kernel;
    private final Findings findings;
    private final AttachCheck attaching;
    private final boolean privileged;

    /** @param privileged whether this process may load programs; without that it may not look for their targets either */
    ObjectDoctor(Kernel kernel, RunningKernel running, Findings findings, boolean privileged) {
        this.privileged = privileged;
        this.kernel = kernel;
        this.findings = findings;
        this.attaching = new AttachCheck(running);
    }

    void file(String file) {
        byte[] bytes = Words.read(file);
        String name = RunCommand.objectName(file);
        try {
            if (elf(bytes)) {
                object(name, file, bytes);
                return;
            }
            WasmModule module = WasmModule.decode(file, bytes);
            imports(file, module);
            List<EmbeddedObjects.Embedded> objects = EmbeddedObjects.of(module);
            for (EmbeddedObjects.Embedded e : objects) {
                object(name, file + ": object at 0x" + Long.toHexString(e.address()), e.elf());
            }
            if (objects.isEmpty()) {
                findings.note(file + ": no BPF object lies ready in its memory; it may make one when it runs");
            }
        } catch (WasmException e) {
            findings.bad(e.getMessage());
        }
    }

    /** What this process lacks for the programs of a module or object, as loading them would say; "" if nothing. */
    static String advice(RunningKernel running, String file) {
        Set<String> advice = new LinkedHashSet<>();
        try {
            byte[] bytes = Words.read(file);
            if (elf(bytes)) {
                return Privileges.forObject(running, ObjectReader.read(file, bytes)).advice();
            }
            for (EmbeddedObjects.Embedded e : EmbeddedObjects.of(WasmModule.decode(file, bytes))) {
                advice.add(Privileges.forObject(running, ObjectReader.read(file, e.elf())).advice());
            }
        } catch (WasmException | FormatException | ObjectException e) {
            return ""; // said of the file itself
        }
        return String.join("", advice);
    }

    private static boolean elf(byte[] bytes) {
        return bytes.length > 4 && bytes[0] == 0x7f && bytes[1] == 'E';
    }

    private void imports(String file, WasmModule module) {
        List<String> missing = new ArrayList<>();
        for (Import wanted : module.imports()) {
            boolean known = wanted.type() instanceof ExternType.Func f
                    && Guest.provides(wanted.module(), wanted.name(), f.type().func());
            if (!known) {
                missing.add(wanted.label());
            }
        }
        if (missing.isEmpty()) {
            findings.good(file + ": imports nothing that is not here, " + module.imports().size() + " functions");
        } else {
            findings.bad(file + ": imports what this runner does not have: " + String.join(", ", missing));
        }
    }

    private void object(String name, String title, byte[] elf) {
        try (BpfObject object = BpfObject.open(name, elf)) {
            LoadException refused = load(object);
            if (refused == null) {
                long programs = object.programs().stream().filter(program -> program.spec().autoload()).count();
                findings.good(title + ": loads here, " + programs + " programs, " + object.maps().size() + " maps");
                absent(title, object.loaded().linked());
            } else {
                findings.bad(title + ": " + refused.getMessage());
                if (refused.operation().startsWith("load program ")) {
                    alone(name, title, elf, refused.operation());
                }
            }
            if (privileged) {
                targets(title, object);
            }
        } catch (FormatException | ObjectException | CoreException | SysException e) {
            findings.bad(title + ": " + e.getMessage());
        }
    }

    /** Null if it is loaded. */
    private LoadException load(BpfObject object) {
        try {
            object.load(kernel);
            return null;
        } catch (LoadException e) {
            return e;
        }
    }

    /** The others too, since loading stops at the first that is refused. */
    private void alone(String name, String title, byte[] elf, String known) {
        List<String> names;
        try (BpfObject object = BpfObject.open(name, elf)) {
            names = object.programs().stream().filter(each -> each.spec().autoload()).map(BpfProgram::name).limit(MOST_ALONE)
                    .toList();
        }
        int good = 0;
        for (String one : names) {
            if (known.equals("load program \"" + one + "\"")) {
                continue;
            }
            try (BpfObject object = BpfObject.open(name, elf)) {
                object.programs().forEach(each -> each.autoload(each.name().equals(one)));
                LoadException refused = load(object);
                if (refused == null) {
                    good++;
                } else {
                    findings.bad(title + ": " + refused.getMessage());
                }
            }
        }
        if (good > 0) {
            findings.note(title + ": " + good + " of its " + names.size() + " programs load when the others are left out");
        }
    }

    /** Accesses that came to nothing: the program loads, so it tests for them. */
    private void absent(String title, LinkedObject linked) {
        for (LinkedObject.CoreReport report : linked.reports()) {
            for (ReloReport.Line line : report.report().lines()) {
                if (line.poisoned()) {
                    findings.note(title + ": program \"" + report.program().name() + "\" does without " + line.localText());
                }
            }
        }
    }

    private void targets(String title, BpfObject object) {
        for (BpfProgram program : object.programs()) {
            String problem = program.spec().autoload() && program.spec().autoattach() ? attaching.problem(program.spec()) : null;
            if (problem != null) {
                findings.bad(title + ": program \"" + program.name() + "\" cannot be attached: " + problem);
            }
        }
    }
}
