package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which kind of an export the next call goes to, by how long those before it took. */
class RunTimesTest {
    private RunTimes times;

    @Test
    void briefThreeTimes() {
        assertEquals(List.of("cut", "cut", "cut", "cut", "cut"), kinds(1000, 1, 0, 600, 5));
        assertEquals("whole", kind());
    }

    @Test
    void wholeIsFaster() {
        assertEquals(List.of("cut", "cut", "cut", "trial", "trial", "trial"), kinds(900, 600, 650, 1100, 700, 550));
        assertEquals("whole", kind());
    }

    @Test
    void wholeIsSlower() {
        assertEquals(List.of("cut", "cut", "cut", "trial", "trial", "trial"), kinds(900, 600, 650, 1100, 700, 620));
        assertEquals(List.of("cut", "cut", "cut", "cut"), kinds(650, 650, 650, 650), "for good");
    }

    @Test
    void wholeIsMuchSlower() {
        assertEquals(List.of("cut", "cut", "cut", "trial"), kinds(5000, 4500, 5000, 22_000));
        assertEquals(List.of("cut", "cut", "cut", "cut"), kinds(5000, 5000, 5000, 5000), "not tried again");
        assertEquals(List.of("cut", "cut", "cut"), kinds(1, 1, 1), "but it became brief");
        assertEquals("whole", kind());
    }

    @Test
    void wholeIsCompiledFirst() {
        assertEquals(List.of("cut", "cut", "cut", "trial", "trial", "trial"), kinds(300, 300, 300, 850, 290, 310));
        assertEquals("whole", kind());
    }

    /** What kinds calls go to that take so many milliseconds. */
    private List<String> kinds(long... millis) {
        return Arrays.stream(millis).mapToObj(taken -> {
            String kind = kind();
            times = RunTimes.ran(times, System.nanoTime() - taken * 1_000_000);
            return kind;
        }).toList();
    }

    private String kind() {
        return RunTimes.isWhole(times) ? "whole" : RunTimes.isOnTrial(times) ? "trial" : "cut";
    }
}
