package wasmbpf.host.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static List<String> differences(String expected, String seen) {
        return Outcome.differences(Outcome.parse(expected.lines().toList()), Outcome.parse(seen.lines().toList()));
    }

    @Test
    void linesAreReadAsTheyAreWritten() {
        Outcome outcome = new Outcome("kprobe.multi", "EINVAL", "attach: no such kind");
        assertEquals(outcome, Outcome.parse(List.of("# a comment", "", outcome.line())).get("kprobe.multi"));
        assertEquals("kprobe                             ok", new Outcome("kprobe", "ok", "").line());
    }

    @Test
    void detailsAreNotCompared() {
        assertEquals(List.of(), differences("a ok one\nb EPERM two", "b EPERM\na ok"));
    }

    @Test
    void whatFailsOrWorksUnexpectedlyIsNews() {
        assertEquals(List.of("a: expected ok, was EPERM (attach)", "b: expected EPERM, was ok"),
                differences("a ok\nb EPERM", "a EPERM attach\nb ok"));
    }

    @Test
    void whatIsMissingOrNewIsToo() {
        assertEquals(List.of("b: not in the expected table; it was ok", "a: expected ok, did not run"),
                differences("a ok", "b ok"));
    }

    @Test
    void wrongIsNeverExpected() {
        assertEquals(List.of("a: expected wrong, was wrong"), differences("a wrong", "a wrong"));
    }

    @Test
    void tableOfNonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Outcome.parse(List.of("kprobe")));
        assertThrows(IllegalArgumentException.class, () -> Outcome.parse(List.of("kprobe ok", "kprobe ok")));
    }
}
