package wasmbpf.host.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.host.load.OnThisKernel.global;
import static wasmbpf.host.load.OnThisKernel.ints;
import static wasmbpf.host.load.OnThisKernel.longs;
import static wasmbpf.host.load.OnThisKernel.run;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import wasmbpf.host.BpfObject;
import wasmbpf.host.load.OnThisKernel;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;

/** Events of programs that write exactly as many as they are told, on the running kernel. */
@Tag("kernel")
@Timeout(60)
class EventsKernelTest {
    private final Kernel kernel = OnThisKernel.require();
    private final List<Integer> numbers = new ArrayList<>();
    private List<String> openBefore;
    private BpfObject object;

    @BeforeEach
    void load() {
        openBefore = Fd.open();
        object = OnThisKernel.open("events");
        object.variable("bias").set(ints(41));
        object.load(kernel);
    }

    @AfterEach
    void leavesNothingOpen() {
        object.close();
        assertEquals(openBefore, Fd.open());
    }

    private void emit(int first, int count, int discardEvery) {
        run(kernel, object.program("emit").loaded(), ints(first, count, discardEvery));
    }

    private EventHandler taking(EventBuffer buffer) {
        return (address, size) -> {
            assertTrue(size >= 13, () -> "size " + size);
            var event = buffer.view(address, size);
            assertEquals(41, event.get(ValueLayout.JAVA_INT, 4));
            numbers.add(event.get(ValueLayout.JAVA_INT, 0));
            return 0;
        };
    }

    @Test
    void ringBufferHandsOnEveryEventOnceAndInOrder() {
        RingBuffer ring = object.map("rb").ringBuffer();
        Poller poller = object.poller(ring);
        assertEquals(0, poller.poll(0, taking(ring)));
        emit(1000, 100, 0);
        assertEquals(100, poller.poll(1000, taking(ring)));
        assertEquals(IntStream.range(1000, 1100).boxed().toList(), numbers);
        assertEquals(0, poller.poll(0, taking(ring)));
    }

    @Test
    void ringBufferWrapsManyTimesAndPassesOverDiscardedEvents() {
        RingBuffer ring = object.map("rb").ringBuffer();
        List<Integer> expected = new ArrayList<>();
        for (int round = 0; round < 50; round++) {
            emit(round * 100, 100, 7);
            IntStream.range(0, 100).filter(i -> i % 7 != 0).forEach(expected::add);
            assertEquals(85, ring.drain(taking(ring), 1000));
        }
        List<Integer> relative = IntStream.range(0, numbers.size()).mapToObj(i -> numbers.get(i) % 100).toList();
        assertEquals(expected, relative);
        assertEquals(0, global(object, ".bss", 0), "dropped");
    }

    @Test
    void fullRingDropsInTheProgramAndLosesNothingElse() {
        RingBuffer ring = object.map("rb").ringBuffer();
        emit(0, 1000, 0);
        long dropped = global(object, ".bss", 0);
        // 13 bytes and a header take 24 of the 4096.
        assertEquals(1000 - 4096 / 24, dropped);
        assertEquals(4096 / 24, ring.drain(taking(ring), ring.capacityEvents()));
        assertEquals(IntStream.range(0, 4096 / 24).boxed().toList(), numbers);
        emit(5000, 1, 0);
        assertEquals(1, ring.drain(taking(ring), 1));
    }

    @Test
    void eventWakesAPollerThatSleeps() throws Exception {
        RingBuffer ring = object.map("rb").ringBuffer();
        Poller poller = object.poller(ring);
        for (int round = 0; round < 20; round++) {
            int first = round;
            Thread writer = Thread.ofPlatform().start(() -> {
                sleep(5);
                emit(first, 1, 0);
            });
            assertEquals(1, poller.poll(-1, taking(ring)));
            writer.join();
        }
        assertEquals(IntStream.range(0, 20).boxed().toList(), numbers);
    }

    @Test
    void anotherThreadInterruptsAPollThatSleeps() throws Exception {
        RingBuffer ring = object.map("rb").ringBuffer();
        Poller poller = object.poller(ring);
        Thread waker = Thread.ofPlatform().start(() -> {
            sleep(20);
            poller.interrupt();
        });
        assertEquals(Poller.INTERRUPTED, poller.poll(-1, taking(ring)));
        waker.join();
        emit(1, 1, 0);
        assertEquals(Poller.INTERRUPTED, poller.poll(0, taking(ring)), "every later poll too");
        poller.resume();
        assertEquals(1, poller.poll(0, taking(ring)));
    }

    @Test
    void timeoutIsKept() {
        RingBuffer ring = object.map("rb").ringBuffer();
        Poller poller = object.poller(ring);
        long start = System.nanoTime();
        assertEquals(0, poller.poll(50, taking(ring)));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= 50, () -> millis + " ms");
    }

    @Test
    void perfBufferHandsOnEveryEvent() {
        EventBuffer buffer = object.map("pe").events();
        Poller poller = object.poller(buffer);
        for (int i = 0; i < 300; i++) {
            assertEquals(0, run(kernel, object.program("emit_perf").loaded(), longs(i, 0)));
        }
        int count = 0;
        while (count < 300) {
            int found = poller.poll(1000, taking(buffer));
            assertTrue(found > 0, "events missing");
            count += found;
        }
        assertEquals(IntStream.range(0, 300).boxed().toList(), numbers.stream().sorted().toList());
        assertEquals(0, buffer.lost());
    }

    @Test
    void perfBufferCountsWhatDoesNotFit() {
        PerfBuffer buffer = object.map("pe").perfBuffer(1);
        int written = 2000;
        for (int i = 0; i < written; i++) {
            run(kernel, object.program("emit_perf").loaded(), longs(i, 0));
        }
        int count = buffer.drain(taking(buffer), written);
        assertTrue(count < written);
        // The LOST record comes with the next sample that fits.
        for (int cpu : buffer.readyFds()) {
            run(kernel, object.program("emit_perf").loaded(), longs(cpu, 0));
            run(kernel, object.program("emit_perf").loaded(), longs(cpu, 0));
        }
        count += buffer.drain(taking(buffer), written);
        long lost = buffer.lost();
        int all = count;
        assertTrue(lost > 0 && lost + all <= written + 4, () -> lost + " lost, " + all + " read");
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
