package wasmbpf.host.load;

import wasmbpf.host.object.ObjectSpec;
import wasmbpf.sys.Kernel;

/** Puts objects into the kernel: libbpf {@code bpf_object_prepare} and {@code bpf_object_load}. */
public final class ObjectLoader {
    private final Kernel kernel;
    private final LoadOptions options;

    public ObjectLoader(Kernel kernel, LoadOptions options) {
        this.kernel = kernel;
        this.options = options;
    }

    /**
     * Loads.
     *
     * @return to be closed by the caller
     * @throws LoadException with nothing left in the kernel
     * @throws wasmbpf.host.object.ObjectException if it needs what this kernel does not supply
     * @throws wasmbpf.core.CoreException if a CO-RE relocation cannot be made
     */
    public LoadedObject load(ObjectSpec spec) {
        throw new UnsupportedOperationException("being written for " + kernel + options);
    }
}
