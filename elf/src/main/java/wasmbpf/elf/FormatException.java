package wasmbpf.elf;

/**
 * Bytes that are not what their format says: the one exception that reading ELF or BTF may end in. The message names
 * the file, the part, the field, the offset and the value, and what would have been right.
 */
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
