/**
 * Specifications become kernel objects: libbpf's {@code bpf_object_prepare} and {@code bpf_object_load}.
 *
 * <p>Everything goes through {@link wasmbpf.sys.Kernel}; what depends on the running kernel (its BTF, features,
 * version, configuration) is asked for here, when an object needs it. Knows {@code .object}, {@code wasmbpf.btf},
 * {@code wasmbpf.core} and {@code wasmbpf.sys}; known by {@code .attach}, {@code .abi} and the façade
 * {@link wasmbpf.host.BpfObject}.
 */
package wasmbpf.host.load;
