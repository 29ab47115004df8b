package wasmbpf.btf;

/** What pointer size a BTF implies: BTF does not say, but a {@code long} has it (libbpf determine_ptr_size). */
final class PointerSize {
    private static final int DEFAULT = 8;
    private static final String[] LONG_ALIASES = {"long", "long int", "int long", "unsigned long",
            "long unsigned", "unsigned long int", "unsigned int long", "long unsigned int", "long int unsigned",
            "int unsigned long", "int long unsigned"};

    private PointerSize() {
    }

    static int guess(Btf btf) {
        byte[][] aliases = null;
        int stringsEnd = btf.startString() + btf.stringBytes();
        for (int id = btf.startId(); id < btf.typeCount(); id++) {
            if (btf.kind(id) != BtfKind.INT) {
                continue;
            }
            int size = btf.sizeOrType(id);
            int name = btf.nameOffset(id);
            if ((size == 4 || size == 8) && name > 0 && name < stringsEnd) {
                aliases = aliases == null ? encode() : aliases;
                for (byte[] alias : aliases) {
                    if (btf.stringEquals(name, alias)) {
                        return size;
                    }
                }
            }
        }
        return DEFAULT;
    }

    private static byte[][] encode() {
        byte[][] encoded = new byte[LONG_ALIASES.length][];
        for (int i = 0; i < encoded.length; i++) {
            encoded[i] = Btf.encodeName(LONG_ALIASES[i]);
        }
        return encoded;
    }
}
