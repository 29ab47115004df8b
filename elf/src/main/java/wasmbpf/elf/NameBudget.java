package wasmbpf.elf;

/**
 * Bounds what the names of one table may take in memory: names in a string table may overlap, so that a file of a
 * megabyte can ask for gigabytes of them.
 */
final class NameBudget {
    private static final long MAX_CHARS = 32L << 20;

    private final ByteReader table;
    private long chars;

    NameBudget(ByteReader table) {
        this.table = table;
    }

    String spend(String name) {
        chars += name.length();
        if (chars > MAX_CHARS) {
            throw table.error("its names take more than " + MAX_CHARS + " characters");
        }
        return name;
    }
}
