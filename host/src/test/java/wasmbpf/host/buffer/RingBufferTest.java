package wasmbpf.host.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import wasmbpf.host.load.StandInKernel;
import wasmbpf.sys.SystemCall;
import wasmbpf.sys.Errno;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** Draining images of rings laid out by hand as kernel/bpf/ringbuf.c does. */
class RingBufferTest {
    private static final int PAGE = 4096;
    private static final int SIZE = 4096;

    private final StandInKernel kernel = new StandInKernel();
    private final RingBuffer ring = RingBuffer.open(kernel, "rb", 7, SIZE, PAGE);
    private final MemorySegment consumer = mapping(PAGE);
    private final MemorySegment producer = mapping(PAGE + 2 * SIZE);
    private final List<String> seen = new ArrayList<>();

    private MemorySegment mapping(long bytes) {
        return kernel.mappings().stream().filter(each -> each.byteSize() == bytes).findFirst().orElseThrow();
    }

    @AfterEach
    void closesWhatItMapped() {
        ring.close();
        ring.close();
        assertEquals(0, kernel.mappedAreas());
    }

    private long consumed() {
        return consumer.get(ValueLayout.JAVA_LONG, 0);
    }

    private long produced() {
        return producer.get(ValueLayout.JAVA_LONG, 0);
    }

