/** Bounded reading of ELF64 files of either byte order. Knows nobody. */
module wasmbpf.elf {
    exports wasmbpf.elf;
}
