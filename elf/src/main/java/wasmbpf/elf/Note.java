package wasmbpf.elf;

/**
 * One note of a SHT_NOTE section.
 *
 * @param owner  its name field without the NUL: "GNU", "stapsdt"
 * @param type   meaning depends on the owner
 * @param desc   a reader over the description bytes
 * @param offset of the note within the section
 */
public record Note(String owner, int type, ByteReader desc, long offset) {
}
