package wasmbpf.host.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import wasmbpf.host.object.ExternValues;
import wasmbpf.host.object.LinkedObject;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;

/**
 * An object in the kernel: its maps and programs, and whatever was made from them (links, buffers), closed with it and
 * before it.
 */
public final class LoadedObject implements AutoCloseable {
    private static final int FEW = 16;

    private final Kernel kernel;
    private final RunningKernel running;
    private final ObjectSpec spec;
    private final ExternValues externs;
    private final LinkedObject linked;
    private final Fd btf;
    private final List<LoadedMap> maps;
    private final List<LoadedProgram> programs;
    /** What was made from it, and whether that is open still. */
    private final Map<AutoCloseable, BooleanSupplier> dependents = new LinkedHashMap<>();
    private int lookAgainAt = FEW;
    private boolean closed;

    LoadedObject(Kernel kernel, RunningKernel running, ObjectSpec spec, ExternValues externs,
                 LinkedObject linked, Fd btf, List<LoadedMap> maps, List<LoadedProgram> programs) {
        this.kernel = kernel;
        this.running = running;
        this.spec = spec;
        this.externs = externs;
        this.linked = linked;
        this.btf = btf;
        this.maps = List.copyOf(maps);
        this.programs = List.copyOf(programs);
    }

    public Kernel kernel() {
        return kernel;
    }

    /** The kernel it was loaded into: features, BTF, version. */
    public RunningKernel runningKernel() {
        return running;
    }

    public ObjectSpec spec() {
        return spec;
    }

    /** What its externs are on this kernel. */
    public ExternValues externs() {
        return externs;
    }

    /** The code as submitted and what CO-RE did to it. */
    public LinkedObject linked() {
        return linked;
    }

    /** Those that were created, in the object's order. */
    public List<LoadedMap> maps() {
        return maps;
    }

    /** Those that were loaded, in the object's order. */
    public List<LoadedProgram> programs() {
        return programs;
    }

    /** The map of that name or, for {@code .rodata} and the like, section; null if there is none. */
    public LoadedMap map(String name) {
        MapSpec found = spec.map(name);
        return found == null ? null : map(found);
    }

    /** The map made from that specification, or null if it was not created. */
    public LoadedMap map(MapSpec mapSpec) {
        for (LoadedMap map : maps) {
            if (map.spec() == mapSpec) {
                return map;
            }
        }
        return null;
    }

    /** The program of that name, or null. */
    public LoadedProgram program(String name) {
        ProgramSpec found = spec.program(name);
        for (LoadedProgram program : programs) {
            if (program.spec() == found) {
                return program;
            }
        }
        return null;
    }

    /** As {@link #keep(AutoCloseable, BooleanSupplier)} for something that nobody else closes. */
    public <T extends AutoCloseable> T keep(T dependent) {
        return keep(dependent, () -> true);
    }

    /**
     * Has something made from this object closed when the object is, the latest first. Any thread.
     *
     * @param open whether it is open still: what its owner closed earlier is forgotten
     */
    public <T extends AutoCloseable> T keep(T dependent, BooleanSupplier open) {
        synchronized (dependents) {
            if (dependents.size() >= lookAgainAt) {
                // Now and then, so that keeping stays cheap: there are never more than twice those that are open.
                dependents.values().removeIf(each -> !each.getAsBoolean());
                lookAgainAt = Math.max(FEW, 2 * dependents.size());
            }
            dependents.put(dependent, open);
        }
        return dependent;
    }

    /** How many are kept, for tests. */
    int kept() {
        synchronized (dependents) {
            return dependents.size();
        }
    }

    /** Forgets what {@link #keep} was told: the caller closes it. */
    public void forget(AutoCloseable dependent) {
        synchronized (dependents) {
            dependents.remove(dependent);
        }
    }

    /** Links and buffers, then programs, then maps. Goes on past errors; the first is thrown at the end. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Closing closing = new Closing();
        List<AutoCloseable> latestFirst;
        synchronized (dependents) {
            latestFirst = new ArrayList<>(dependents.keySet()).reversed();
            dependents.clear();
        }
        for (AutoCloseable dependent : latestFirst) {
            closing.close(dependent);
        }
        for (LoadedProgram program : programs) {
            closing.close(program::close);
        }
        for (LoadedMap map : maps) {
            closing.close(map::close);
        }
        if (btf != null) {
            closing.close(btf);
        }
        closing.rethrow();
    }
}
