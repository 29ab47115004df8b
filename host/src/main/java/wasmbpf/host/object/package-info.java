/**
 * BPF object files as specifications: bytes in, {@link wasmbpf.host.object.ObjectSpec} out, the same on every machine.
 *
 * <p>Nothing here touches a kernel. {@link wasmbpf.host.object.ObjectReader} mirrors what libbpf does in
 * {@code bpf_object_open}; {@link wasmbpf.host.object.ProgramLinker} mirrors the parts of
 * {@code bpf_object_prepare} that only compute: extern resolution, CO-RE, appending subprograms, and the references
 * to maps that the loader fills with descriptors. What these need to know about a kernel comes in through
 * {@link wasmbpf.host.object.KernelFacts}, so that a test can answer from files.
 *
 * <p>Knows {@code wasmbpf.elf}, {@code wasmbpf.btf}, {@code wasmbpf.core} and the enums of {@code wasmbpf.sys};
 * known by {@code wasmbpf.host.load}, {@code .attach}, {@code .abi} and {@code .gen}.
 */
package wasmbpf.host.object;
