package wasmbpf.host;

import wasmbpf.host.attach.AttachException;
import wasmbpf.host.attach.Link;
import wasmbpf.host.load.LoadedProgram;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.sys.Errno;

/** A program of a {@link BpfObject}. */
public final class BpfProgram {
    private final BpfObject object;
    private final ProgramSpec spec;

    BpfProgram(BpfObject object, ProgramSpec spec) {
        this.object = object;
        this.spec = spec;
    }

    public String name() {
        return spec.name();
    }

    /** What the file says, changeable until the object is loaded. */
    public ProgramSpec spec() {
        return spec;
    }

    /** Whether loading the object loads it. */
    public BpfProgram autoload(boolean value) {
        spec.autoload(value);
        return this;
    }

    /** Makes it outlive this process at a path of bpffs. */
    public BpfProgram pin(String path) {
        Pins.pin(object.loaded().kernel(), loaded().toString(), fd(), path);
        return this;
    }

    /** Takes its name in bpffs away. @return whether it was there */
    public boolean unpin(String path) {
        return Pins.unpin(object.loaded().kernel(), path);
    }

    /**
     * Runs it once: BPF_PROG_TEST_RUN.
     *
     * @param packet  what types with packets are given, or empty
     * @param context what its argument points at, or empty
     * @throws wasmbpf.sys.SysException EOPNOTSUPP or EINVAL for types the kernel does not run so
     */
    public TestRun run(byte[] packet, byte[] context) {
        return TestRun.of(object.loaded().kernel(), loaded(), packet, context);
    }

    /** The program in the kernel. @throws IllegalStateException if it was not loaded */
    public LoadedProgram loaded() {
        LoadedProgram found = object.loaded().program(name());
        if (found == null) {
            throw new IllegalStateException("program \"" + name() + "\" was not loaded: its autoload is off");
        }
        return found;
    }

    /** Its descriptor. */
    public int fd() {
        return loaded().fd();
    }

    /**
     * Attaches it where its section says.
     *
     * @throws AttachException EOPNOTSUPP if the section does not say where
     */
    public Link attach() {
        return object.attacher().attach(loaded());
    }

    /**
     * Attaches it to a target, read by the type of the program: interface (xdp, tc, tcx, netkit), cgroup path (every
     * cgroup type), {@code path:symbol[+offset]} (uprobe), function (kprobe, fentry), {@code category/name}
     * (tracepoint), network namespace path (sk_lookup, flow_dissector), pid or -1 (perf_event), bpffs path or map
     * (iter, sockmap). Null or empty: {@link #attach()}.
     *
     * @throws AttachException {@link Errno#EINVAL} if the target makes no sense for it
     */
    public Link attach(String target) {
        return object.attacher().attach(loaded(), target);
    }

    @Override
    public String toString() {
        return spec.toString();
    }
}
