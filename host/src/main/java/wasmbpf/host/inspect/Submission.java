package wasmbpf.host.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.core.CoreException;
import wasmbpf.elf.FormatException;
import wasmbpf.host.load.DryLoad;
import wasmbpf.host.load.LoadException;
import wasmbpf.host.object.Extern;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectException;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.host.object.ReadOptions;
import wasmbpf.sys.Errno;
import wasmbpf.sys.SysException;

/**
 * What would be submitted for one object, in the words of libbpf's own view of its objects: {@code maps}, {@code externs},
 * {@code programs} (each with {@code load}), {@code trace} (the calls in order), {@code result}.
 */
public final class Submission {
    private final Map<String, Object> rows = new LinkedHashMap<>();
    private String error;

    private Submission() {
    }

    /**
     * Reads and loads dry; whatever is wrong with the object becomes part of the answer.
     *
     * @param file    its name
     * @param options of reading
     * @param pins    where maps pinned by name go
     */
    public static Submission of(String file, byte[] elf, ReadOptions options, DryLoad dry, String pins) {
        Submission made = new Submission();
        made.rows.put("object", file);
        made.rows.put("size", elf.length);
        made.rows.put("sha256", ObjectRows.sha256(elf));
        made.rows.put("run", run(dry));
        ObjectSpec spec;
        try {
            spec = ObjectReader.read(file, elf, options);
        } catch (FormatException | ObjectException | CoreException e) {
            return made.failed("open", e, e.getMessage());
        }
        return made.fill(spec, dry, pins);
    }

    private static Map<String, Object> run(DryLoad dry) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("mode", "offline");
        run.put("cpus", dry.kernel().cpus().possible());
        run.put("page_size", dry.kernel().pageSize());
        run.put("features", "all");
        run.put("release", dry.kernel().release());
        return run;
    }

    private Submission fill(ObjectSpec spec, DryLoad dry, String pins) {
        DryLoad.Result result = dry.load(spec);
        SubmittedRows submitted = new SubmittedRows(result);
        rows.put("license", spec.license());
        rows.put("kern_version", spec.kernelVersion() != 0 ? spec.kernelVersion() : dry.kernel().version());
        List<Object> maps = new ArrayList<>();
        for (MapSpec map : spec.maps()) {
            maps.add(ObjectRows.map(map, dry.kernel().pageSize(), pins));
        }
        rows.put("maps", maps);
        List<Object> externs = new ArrayList<>();
        for (Extern extern : spec.externs()) {
            Map<String, Object> row = ObjectRows.extern(extern);
            submitted.addTo(row, extern);
            externs.add(row);
        }
        rows.put("externs", externs);
        List<Object> programs = new ArrayList<>();
        for (ProgramSpec program : spec.programs()) {
            Map<String, Object> row = ObjectRows.program(program);
            submitted.addTo(row, program);
            programs.add(row);
        }
        rows.put("programs", programs);
        rows.put("trace", CallRows.of(result));
        rows.put("log", result.externs() == null ? List.of() : result.externs().warnings());
        if (result.failure() != null) {
            return failed(result.failure() instanceof LoadException ? "load" : "relocate", result.failure(),
                    message(result.failure()));
        }
        if (!result.refused().isEmpty()) {
            Map.Entry<ProgramSpec, LoadException> first = result.refused().entrySet().iterator().next();
            failed("prog_load", first.getValue(), first.getValue().getMessage());
            result(rows).put("failed_prog", first.getKey().name());
            return this;
        }
        Map<String, Object> good = new LinkedHashMap<>();
        good.put("ok", true);
        rows.put("result", good);
        return this;
    }

    private static String message(RuntimeException e) {
        return switch (e) {
            case LoadException _, ObjectException _, CoreException _, FormatException _, SysException _ -> e.getMessage();
            // Our own fault, which one object of many must not hide the others by.
            default -> "internal error: " + e;
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> result(Map<String, Object> rows) {
        return (Map<String, Object>) rows.get("result");
    }

    private Submission failed(String stage, RuntimeException e, String message) {
        Map<String, Object> bad = new LinkedHashMap<>();
        bad.put("ok", false);
        bad.put("stage", stage);
        if (e instanceof LoadException load) {
            bad.put("err", -load.errno());
            bad.put("errname", "-" + Errno.name(load.errno()));
        }
        bad.put("error", message);
        rows.put("result", bad);
        error = message;
        return this;
    }

    /** The whole as rows for {@link Json}. */
    public Map<String, Object> rows() {
        return rows;
    }

    /** Why it cannot be loaded, or null. */
    public String error() {
        return error;
    }
}
