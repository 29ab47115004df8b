/** ELF64 files of either byte order through one bounded reader. Knows nobody. */
package wasmbpf.elf;
