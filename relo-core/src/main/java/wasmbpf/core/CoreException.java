package wasmbpf.core;

/**
 * A CO-RE relocation that cannot be made, or BPF code that is not code: the one exception of this module besides the
 * {@link wasmbpf.elf.FormatException} of the BTF it reads. The message names program, instruction and relocation, and what to do about it.
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
