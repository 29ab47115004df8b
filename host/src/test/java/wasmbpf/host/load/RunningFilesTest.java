package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunningFilesTest {
    private final KernelFiles files = new RunningFiles();

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, 16384, 100_000})
    void filesOfEverySizeAreReadWhole(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Path file = Files.write(dir.resolve("file"), bytes);
        assertArrayEquals(bytes, files.read(file.toString()));
    }

    @Test
    void soAreFilesThatSayTheyAreEmpty() throws IOException {
        String large = new String(files.read("/proc/self/maps"), StandardCharsets.UTF_8);
        assertTrue(large.length() > 8192, "a file of " + large.length() + " bytes tries nothing");
        assertTrue(large.endsWith("\n"), large);
        assertArrayEquals(Files.readAllBytes(Path.of("/proc/version")), files.read("/proc/version"));
    }

    @Test
    void theTypesOfTheKernelAreThoseTheJdkReads() throws IOException {
        Path types = Path.of("/sys/kernel/btf/vmlinux");
        Assumptions.assumeTrue(Files.isReadable(types), "this kernel has no BTF in " + types);
        assertArrayEquals(Files.readAllBytes(types), files.read(types.toString()));
    }

    @Test
    void whatIsNotThereIsNullAndWhatCannotBeReadIsTold() {
        assertNull(files.read(dir + "/none"));
        UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> files.read(dir.toString()));
        assertTrue(refused.getCause() instanceof FileSystemException
                || refused.getCause().getMessage().contains("directory"), "" + refused.getCause());
        assertNull(files.readIfReadable(dir.toString()));
    }
}
