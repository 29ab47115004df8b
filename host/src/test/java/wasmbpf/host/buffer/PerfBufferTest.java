package wasmbpf.host.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import wasmbpf.host.load.StandInKernel;
import wasmbpf.sys.BpfAttrs.MapElem;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;
import wasmbpf.sys.SystemCall;

/** Draining perf rings laid out by hand as include/uapi/linux/perf_event.h says. */
class PerfBufferTest {
    private static final int PAGE = 4096;
    private static final int SIZE = 2 * PAGE;

    private final StandInKernel kernel = new StandInKernel();
    private final List<MemorySegment> rings = new ArrayList<>();
    private final PerfBuffer buffer = open();
    private final List<String> seen = new ArrayList<>();

    private PerfBuffer open() {
        PerfBuffer made = PerfBuffer.open(kernel, "events", 7, List.of(0, 3), 2, PAGE);
        for (StandInKernel.Call call : kernel.calls()) {
            if (call.call() == SystemCall.MMAP) {
                rings.add(kernel.mapped(call.result()));
            }
        }
        return made;
    }

    @AfterEach
    void closesWhatItOpened() {
        buffer.close();
        buffer.close();
        assertEquals(0, kernel.mappedAreas());
        assertEquals(Map.of(), kernel.openDescriptors());
    }

