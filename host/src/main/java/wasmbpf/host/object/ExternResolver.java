package wasmbpf.host.object;

/** Finds what a kernel supplies for the externs of an object: libbpf {@code bpf_object__resolve_externs}. */
public final class ExternResolver {
    private ExternResolver() {
    }

    /**
     * Resolves every extern, and fills the image of the {@code .kconfig} map.
     *
     * @throws ObjectException if a strong extern is missing, or a value or type does not fit
     */
    public static ExternValues resolve(ObjectSpec spec, KernelFacts facts) {
        throw new UnsupportedOperationException("being written");
    }
}
