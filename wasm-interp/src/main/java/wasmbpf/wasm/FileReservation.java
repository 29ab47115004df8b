package wasmbpf.wasm;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
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
    /** What Linux maps of a file's pages where one of them is read. */
    private static final int AROUND = 1 << 16;
    private static final int PAGE = 4096;
    /** So many memories have their file open; a process with more must not run out of descriptors. */
    private static final int MOST_OPEN = 256;
    private static final AtomicInteger OPEN = new AtomicInteger();

    private final Arena arena;
    private final MemorySegment segment;
    /** Null if the file is not in memory, or too many are open. */
    private final FileChannel memory;
    private long committed;

    private FileReservation(Arena arena, MemorySegment segment, FileChannel memory) {
        this.arena = arena;
        this.segment = segment;
        this.memory = memory;
    }

    /** Whether the next memory may have its file open. */
    static boolean mayStayOpen() {
        return OPEN.get() < MOST_OPEN;
    }

    private static MemoryReservation reserve(long bytes) {
        Arena arena = Arena.ofShared();
        FileReservation reservation = null;
        try {
            FileChannel memory = inMemory(bytes);
            FileChannel channel = memory == null ? unnamedFile(System.getProperty("java.io.tmpdir")) : memory;
            boolean stays = false;
            try {
                MemorySegment segment = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
                stays = memory != null && OPEN.getAndUpdate(n -> n < MOST_OPEN ? n + 1 : n) < MOST_OPEN;
                reservation = new FileReservation(arena, segment, stays ? memory : null);
                return reservation;
            } finally {
                if (!stays) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot map " + bytes + " bytes of a temporary file", e);
        } finally {
            if (reservation == null) {
                arena.close();
            }
        }
    }

    /**
     * In memory where there is room: what is written to a file on a disk costs ten times as much to map and is written out
     * at times. A tmpfs that is full ends the process, so a small one, as containers have it, is left alone.
     *
     * @return null if there is none
     */
    private static FileChannel inMemory(long bytes) {
        if (new File(MEMORY_FILES).getUsableSpace() < bytes) {
            return null;
        }
        try {
            return unnamedFile(MEMORY_FILES);
        } catch (IOException e) {
            // Not ours to write to.
            return null;
        }
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

    /** The file gives pages as they are touched, but for those of a small growth. */
    @Override
    public void commit(long bytes) {
        if (committed > 0 && memory != null && bytes - committed <= SMALL_GROWTH && ((committed | bytes) & PAGE - 1) == 0) {
            populate(bytes);
        }
        committed = Math.max(committed, bytes);
    }

    private void populate(long end) {
        try {
            for (long at = committed; at < end;) {
                at += memory.write(Zeros.BUFFER.duplicate().limit((int) Math.min(AROUND, end - at)), at);
            }
        } catch (ClosedChannelException e) {
            // The thread is interrupted, which closes a channel that it writes to, or was once: then page by page.
            return;
        } catch (IOException e) {
            throw new OutOfMemoryError("write " + (end - committed) + " bytes to " + MEMORY_FILES + ": " + e.getMessage());
        }
        for (long at = committed; at < end; at += AROUND) {
            RawMemory.getByte(address() + at);
        }
    }

    /** Made when the first memory grows. */
    private static final class Zeros {
        static final ByteBuffer BUFFER = ByteBuffer.allocateDirect(AROUND);
    }

    @Override
    public void close() {
        arena.close();
        if (memory != null) {
            OPEN.decrementAndGet();
            try {
                memory.close();
            } catch (IOException e) {
                // Nothing of it is left.
            }
        }
    }
}
