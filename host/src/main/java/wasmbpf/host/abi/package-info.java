/**
 * The {@code wasm_bpf} host functions: what a guest sees of the loader. Guests see numbers only (handles, descriptors,
 * {@code -errno}); the loader below throws, and {@link wasmbpf.host.abi.HostCall} is the one place where that becomes a
 * number. Knows {@code .wasi} for descriptors and waiting, and the loader's façade {@link wasmbpf.host.BpfObject}.
 */
package wasmbpf.host.abi;
