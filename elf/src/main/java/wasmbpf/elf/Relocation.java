package wasmbpf.elf;

/**
 * One entry of a SHT_REL or SHT_RELA section.
 *
 * @param offset      place to patch: offset in the section that the relocation section's {@code info} names
 * @param symbolIndex into the symbol table that its {@code link} names
 * @param type        the machine's relocation number
 * @param addend      0 for SHT_REL, which keeps it in the patched place
 */
public record Relocation(long offset, int symbolIndex, int type, long addend) {
}
