package wasmbpf.host.object;

/**
 * Makes whole programs of an object's functions for one kernel: libbpf {@code bpf_object__relocate}.
 *
 * <p>In libbpf's order: {@link ExternResolver#resolve}, then whatever the loader does to struct_ops maps (it may change
 * what is loaded), then {@link #link}, then BPF_BTF_LOAD, maps, programs.
 */
public final class ProgramLinker {
    private ProgramLinker() {
    }

    /**
     * Links every entry program that is to be loaded. The spec's own instructions stay as they are.
     *
     * @param externs of {@link ExternResolver#resolve} for the same kernel
     * @throws ObjectException if a reference cannot be resolved
     */
    public static LinkedObject link(ObjectSpec spec, ExternValues externs, KernelFacts facts) {
        throw new UnsupportedOperationException("being written");
    }
}
