package wasmbpf.host.guest;

/** What a check saw is not what should be. */
final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1;

    Wrong(String message) {
        super(message);
    }

    static void unlessEqual(Object expected, Object seen, String what) {
        if (!expected.equals(seen)) {
            throw new Wrong(what + ": " + seen + " instead of " + expected);
        }
    }

    static void unless(boolean holds, String message) {
        if (!holds) {
            throw new Wrong(message);
        }
    }
}
