package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Run twice: on the JDK's Unsafe and, with {@code -Dwasmbpf.segments=true}, on memory segments. */
class LinearMemoryTest {
    private static final int PAGE = 65536;

    private static LinearMemory memory(long min, long max) {
        return new LinearMemory(new MemoryType(min, true, max, false, false, 16), FileReservation.PROVIDER, 1L << 32);
    }

    @ParameterizedTest
    @CsvSource({"0,0,true", "0,65536,true", "65536,0,true", "65535,1,true", "65536,1,false", "65535,2,false",
            "-1,1,false", "0,-1,false", "9223372036854775807,1,false", "1,9223372036854775807,false", "65537,0,false"})
    void knowsWhatIsInBounds(long offset, long length, boolean expected) {
        LinearMemory memory = memory(1, 2);
        assertEquals(expected, memory.inBounds(offset, length));
        if (expected) {
            assertEquals(memory.address() + offset, memory.address(offset, length));
        } else {
            assertEquals(Trap.Kind.MEMORY_OUT_OF_BOUNDS,
                    assertThrows(Trap.class, () -> memory.segment(offset, length)).kind());
        }
        memory.close();
    }

    /** An allocator grows a memory by a few pages and writes to them: that is not to cost a page fault each. */
    @Test
    void aSmallGrowthHasItsPagesAtOnce() throws Exception {
        // Memories that other tests have not closed go with the garbage.
        for (int i = 0; i < 100 && !FileReservation.mayStayOpen(); i++) {
            System.gc();
            Thread.sleep(50);
        }
        Assumptions.assumeTrue(FileReservation.mayStayOpen(), "SKIPPED: other tests have 256 memories open");
        LinearMemory memory = memory(1, 400);
        Path tmpfs = Path.of("/dev/shm");
        Assumptions.assumeTrue(Files.isWritable(tmpfs) && tmpfs.toFile().getUsableSpace() >= 400L * PAGE,
                "SKIPPED: without a writable /dev/shm of 26 MB a memory is a file of another kind");
        memory.grow(1);
        long before = pageFaults();
        for (int i = 0; i < 100; i++) {
            memory.grow(1);
            for (long at = memory.sizeBytes() - PAGE; at < memory.sizeBytes(); at += 4096) {
                assertEquals(0, memory.getLong(at));
                memory.putLong(at, -1);
            }
        }
        long faults = pageFaults() - before;
        assertTrue(faults < 800, faults + " page faults for 1600 pages");
        assertEquals(-1, memory.grow(300), "past its maximum");
        memory.close();
    }

    @Test
    void growsOnAnInterruptedThread() {
        LinearMemory memory = memory(1, 4);
        Thread.currentThread().interrupt();
        try {
            assertEquals(1, memory.grow(1));
            assertEquals(2, memory.grow(1));
            assertTrue(Thread.interrupted());
        } finally {
            Thread.interrupted();
        }
        assertEquals(3, memory.grow(1));
        memory.putLong(4 * PAGE - 8, 7);
        assertEquals(7, memory.getLong(4 * PAGE - 8));
        memory.close();
    }