    private static void putBytes(MemorySegment ring, long at, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            ring.set(ValueLayout.JAVA_BYTE, PAGE + (at + i & SIZE - 1), bytes[i]);
        }
    }

    private static long head(MemorySegment ring) {
        return ring.get(ValueLayout.JAVA_LONG, 1024);
    }

    private static long tail(MemorySegment ring) {
        return ring.get(ValueLayout.JAVA_LONG, 1032);
    }

    private static void record(MemorySegment ring, int type, byte[] body) {
        long at = head(ring);
        ByteBuffer record = ByteBuffer.allocate(8 + body.length).order(ByteOrder.nativeOrder());
        record.putInt(type).putShort((short) 0).putShort((short) (8 + body.length)).put(body);
        putBytes(ring, at, record.array());
        ring.set(ValueLayout.JAVA_LONG, 1024, at + record.capacity());
    }

    /** A sample as the kernel pads it: size round_up(n + 4, 8) - 4. */
    private static void sample(MemorySegment ring, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int padded = (bytes.length + 4 + 7 & ~7) - 4;
        ByteBuffer body = ByteBuffer.allocate(4 + padded).order(ByteOrder.nativeOrder());
        record(ring, 9, body.putInt(padded).put(bytes).array());
    }

    private static void lost(MemorySegment ring, long count) {
        record(ring, 2, ByteBuffer.allocate(16).order(ByteOrder.nativeOrder()).putLong(1).putLong(count)
                .array());
    }

    private int take(long address, int size) {
        seen.add(new String(buffer.view(address, size).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII)
                .replace("\0", "."));
        return 0;
    }

    @Test
    void putsAnEventOfEachCpuInTheMap() {
        List<List<Byte>> slots = new ArrayList<>();
        for (StandInKernel.Call call : kernel.bpfCalls()) {
            assertEquals(BpfCommand.MAP_UPDATE_ELEM, call.command());
            slots.add(List.of(call.bytes(MapElem.KEY)[0], call.bytes(MapElem.VALUE)[0]));
        }
        int[] fds = buffer.readyFds();
        assertEquals(List.of(List.of((byte) 0, (byte) fds[0]), List.of((byte) 3, (byte) fds[1])), slots);
    }

    @Test
    void handsOnSamplesWithTheKernelsPaddedSize() {
        sample(rings.get(0), "thirteen byte");
        sample(rings.get(1), "abcd");
        assertEquals(2, buffer.drain(this::take, 10));
        assertEquals(List.of("thirteen byte.......", "abcd"), seen);
        assertEquals(head(rings.get(0)), tail(rings.get(0)));
        assertEquals(head(rings.get(1)), tail(rings.get(1)));
    }

    @Test
    void putsARecordThatWrapsInOnePiece() {
        MemorySegment ring = rings.getFirst();
        for (int step = 0; step < 40; step++) {
            sample(ring, "step %03d ".formatted(step) + "y".repeat(995));
            assertEquals(1, buffer.drain(this::take, 10));
            assertEquals("step %03d ".formatted(step), seen.getLast().substring(0, 9));
            assertTrue(seen.getLast().substring(9).startsWith("y".repeat(995)));
        }
        assertTrue(head(ring) > 4L * SIZE);
    }

    /** A header of 8 bytes can end a ring exactly, with the size word at its start again. */
    @Test
    void readsASizeThatLiesAcrossTheEnd() {
        MemorySegment ring = rings.getFirst();
        ring.set(ValueLayout.JAVA_LONG, 1024, 0L);
        while (head(ring) < SIZE - 8) {
            long left = SIZE - 8 - head(ring);
            record(ring, 2, new byte[(int) Math.min(left - 8, 24 + 8) < 16 ? (int) left - 8 : 16]);
        }
        assertEquals(0, buffer.drain(this::take, 1000));
        assertEquals(SIZE - 8, tail(ring));
        sample(ring, "over the edge");
        assertEquals(1, buffer.drain(this::take, 10));
        assertEquals(List.of("over the edge......."), seen);
    }

    @Test
    void countsWhatTheKernelLost() {
        sample(rings.get(0), "a");
        lost(rings.get(0), 5);
        lost(rings.get(1), 2);
        assertEquals(1, buffer.drain(this::take, 10));
        assertEquals(7, buffer.lost());
        assertEquals(1, buffer.delivered());
    }

    @Test
    void givesEveryCpuItsTurnWhenTheLimitIsSmall() {
        for (int i = 0; i < 3; i++) {
            sample(rings.get(0), "0-%d.".formatted(i));
            sample(rings.get(1), "3-%d.".formatted(i));
        }
        List<String> firsts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            assertEquals(1, buffer.drain(this::take, 1));
            firsts.add(seen.getLast().substring(0, 3));
        }
        assertEquals(List.of("0-0", "3-0", "0-1", "3-1", "0-2", "3-2"), firsts);
    }

    @Test
    void countsASampleAsConsumedWhenItsHandlerThrows() {
        sample(rings.get(0), "bad.");
        sample(rings.get(0), "good");
        assertThrows(IllegalStateException.class, () -> buffer.drain((address, size) -> {
            throw new IllegalStateException();
        }, 10));
        assertEquals(1, buffer.drain(this::take, 10));
        assertEquals(List.of("good"), seen);
    }

    @Test
    void stopsWithTheHandlersNegativeAnswer() {
        sample(rings.get(0), "a");
        sample(rings.get(0), "b");
        assertEquals(-5, buffer.drain((address, size) -> -5, 10));
        assertEquals(1, buffer.drain(this::take, 10));
    }

    @Test
    void refusesRecordsOfUnknownTypeOrImpossibleSize() {
        record(rings.get(0), 77, new byte[8]);
        SysException e = assertThrows(SysException.class, () -> buffer.drain(this::take, 10));
        assertEquals(Errno.EBADMSG, e.errno());
        assertTrue(e.getMessage().contains("CPU 0") && e.getMessage().contains("type 77"), e.getMessage());
        record(rings.get(1), 9, new byte[] {127, 127, 127, 127, 0, 0, 0, 0});
        assertThrows(SysException.class, () -> buffer.drain(this::take, 10));
    }

    @Test
    void opensNothingIfOneCpuFails() {
        StandInKernel failing = new StandInKernel() {
            @Override
            protected Long answer(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
                // Third argument of perf_event_open: the CPU.
                return call == SystemCall.PERF_EVENT_OPEN && c == 1 ? Long.valueOf(-Errno.ENODEV) : null;
            }
        };
        List<String> before = Fd.open();
        SysException e = assertThrows(SysException.class,
                () -> PerfBuffer.open(failing, "events", 7, List.of(0, 1), 2, PAGE));
        assertTrue(e.getMessage().contains("\"events\" on CPU 1"), e.getMessage());
        assertEquals(Map.of(), failing.openDescriptors());
        assertEquals(0, failing.mappedAreas());
        assertEquals(before, Fd.open());
    }
}
