package wasmbpf.btf;

/**
 * The part of a name that CO-RE compares: what stands before the last {@code ___} with no underscore on either side.
 * {@code task_struct___old} is a flavour of {@code task_struct}; {@code a____b} and {@code a___} are names of their own.
 * libbpf {@code bpf_core_essential_name_len}.
 */
public final class EssentialName {
    private static final int MAX_HASHED_BYTES = 512;

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

    /**
     * A hash of the essential part of the name that starts at {@code from} and ends at a NUL or at {@code limit}. One
     * pass, as a kernel has 100,000 names to index before its first program is loaded; the hash where the last
     * {@code ___} began is kept in passing. Names beyond 512 bytes, which no kernel has, all share one hash.
     */
    static int hash(byte[] name, int from, int limit) {
        int end = Math.min(limit, from + MAX_HASHED_BYTES);
        int hash = 0;
        int beforeUnderscores = 0;
        int essential = 0;
        int underscores = 0;
        boolean flavoured = false;
        int i = from;
        for (; i < end; i++) {
            int c = name[i];
            if (c == 0) {
                break;
            }
            if (c == '_') {
                if (underscores++ == 0) {
                    beforeUnderscores = hash;
                }
            } else {
                if (underscores == 3 && i - 3 > from) {
                    essential = beforeUnderscores;
                    flavoured = true;
                }
                underscores = 0;
            }
            hash = hash * 31 + c;
        }
        return i == from + MAX_HASHED_BYTES ? 0 : spread(flavoured ? essential : hash);
    }

    /** The hash of every name whose essential part is {@code essentialName}. */
    static int hashWhole(byte[] essentialName) {
        int hash = 0;
        for (byte c : essentialName) {
            hash = hash * 31 + c;
        }
        return essentialName.length >= MAX_HASHED_BYTES ? 0 : spread(hash);
    }

    /** Names differ in their last characters, buckets in the low bits. */
    private static int spread(int hash) {
        return hash ^ hash >>> 15;
    }
}
