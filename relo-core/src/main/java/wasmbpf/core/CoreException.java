package wasmbpf.core;

/**
 * A CO-RE relocation that cannot be made, or BPF code that is not code. The message names program, instruction and
 * relocation, and what to do about it. The one exception of this module: a {@code FormatException} of the BTF that is
 * met on the way becomes its cause.
 */
public final class CoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CoreException(String message) {
        super(message);
    }

    public CoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
