package wasmbpf.btf;

/**
 * The part of a name that CO-RE compares: what stands before the last {@code ___} with no underscore on either side.
 * {@code task_struct___old} is a flavour of {@code task_struct}; {@code a____b} and {@code a___} are names of their own.
 * libbpf {@code bpf_core_essential_name_len}.
 */
public final class EssentialName {
    private EssentialName() {
    }

    public static String of(String name) {
        for (int i = name.length() - 5; i >= 0; i--) {
            if (name.charAt(i) != '_' && name.charAt(i + 1) == '_' && name.charAt(i + 2) == '_'
                    && name.charAt(i + 3) == '_' && name.charAt(i + 4) != '_') {
                return name.substring(0, i + 1);
            }
        }
        return name;
    }

    /** The same over bytes: the length of the essential part of {@code name[from .. to)}. */
    static int length(byte[] name, int from, int to) {
        for (int i = to - 5; i >= from; i--) {
            // Nearly all names fail at the first test, so it comes first.
            if (name[i + 2] == '_' && name[i + 1] == '_' && name[i + 3] == '_' && name[i] != '_'
                    && name[i + 4] != '_') {
                return i + 1 - from;
            }
        }
        return to - from;
    }

    static int hash(byte[] name, int from, int length) {
        int h = 0;
        for (int i = from, end = from + length; i < end; i++) {
            h = h * 31 + name[i];
        }
        // Spread: names differ in their last characters, buckets in the low bits.
        return h ^ h >>> 15;
    }
}
