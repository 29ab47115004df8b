package wasmbpf.wasm;

/** An unboxed scalar of the GC proposal; a class of its own, as the host may pass an Integer for an anyref. */
public final class I31 {
    private static final I31[] SMALL = new I31[256];

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = new I31(i);
        }
    }

    private final int value;

    private I31(int value) {
        this.value = value;
    }

    /** The low 31 bits of a number. */
    public static I31 of(int value) {
        return value >= 0 && value < SMALL.length ? SMALL[value] : new I31(value << 1 >> 1);
    }

    /** Sign-extended. */
    public int value() {
        return value;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof I31 other && value == other.value;
    }

    @Override
    public int hashCode() {
        return value;
    }

    @Override
    public String toString() {
        return "i31 " + value;
    }
}
