package wasmbpf.host.abi;

/** The module is no program: it has no {@code _start}. */
public final class NoEntryPointException extends Exception {
    private static final long serialVersionUID = 1;

    NoEntryPointException(String module) {
        super(module + ": exports no function _start () -> (): not a program");
    }
}
