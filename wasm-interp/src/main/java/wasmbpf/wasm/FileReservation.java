package wasmbpf.wasm;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The built-in reservation: a mapping of a sparse file that has no name any more. Pages cost nothing until they are
 * touched, and unlike {@code Arena.allocate} nothing is zeroed up front.
 */
final class FileReservation implements MemoryReservation {
    /** A class, as a method reference would set up the machinery of lambdas at every start. */
    static final Provider PROVIDER = new Provider() {
        @Override
        public MemoryReservation reserve(long bytes) {
            return FileReservation.reserve(bytes);
        }
    };

    /** Where Linux has a tmpfs. */
    private static final String MEMORY_FILES = "/dev/shm";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Arena arena;
    private final MemorySegment segment;

    private FileReservation(Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
    }

    private static MemoryReservation reserve(long bytes) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = unnamedFile(bytes)) {
            return new FileReservation(arena, channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena));
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException("cannot map " + bytes + " bytes of a temporary file", e);
        }
    }

    /**
     * In memory where there is room: what is written to a file on a disk costs ten times as much to map and is written out
     * at times. A tmpfs that is full ends the process, so a small one, as containers have it, is left alone.
     */
    private static FileChannel unnamedFile(long bytes) throws IOException {
        if (new File(MEMORY_FILES).getUsableSpace() >= bytes) {
            try {
                return unnamedFile(MEMORY_FILES);
            } catch (IOException e) {
                // Not ours to write to.
            }
        }
        return unnamedFile(System.getProperty("java.io.tmpdir"));
    }

    /**
     * Not by {@code Files.createTempFile}, whose random names cost 13 ms of every start. A name that is taken is refused
     * by CREATE_NEW, and nobody else may open the file before it loses its name.
     */
    private static FileChannel unnamedFile(String directory) throws IOException {
        Path file = Path.of(directory, "wasm-memory-" + ProcessHandle.current().pid() + "-"
                + COUNT.incrementAndGet() + "-" + Long.toUnsignedString(System.nanoTime(), Character.MAX_RADIX));
        FileChannel channel = FileChannel.open(file, EnumSet.of(StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE), PosixFilePermissions.asFileAttribute(
                        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)));
        Files.delete(file);
        return channel;
    }

    @Override
    public long address() {
        return segment.address();
    }

    @Override
    public long reservedBytes() {
        return segment.byteSize();
    }

    @Override
    public void commit(long bytes) {
        // The file gives pages as they are touched.
    }

    @Override
    public void close() {
        arena.close();
    }
}
