package wasmbpf.host.load;

import wasmbpf.host.object.ProgramSpec;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Fd;

/** A program the verifier accepted. Belongs to its {@link LoadedObject}, which closes it. */
public final class LoadedProgram {
    private final ProgramSpec spec;
    private final Fd fd;
    private final int type;
    private final int expectedAttachType;
    private final int attachBtfId;

    LoadedProgram(ProgramSpec spec, Fd fd, int type, int expectedAttachType, int attachBtfId) {
        this.spec = spec;
        this.fd = fd;
        this.type = type;
        this.expectedAttachType = expectedAttachType;
        this.attachBtfId = attachBtfId;
    }

    /** What it was made from. */
    public ProgramSpec spec() {
        return spec;
    }

    public String name() {
        return spec.name();
    }

    /** Its descriptor; stays this program's. @throws IllegalStateException once the object is closed */
    public int fd() {
        return fd.number();
    }

    /** {@code enum bpf_prog_type}. */
    public int type() {
        return type;
    }

    public boolean is(BpfProgType kind) {
        return type == kind.number();
    }

    /** {@code enum bpf_attach_type} as loaded. */
    public int expectedAttachType() {
        return expectedAttachType;
    }

    /** BTF id of what it attaches to, or 0. */
    public int attachBtfId() {
        return attachBtfId;
    }

    void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return "program \"" + name() + "\"";
    }
}
