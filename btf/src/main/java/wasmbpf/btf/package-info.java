/** BTF types, .BTF.ext records and the C layout they imply. Knows {@code wasmbpf.elf} only. */
package wasmbpf.btf;
