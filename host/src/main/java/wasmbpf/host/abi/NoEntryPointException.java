package wasmbpf.host.abi;

/** The module is no program: it has neither {@code _start} nor {@code _initialize}. */
public final class NoEntryPointException extends Exception {
    private static final long serialVersionUID = 1;

    NoEntryPointException(String module) {
        super(module + ": exports no function _start () -> () and no _initialize: not a program");
    }
}