    @Test
    void manyMemoriesLeaveDescriptorsToOthers() {
        List<LinearMemory> memories = new ArrayList<>();
        int before = descriptors();
        for (int i = 0; i < 400; i++) {
            memories.add(memory(1, 2));
        }
        int more = descriptors() - before;
        assertTrue(more <= 300, more + " descriptors for 400 memories");
        assertEquals(1, memories.getLast().grow(1));
        assertEquals(0, memories.getLast().getLong(2 * PAGE - 8));
        memories.forEach(LinearMemory::close);
        assertTrue(descriptors() - before <= 40, "closed with their memories");
    }

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    /** Of this thread. */
    private static long pageFaults() throws Exception {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[7]);
    }

    @Test
    void readsBackWhatItWroteUpToTheLastByte() {
        LinearMemory memory = memory(1, 1);
        memory.putLong(PAGE - 8, 0x1122334455667788L);
        assertEquals(0x1122334455667788L, memory.getLong(PAGE - 8));
        assertEquals(0x11223344, memory.getInt(PAGE - 4));
        assertEquals(0x1122, memory.getShort(PAGE - 2));
        assertEquals(0x11, memory.getByte(PAGE - 1));
        memory.putInt(3, -2);
        memory.putShort(9, (short) -3);
        memory.putByte(11, (byte) -4);
        assertEquals(-2, memory.getInt(3));
        assertEquals(-3, memory.getShort(9));
        assertEquals(-4, memory.getByte(11));
        assertThrows(Trap.class, () -> memory.getLong(PAGE - 7));
        assertThrows(Trap.class, () -> memory.putInt(PAGE - 3, 0));
        assertThrows(Trap.class, () -> memory.putShort(PAGE - 1, (short) 0));
        assertThrows(Trap.class, () -> memory.getByte(PAGE));
        memory.close();
    }

    @Test
    void writesAllOrNothing() {
        LinearMemory memory = memory(1, 1);
        assertThrows(Trap.class, () -> memory.write(PAGE - 2, new byte[] {1, 2, 3}));
        assertEquals(0, memory.getShort(PAGE - 2));
        assertThrows(Trap.class, () -> memory.fill(PAGE - 2, 3, (byte) 1));
        assertEquals(0, memory.getShort(PAGE - 2));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.write(0, new byte[3], 1, 3));
        memory.close();
    }

    @Test
    void neverMovesWhenItGrows() {
        LinearMemory memory = memory(1, 1000);
        long address = memory.address();
        memory.putInt(PAGE - 4, 42);
        assertEquals(1, memory.grow(999));
        assertEquals(address, memory.address());
        assertEquals(42, memory.getInt(PAGE - 4));
        assertEquals(0, memory.getLong(1000L * PAGE - 8));
        assertEquals(-1, memory.grow(1));
        assertEquals(-1, memory.grow(-1));
        assertEquals(-1, memory.grow(Long.MIN_VALUE));
        assertEquals(1000, memory.grow(0));
        memory.close();
    }

    @Test
    void holdsFourGibibytesInPlace() {
        LinearMemory memory = memory(65536, 65536);
        memory.putLong((1L << 32) - 8, 7);
        assertEquals(7, memory.getLong((1L << 32) - 8));
        assertThrows(Trap.class, () -> memory.getByte(1L << 32));
        memory.close();
    }

    @Test
    void sharesItsBytesWithItsSegments() {
        LinearMemory memory = memory(1, 1);
        memory.segment(16, 4).set(ValueLayout.JAVA_INT, 0, 99);
        assertEquals(99, memory.getInt(16));
        assertEquals(4, memory.segment(16, 4).byteSize());
        assertEquals(memory.address() + 16, memory.segment(16, 0).address());
        memory.close();
    }

    @Test
    void readsCStringsAndTellsWhenTheyDoNotEnd() {
        LinearMemory memory = memory(1, 1);
        memory.write(PAGE - 4, "abé".getBytes(StandardCharsets.UTF_8));
        assertNull(memory.cString(PAGE - 4, 100));
        memory.write(10, "abé\0".getBytes(StandardCharsets.UTF_8));
        assertEquals("abé", memory.cString(10, 100));
        assertEquals(4, memory.cStringLength(10, 100));
        assertEquals(-1, memory.cStringLength(10, 4));
        assertEquals(-1, memory.cStringLength(PAGE, 100));
        assertEquals(-1, memory.cStringLength(-1, 100));
        assertEquals(0, memory.cStringLength(100, 1));
        memory.close();
    }

    @Test
    void trapsInsteadOfTouchingWhatIsClosed() {
        LinearMemory memory = memory(1, 1);
        memory.close();
        memory.close();
        assertThrows(Trap.class, () -> memory.getByte(0));
        assertEquals(-1, memory.grow(1));
        assertFalse(memory.inBounds(0, 1));
    }

    @Test
    void staysMappedWhileAnotherInstanceMayUseIt() {
        LinearMemory memory = memory(1, 1);
        memory.putInt(0, 42);
        WasmEncoder importer = new WasmEncoder();
        importer.importMemory("m", "memory", 1, 1);
        Instance instance = Instance.instantiate(importer.module("importer.wasm"),
                new ImportLinker().add("m", "memory", memory), InstanceOptions.DEFAULT);
        memory.close();
        assertThrows(Trap.class, () -> memory.getInt(0));
        // What code that has read base and size before the end still does.
        assertEquals(42, RawMemory.getInt(memory.address()));
        instance.close();
    }

    @Test
    void refusesMoreThanTheEmbedderAllows() {
        Trap trap = assertThrows(Trap.class, () -> new LinearMemory(new MemoryType(3, false, 0, false, false, 16),
                FileReservation.PROVIDER, 2 * PAGE));
        assertEquals(Trap.Kind.OUT_OF_MEMORY, trap.kind());
        LinearMemory memory = new LinearMemory(new MemoryType(1, false, 0, true, false, 16), FileReservation.PROVIDER,
                2 * PAGE);
        assertEquals(1, memory.grow(1));
        assertEquals(-1, memory.grow(1));
        memory.close();
    }

    @Property(tries = 300)
    void copiesAnyRangeFaithfully(@ForAll byte[] bytes, @ForAll short offset) {
        LinearMemory memory = memory(1, 1);
        long at = offset & 0xFFFF;
        if (at + bytes.length <= PAGE) {
            memory.write(at, bytes);
            assertArrayEquals(bytes, memory.bytes(at, bytes.length));
        } else {
            assertThrows(Trap.class, () -> memory.write(at, bytes));
        }
        assertTrue(memory.sizeBytes() == PAGE);
        memory.close();
    }
}
