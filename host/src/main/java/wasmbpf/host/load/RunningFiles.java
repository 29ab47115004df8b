package wasmbpf.host.load;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The running kernel's files. They give a page at a read, and of many sizes are wrong: read so, the types of a kernel take 20 ms;
 * by {@link Files#readAllBytes}, 35.
 */
final class RunningFiles implements KernelFiles {
    /** What FileInputStream reads without asking for memory. */
    private static final int CHUNK = 8192;

    @Override
    public byte[] read(String path) {
        try (FileInputStream in = new FileInputStream(path)) {
            byte[] bytes = new byte[capacity(path, Math.max(new File(path).length(), CHUNK))];
            int length = 0;
            while (true) {
                if (length == bytes.length) {
                    // Most are as long as they say, and their array is not to be copied to see that.
                    int next = in.read();
                    if (next < 0) {
                        return bytes;
                    }
                    bytes = Arrays.copyOf(bytes, capacity(path, length + (long) Math.max(length >> 1, CHUNK)));
                    bytes[length++] = (byte) next;
                }
                int read = in.read(bytes, length, Math.min(CHUNK, bytes.length - length));
                if (read < 0) {
                    return Arrays.copyOf(bytes, length);
                }
                length += read;
            }
        } catch (FileNotFoundException e) {
            return whyNot(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int capacity(String path, long bytes) {
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new OutOfMemoryError(path + " has 2 GiB or more");
        }
        return (int) bytes;
    }

    /** As the other, but its exceptions tell what is not there from what is not to be read. */
    private static byte[] whyNot(String path) {
        try {
            return Files.readAllBytes(Path.of(path));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