    /** Appends a record; the data area is seen twice in a row, as the kernel maps it. */
    private long put(String text, int flags) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        long at = produced();
        int offset = (int) (at & SIZE - 1);
        store(offset, bytes.length | flags);
        store(offset + 4, 0);
        for (int i = 0; i < bytes.length; i++) {
            for (int copy = 0; copy < 2; copy++) {
                int place = offset + 8 + i;
                int base = copy == 0 ? place % SIZE : place % SIZE + SIZE;
                producer.set(ValueLayout.JAVA_BYTE, PAGE + base, bytes[i]);
            }
        }
        producer.set(ValueLayout.JAVA_LONG, 0, at + (bytes.length + 8 + 7 & ~7));
        return at;
    }

    private void store(int offset, int word) {
        producer.set(ValueLayout.JAVA_INT, PAGE + offset, word);
        producer.set(ValueLayout.JAVA_INT, PAGE + (offset + SIZE) % (2 * SIZE), word);
    }

    private int take(long address, int size) {
        byte[] bytes = ring.view(address, size).toArray(ValueLayout.JAVA_BYTE);
        seen.add(new String(bytes, StandardCharsets.US_ASCII));
        return 0;
    }

    @Test
    void handsOnNothingFromAnEmptyRing() {
        assertEquals(0, ring.drain(this::take, 10));
        assertEquals(0, consumed());
    }

    @Test
    void handsOnRecordsInOrderWithExactSizes() {
        put("one", 0);
        put("", 0);
        put("twelve bytes", 0);
        assertEquals(3, ring.drain(this::take, 10));
        assertEquals(List.of("one", "", "twelve bytes"), seen);
        assertEquals(produced(), consumed());
        assertEquals(3, ring.delivered());
        assertEquals(0, ring.pendingBytes());
    }

    @Test
    void stopsAtBusyRecordAndGoesOnOnceItIsCommitted() {
        put("a", 0);
        long busy = put("bb", RingBuffer.BUSY);
        put("c", 0);
        assertEquals(1, ring.drain(this::take, 10));
        assertEquals(busy, consumed());
        store((int) busy, 2);
        assertEquals(2, ring.drain(this::take, 10));
        assertEquals(List.of("a", "bb", "c"), seen);
    }

    @Test
    void passesOverDiscardedRecordsWithoutCountingThem() {
        put("a", 0);
        put("gone", RingBuffer.DISCARD);
        put("b", 0);
        put("gone too", RingBuffer.DISCARD);
        assertEquals(2, ring.drain(this::take, 2));
        assertEquals(0, ring.drain(this::take, 2));
        assertEquals(List.of("a", "b"), seen);
        assertEquals(produced(), consumed());
    }

    @Test
    void doesNotTakeABusyDiscardedRecordForADiscardedOne() {
        long at = put("x", RingBuffer.DISCARD | RingBuffer.BUSY);
        assertEquals(0, ring.drain(this::take, 10));
        assertEquals(at, consumed());
    }

    @Test
    void readsARecordThatGoesAroundTheEnd() {
        while (produced() < SIZE - 64) {
            put("filler 0123456789abcdef", 0);
        }
        ring.drain((address, size) -> 0, 1000);
        String text = "x".repeat(100) + "end";
        put(text, 0);
        assertEquals(1, ring.drain(this::take, 10));
        assertEquals(List.of(text), seen);
        put("after", 0);
        assertEquals(1, ring.drain(this::take, 10));
        assertEquals("after", seen.getLast());
    }

    @Test
    void drainsAFullRing() {
        for (int i = 0; i < SIZE / 16; i++) {
            put("%08d".formatted(i), 0);
        }
        assertEquals(SIZE, produced() - consumed());
        assertEquals(SIZE / 16, ring.drain(this::take, ring.capacityEvents()));
        assertEquals("00000255", seen.getLast());
        assertEquals(SIZE, consumed());
    }

    @Test
    void releasesEachRecordBeforeTheNextIsHandedOn() {
        put("a", 0);
        put("b", 0);
        List<Long> positions = new ArrayList<>();
        ring.drain((address, size) -> {
            positions.add(consumed());
            return 0;
        }, 10);
        assertEquals(List.of(0L, 16L), positions);
    }

    @Test
    void countsARecordAsConsumedWhenItsHandlerThrows() {
        put("bad", 0);
        put("good", 0);
        IllegalStateException thrown = new IllegalStateException("handler");
        assertEquals(thrown, assertThrows(IllegalStateException.class, () -> ring.drain((address, size) -> {
            throw thrown;
        }, 10)));
        assertEquals(16, consumed());
        assertEquals(1, ring.drain(this::take, 10));
        assertEquals(List.of("good"), seen);
    }

    @Test
    void stopsWithTheHandlersNegativeAnswerAfterItsRecord() {
        put("a", 0);
        put("b", 0);
        assertEquals(-77, ring.drain((address, size) -> -77, 10));
        assertEquals(16, consumed());
    }

    @Test
    void handsOnNoMoreThanTheLimit() {
        for (int i = 0; i < 5; i++) {
            put("r" + i, 0);
        }
        assertEquals(2, ring.drain(this::take, 2));
        assertEquals(32, consumed());
        assertEquals(3, ring.drain(this::take, 10));
        assertEquals(List.of("r0", "r1", "r2", "r3", "r4"), seen);
    }

    @Test
    void seesWhatIsProducedWhileItDrains() {
        put("a", 0);
        assertEquals(3, ring.drain((address, size) -> {
            take(address, size);
            if (seen.size() < 3) {
                put("more", 0);
            }
            return 0;
        }, 10));
    }

    @Test
    void endsWhenAProgramDiscardsForEver() {
        put("gone", RingBuffer.DISCARD);
        MemorySegment data = producer;
        // Every record of the ring is a discarded one, and the producer is always a lap ahead.
        for (int offset = 0; offset < SIZE; offset += 16) {
            store(offset, 8 | RingBuffer.DISCARD);
        }
        data.set(ValueLayout.JAVA_LONG, 0, Long.MAX_VALUE / 2 & ~15L);
        assertEquals(0, ring.drain(this::take, 10));
        assertTrue(consumed() >= SIZE && consumed() <= 2 * SIZE);
    }

    @Test
    void handlerThatDrainsTheSameRingGetsTheRecordsBehindItsOwn() {
        put("outer", 0);
        put("inner", 0);
        put("rest", 0);
        assertEquals(2, ring.drain((address, size) -> {
            take(address, size);
            if (seen.size() == 1) {
                assertEquals(1, ring.drain(this::take, 1));
                // The outer record's space is not given back while its handler runs.
                assertEquals(0, consumed());
            }
            return 0;
        }, 10));
        assertEquals(List.of("outer", "inner", "rest"), seen);
        assertEquals(produced(), consumed());
    }

    @Test
    void refusesARecordThatReachesBeyondWhatWasProduced() {
        put("x", 0);
        store(0, 100);
        SysException e = assertThrows(SysException.class, () -> ring.drain(this::take, 10));
        assertEquals(Errno.EBADMSG, e.errno());
        assertTrue(e.getMessage().contains("\"rb\""), e.getMessage());
        assertEquals(0, consumed());
    }

    @Test
    void refusesASizeThatIsNoPowerOfTwo() {
        assertThrows(SysException.class, () -> RingBuffer.open(kernel, "odd", 7, 5000, PAGE));
        assertThrows(SysException.class, () -> RingBuffer.open(kernel, "none", 7, 0, PAGE));
    }

    @Test
    void unmapsTheFirstPageWhenTheSecondMappingFails() {
        StandInKernel failing = new StandInKernel() {
            @Override
            protected Long answer(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
                return call == SystemCall.MMAP && b > PAGE ? Long.valueOf(-Errno.EPERM) : null;
            }
        };
        assertThrows(SysException.class, () -> RingBuffer.open(failing, "rb", 7, SIZE, PAGE));
        assertEquals(0, failing.mappedAreas());
    }
}
