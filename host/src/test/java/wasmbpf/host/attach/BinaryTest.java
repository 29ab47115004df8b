package wasmbpf.host.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wasmbpf.sys.Errno;

/** What is said of a program or library that cannot be probed because it cannot be read. */
class BinaryTest {
    private static void refused(int errno, String words, String path) {
        AttachException e = assertThrows(AttachException.class, () -> Binary.open("attach \"p\"", path).close());
        assertEquals("attach \"p\": " + Errno.name(errno) + " (" + Errno.text(errno) + "); " + words, e.getMessage());
        assertEquals(errno, e.errno());
    }

    @Test
    void theReasonIsInWords(@TempDir Path dir) throws Exception {
        refused(Errno.EISDIR, dir + ": is a directory; name a file", dir.toString());
        refused(Errno.EISDIR, dir + ": is a directory; name a file", dir + "!/libc.so");
        refused(Errno.ENOENT, dir + "/none: there is no such file", dir + "/none");
        Path text = Files.writeString(dir.resolve("text"), "text");
        refused(Errno.ENOTDIR, text + "/lib.so: what stands above it is a file, not a directory", text + "/lib.so");
    }
}
