package wasmbpf.host.gen;

import wasmbpf.btf.Btf;

/**
 * How much one document may become. A struct without a name is written wherever it is held, so forty of them, each holding
 * the one before twice, are a file of 1,500 bytes and a header without end.
 */
final class Budget {
    /** In characters. The definitions of a 6.18 kernel come to 2.5 million. */
    private static final long MOST_TEXT = 1L << 27;

    private final Btf btf;
    private final long mostMembers;
    private long members;
    private long text;

    Budget(Btf btf) {
        this.btf = btf;
        this.mostMembers = mostMembers(btf);
    }

    /** Members and shapes of one document: a 6.18 kernel needs 1.1 a type. */
    private static long mostMembers(Btf btf) {
        return 1_000_000 + 32L * btf.typeCount();
    }

    /**
     * Counts one member, or one type on the way to what a member is.
     *
     * @throws GenException if they are too many
     */
    void member(int typeId) {
        if (++members > mostMembers) {
            throw new GenException(what(typeId) + ": the types hold each other in so many ways that more than " + mostMembers
                    + " members would be printed");
        }
    }

    /**
     * Counts characters that were made.
     *
     * @throws GenException if they are too many
     */
    void text(int typeId, long characters) {
        text += characters;
        if (text > MOST_TEXT) {
            throw new GenException(what(typeId) + ": the text would be longer than " + MOST_TEXT + " characters");
        }
    }

    private String what(int typeId) {
        return "type " + typeId + (btf.name(typeId).isEmpty() ? "" : " \"" + btf.name(typeId) + "\"");
    }
}
