package wasmbpf.elf;

/** Where a file's bytes come from: all in memory, or a file of which only the needed parts are read. */
public interface ByteSource {
    /** Length in bytes when the source was opened. */
    long size();

    /**
     * A fresh array of {@code length} bytes from {@code offset}, both within {@link #size()}.
     *
     * @throws java.io.UncheckedIOException if the file cannot be read, or has become shorter
     */
    byte[] read(long offset, int length);
}
