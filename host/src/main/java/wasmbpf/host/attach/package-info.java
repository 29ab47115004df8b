/**
 * Loaded programs meet what they watch: libbpf's {@code bpf_program__attach*}. A {@link wasmbpf.host.attach.Attacher}
 * chooses by the program's section or by a target given as text; a {@link wasmbpf.host.attach.Link} is what undoes it.
 * Knows {@code .load}, {@code .object}, {@code wasmbpf.elf} and {@code wasmbpf.sys}.
 */
package wasmbpf.host.attach;
