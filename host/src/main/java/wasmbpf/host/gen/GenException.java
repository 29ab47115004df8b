package wasmbpf.host.gen;

/** BTF or an object that no source code can be made from; the message names the type or section and why. */
public final class GenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public GenException(String message) {
        super(message);
    }
}
