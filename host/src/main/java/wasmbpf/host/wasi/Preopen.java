package wasmbpf.host.wasi;

/**
 * A host directory the guest may use.
 *
 * @param host the directory's path on this machine
 * @param guest the path the guest knows it by
 * @param readOnly whether everything beneath it can only be read
 */
public record Preopen(String host, String guest, boolean readOnly) {}
