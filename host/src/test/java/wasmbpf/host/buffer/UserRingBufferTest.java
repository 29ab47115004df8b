package wasmbpf.host.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import wasmbpf.host.BpfObject;
import wasmbpf.host.load.OnThisKernel;
import wasmbpf.host.load.StandInKernel;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.SysException;

class UserRingBufferTest {
    private static final int PAGE = 4096;

    @Test
    void reservedRecordIsBusyUntilItIsSubmitted() {
        StandInKernel kernel = new StandInKernel();
        try (UserRingBuffer ring = UserRingBuffer.open(kernel, "u", 7, PAGE, PAGE)) {
            MemorySegment data = kernel.mappings().stream().filter(each -> each.byteSize() == 3 * PAGE).findFirst()
                    .orElseThrow();
            MemorySegment record = ring.reserve(13);
            assertEquals(24, data.get(ValueLayout.JAVA_LONG, 0));
            assertEquals(13 | RingBuffer.BUSY, data.get(ValueLayout.JAVA_INT, PAGE));
            MemorySegment behind = ring.reserve(8);
            ring.discard(behind);
            assertEquals(8 | RingBuffer.DISCARD, data.get(ValueLayout.JAVA_INT, PAGE + 24));
            ring.submit(record);
            assertEquals(13, data.get(ValueLayout.JAVA_INT, PAGE));
            assertThrows(IllegalArgumentException.class, () -> ring.submit(record), "a second time");
            assertEquals(Errno.E2BIG, assertThrows(SysException.class, () -> ring.reserve(PAGE)).errno());
            while (ring.reserve(100) != null) { }
            assertNull(ring.reserve(100, 0));
            assertTrue(data.get(ValueLayout.JAVA_LONG, 0) <= PAGE);
        }
        assertEquals(Map.of(), kernel.openDescriptors());
        assertEquals(0, kernel.mappedAreas());
    }

    @Test
    @Tag("kernel")
    @Timeout(60)
    void programReadsEveryRecordAndWakesAWriterThatWaits() throws Exception {
        Kernel kernel = OnThisKernel.require();
        List<String> before = Fd.open();
        try (BpfObject object = OnThisKernel.open("commands").load(kernel)) {
            UserRingBuffer ring = object.map("commands").userRingBuffer();
            long sum = 0;
            int sent = 0;
            while (ring.send(OnThisKernel.longs(sent))) {
                sum += sent++;
            }
            assertEquals(4096 / 16, sent);
            Thread drainer = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                OnThisKernel.run(kernel, object.program("drain").loaded(), OnThisKernel.ints(0));
            });
            MemorySegment record = ring.reserve(8, 5000);
            drainer.join();
            assertNotNull(record, "no room though the program drained the ring");
            record.set(ValueLayout.JAVA_LONG, 0, 1_000_000);
            ring.submit(record);
            ring.discard(ring.reserve(8));
            OnThisKernel.run(kernel, object.program("drain").loaded(), OnThisKernel.ints(0));
            assertEquals(sent + 1, OnThisKernel.global(object, ".bss", 0));
            assertEquals(sum + 1_000_000, OnThisKernel.global(object, ".bss", 8));
        }
        assertEquals(before, Fd.open());
    }
}
