package wasmbpf.host.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void printsWhatAReaderReadsBack() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a\"b\\c\nd\u0001\ud800\ud83d\ude00");
        value.put("numbers", List.of(1, -2L, Long.MAX_VALUE));
        value.put("none", null);
        value.put("empty", Map.of());
        value.put("yes", true);
        assertEquals("{\"text\":\"a\\\"b\\\\c\\nd\\u0001\\ud800\ud83d\ude00\",\"numbers\":[1,-2,9223372036854775807],"
                + "\"none\":null,\"empty\":{},\"yes\":true}", Json.compact(value));
        // As bpftool 7.1 prints such a list with -p.
        assertEquals("""
                [{
                        "a": [1,2
                        ],
                        "b": []
                    },{
                        "c": {
                            "d": "e"
                        }
                    }
                ]""", Json.pretty(List.of(new java.util.TreeMap<>(Map.of("a", List.of(1, 2), "b", List.of())),
                Map.of("c", Map.of("d", "e")))));
    }
}
