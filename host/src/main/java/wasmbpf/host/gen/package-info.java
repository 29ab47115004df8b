/**
 * Source code made from BPF objects and BTF: C structs with the kernel-side layout for Wasm guests, skeletons, WIT.
 * Models are built once ({@link wasmbpf.host.gen.StructLayout}, {@link wasmbpf.host.gen.SkeletonModel}); printers only
 * print. Knows {@code object}, {@code btf} and {@code elf}; the command line knows it.
 */
package wasmbpf.host.gen;
