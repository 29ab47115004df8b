package wasmbpf.host.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.sys.LinuxKernel;

/** What wasi-libc's isatty says: a character device that lacks the rights to seek and tell. */
class StandardStreamTest {
    private final Kernel kernel = LinuxKernel.open();
    private final FileCalls files = new FileCalls(kernel);

    @TempDir
    Path dir;

    private static boolean lineBuffered(Descriptor d) {
        return d.fileType() == FileType.CHARACTER_DEVICE && !d.has(Rights.FD_SEEK) && !d.has(Rights.FD_TELL);
    }

    private Descriptor of(int fd, boolean block) {
        return StandardStream.of(files, new Scratch(), fd, block);
    }

    @Test
    void pipesAndSocketsAreLineBufferedUnlessAskedOtherwise() {
        int socket = kernel.socket(Linux.AF_UNIX, Linux.SOCK_STREAM, 0);
        try (Pipe pipe = Pipe.open()) {
            assertEquals(true, lineBuffered(of(pipe.writeEnd(), false)));
            assertEquals(false, lineBuffered(of(pipe.writeEnd(), true)));
            assertEquals(true, lineBuffered(of(socket, false)));
            assertEquals(false, lineBuffered(of(socket, true)));
            assertEquals(FileType.SOCKET_STREAM, of(socket, true).fileType());
        } finally {
            kernel.close(socket);
        }
    }

    @Test
    void aTerminalIsATerminalEitherWay() {
        int terminal = kernel.open("/dev/ptmx", Linux.O_RDWR, 0);
        org.junit.jupiter.api.Assumptions.assumeTrue(terminal >= 0, "no /dev/ptmx here");
        try {
            assertEquals(true, lineBuffered(of(terminal, false)));
            assertEquals(true, lineBuffered(of(terminal, true)));
        } finally {
            kernel.close(terminal);
        }
    }

    @Test
    void aFileIsAFileThatCanSeek() throws Exception {
        Path file = Files.writeString(dir.resolve("out"), "x");
        int fd = kernel.open(file.toString(), Linux.O_RDWR, 0);
        try {
            Descriptor d = of(fd, false);
            assertEquals(FileType.REGULAR_FILE, d.fileType());
            assertEquals(true, d.has(Rights.FD_SEEK) && d.has(Rights.FD_TELL));
        } finally {
            kernel.close(fd);
        }
    }

    @Test
    void theNullDeviceNeedsNoLines() {
        int fd = kernel.open("/dev/null", Linux.O_RDWR, 0);
        try {
            assertNotNull(of(fd, false));
            assertEquals(false, lineBuffered(of(fd, false)));
        } finally {
            kernel.close(fd);
        }
    }

    @Test
    void aClosedDescriptorIsNoStream() {
        assertNull(of(1_000_000, false));
    }
}
