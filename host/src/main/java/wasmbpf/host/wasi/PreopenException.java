package wasmbpf.host.wasi;

import wasmbpf.sys.Errno;

/** A directory that was to be given to the guest cannot be opened as one. */
public final class PreopenException extends Exception {
    PreopenException(String host, int errno) {
        super("--dir " + host + ": " + Errno.name(errno));
    }
}
