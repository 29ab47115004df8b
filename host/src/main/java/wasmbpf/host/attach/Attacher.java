package wasmbpf.host.attach;

import java.util.List;

import wasmbpf.host.load.LoadedObject;
import wasmbpf.host.load.LoadedProgram;

/**
 * Attaches the programs of one loaded object. Every link is closed with the object, if it was not before. An attempt that
 * fails leaves nothing behind.
 */
public final class Attacher {
    private final LoadedObject object;

    public Attacher(LoadedObject object) {
        this.object = object;
    }

    /** Attaches every program whose section says where: libbpf {@code bpf_object__attach_skeleton}. */
    public List<Link> attachAll() {
        throw new UnsupportedOperationException("being written");
    }

    /** Attaches where its section says: libbpf {@code bpf_program__attach}. @throws AttachException EOPNOTSUPP if it does not */
    public Link attach(LoadedProgram program) {
        throw new UnsupportedOperationException("being written " + object);
    }

    /** Attaches to a target, read by the program's type; null or empty: {@link #attach(LoadedProgram)}. */
    public Link attach(LoadedProgram program, String target) {
        throw new UnsupportedOperationException("being written");
    }

    /**
     * Attaches a program of any cgroup type to the cgroup of an open directory.
     *
     * @param cgroupFd stays the caller's; may be closed at once after
     */
    public Link attachCgroup(LoadedProgram program, int cgroupFd) {
        throw new UnsupportedOperationException("being written");
    }
}
