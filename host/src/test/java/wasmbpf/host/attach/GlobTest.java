package wasmbpf.host.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({"tcp_*, tcp_connect, true", "tcp_*, tcp_, true", "tcp_*, udp_tcp_, false", "*, '', true", "?64l, a64l, true",
        "?64l, 64l, false", "a*b*c, aXXbYYbc, true", "a*b*c, aXXbYY, false", "exact, exact, true", "exact, exactly, false",
        "*_end, the_end, true", "*_end, the_ends, false", "**, x, true", "'', x, false"})
    void matches(String pattern, String text, boolean wanted) {
        assertEquals(wanted, Glob.matches(pattern, text));
    }

    @Test
    void doesNotExplodeOnManyStars() {
        assertTimeout(Duration.ofSeconds(5),
                () -> assertEquals(false, Glob.matches("*a".repeat(200) + "b", "a".repeat(20_000))));
    }
}
