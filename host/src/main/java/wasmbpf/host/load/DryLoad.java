package wasmbpf.host.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.host.object.ExternValues;
import wasmbpf.host.object.LinkedObject;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.StructField;

/**
 * Loads objects into nothing: what would be submitted to a kernel of which only files are known (types, configuration,
 * symbols, release). No privilege, and no bpf(2), is needed. One of these serves any number of objects; not thread safe.
 */
public final class DryLoad {
    /**
     * One call of bpf(2).
     *
     * @param fields the fields that were set: numbers as Long, texts as String, what pointers point at as byte[] or
     *               {@link Omitted}
     * @param result a made-up descriptor, 0, or {@code -errno}
     */
    public record Call(BpfCommand command, Map<StructField, Object> fields, long result) {
        public long number(StructField field) {
            return fields.get(field) instanceof Long number ? number : 0;
        }

        /** Empty if it was not set. */
        public String text(StructField field) {
            return fields.get(field) instanceof String text ? text : "";
        }

        /** Empty if it was not set. */
        public byte[] bytes(StructField field) {
            return fields.get(field) instanceof byte[] bytes ? bytes : new byte[0];
        }
    }

    /** What stands for a value of a map that is too large to be kept. */
    public record Omitted(long bytes) {
    }

    /**
     * What came of one object.
     *
     * @param externs  what its externs are on that kernel; null if it did not come so far
     * @param linked   the code, with descriptors left zero; null if it did not come so far
     * @param calls    every call, feature probes too, in order
     * @param refused  programs that this side refuses: no type, no such target; the others were gone on with
     * @param failure  why the object as a whole cannot be loaded, or null
     */
    public record Result(ObjectSpec spec, ExternValues externs, LinkedObject linked, List<Call> calls,
                         Map<ProgramSpec, LoadException> refused, RuntimeException failure) {
    }

    private final DryKernel kernel = new DryKernel();
    private final RunningKernel running;
    private final LoadOptions options;

    /** @param files of the kernel: {@code /sys/kernel/btf/vmlinux}, {@code /proc/config.gz} and the like */
    public DryLoad(KernelFiles files, LoadOptions options) {
        this.running = new RunningKernel(kernel, files);
        this.options = options;
    }

    /** What is known of the kernel. */
    public RunningKernel kernel() {
        return running;
    }

    /** Never fails for what an object holds: that is {@link Result#failure}. */
    public Result load(ObjectSpec spec) {
        kernel.takeCalls();
        Map<ProgramSpec, LoadException> refused = new LinkedHashMap<>();
        try (LoadedObject loaded = new ObjectLoader(kernel, running, options).load(spec, refused::put)) {
            return new Result(spec, loaded.externs(), loaded.linked(), kernel.takeCalls(), refused, null);
        } catch (RuntimeException e) {
            return new Result(spec, null, null, kernel.takeCalls(), refused, e);
        }
    }
}
