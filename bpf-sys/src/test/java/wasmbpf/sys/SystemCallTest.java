package wasmbpf.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SystemCallTest {
    @Test
    void numbersAreThoseOfTheKernelsHeaders() throws IOException {
        Map<String, String> expected = new HashMap<>();
        try (InputStream in = SystemCallTest.class.getResourceAsStream("/layout/syscalls.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                int space = line.indexOf(' ');
                expected.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        TreeSet<String> unknown = new TreeSet<>();
        for (SystemCall call : SystemCall.values()) {
            String numbers = expected.get(call.kernelName());
            if (numbers == null) {
                unknown.add(call.kernelName());
            } else {
                assertEquals(numbers, call.x86Number() + " " + call.genericNumber(), call.kernelName());
            }
            assertSame(call, SystemCall.named(call.kernelName()));
        }
        // 6.11 and later, x86-64 only.
        assertEquals(java.util.Set.of("uprobe"), unknown);
        assertTrue(SystemCall.values().length > 50);
    }
}
