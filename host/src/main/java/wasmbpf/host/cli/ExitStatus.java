package wasmbpf.host.cli;

/** The statuses this program ends with beside the guest's own, as docker, timeout(1) and shells have them. */
final class ExitStatus {
    static final int USAGE = 2;
    /** {@code --timeout} ran out. */
    static final int TIMEOUT = 124;
    /** We could not do our part: privilege, a directory that cannot be opened, our own fault. */
    static final int OURS = 125;
    /** The module is there but cannot run: bad Wasm, an import nobody has. */
    static final int NOT_RUNNABLE = 126;
    static final int NOT_FOUND = 127;
    /** The guest trapped: 128 + SIGABRT. */
    static final int TRAP = 134;

    private ExitStatus() {}
}
