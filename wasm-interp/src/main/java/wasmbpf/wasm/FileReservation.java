package wasmbpf.wasm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The built-in reservation: a mapping of a sparse file that has no name any more. Pages cost nothing until they are
 * touched, and unlike {@code Arena.allocate} nothing is zeroed up front.
 */
final class FileReservation implements MemoryReservation {
    private final Arena arena;
    private final MemorySegment segment;

    private FileReservation(Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
    }

    static MemoryReservation reserve(long bytes) {
        Arena arena = Arena.ofShared();
        try {
            Path file = Files.createTempFile("wasm-memory", null);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                Files.delete(file);
                return new FileReservation(arena, channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena));
            }
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException("cannot map " + bytes + " bytes of a temporary file", e);
        }
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
