package wasmbpf.host.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import wasmbpf.host.load.DryLoad;
import wasmbpf.host.load.LoadOptions;
import wasmbpf.host.load.OracleFiles;
import wasmbpf.host.object.OracleJson;
import wasmbpf.host.object.ReadOptions;

/** {@code inspect --relocate} says of an object what libbpf 1.8 says of it (oracle/*.relocated.json), key by key. */
class SubmissionTest {
    private static final String PINS = "/sys/fs/bpf/corpus_oracle";
    private static final DryLoad PLAIN = new DryLoad(OracleFiles.plain(), LoadOptions.DEFAULT);

    private static Map<String, Object> submission(String name, Map<String, Object> libbpf) {
        DryLoad dry = new DryLoad(OracleFiles.of(libbpf), LoadOptions.DEFAULT.withPinDirectory(PINS));
        Submission made = Submission.of(name + ".bpf.o", OracleJson.elf(name), ReadOptions.LIBBPF, dry, PINS);
        return OracleJson.object(OracleJson.parse(Json.compact(made.rows())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sec_table", "subprogs_table", "maps_table", "externs_table", "attach_table"})
    void saysWhatLibbpfSays(String name) {
        Map<String, Object> libbpf = OracleJson.relocated(name);
        Map<String, Object> ours = submission(name, libbpf);
        for (String key : List.of("size", "sha256", "license", "kern_version", "maps")) {
            assertEquals(libbpf.get(key), ours.get(key), key);
        }
        assertEquals(result(libbpf), result(ours));
        compare(OracleJson.objects(libbpf, "externs"), OracleJson.objects(ours, "externs"), SubmissionTest::externs);
        compare(OracleJson.objects(libbpf, "programs"), OracleJson.objects(ours, "programs"), SubmissionTest::program);
        assertEquals(OracleJson.objects(libbpf, "trace").stream().map(Object::toString).toList(),
                OracleJson.objects(ours, "trace").stream().map(Object::toString).toList());
    }

    private static void compare(List<Map<String, Object>> theirs, List<Map<String, Object>> ours,
                                java.util.function.UnaryOperator<Map<String, Object>> common) {
        assertEquals(theirs.size(), ours.size());
        for (int i = 0; i < theirs.size(); i++) {
            assertEquals(common.apply(theirs.get(i)), common.apply(ours.get(i)));
        }
    }

    private static Map<String, Object> result(Map<String, Object> rows) {
        Map<String, Object> result = new TreeMap<>(OracleJson.object(rows.get("result")));
        // What each side says besides the verdict.
        result.keySet().removeAll(List.of("used_vmlinux_btf", "error", "verifier"));
        return result;
    }

    private static Map<String, Object> externs(Map<String, Object> row) {
        Map<String, Object> common = new TreeMap<>(row);
        if (common.containsKey("kernel_btf_id")) {
            // libbpf notes the address of a typed variable too, and does not use it.
            common.remove("addr");
        }
        return common;
    }

    private static Map<String, Object> program(Map<String, Object> row) {
        Map<String, Object> common = new TreeMap<>(row);
        common.remove("load_error");
        for (String code : List.of("load", "relocated")) {
            if (common.get(code) != null) {
                Map<String, Object> part = new TreeMap<>(OracleJson.object(common.get(code)));
                part.remove("x");
                part.remove("line_info_sha256");
                common.put(code, part);
            }
        }
        common.computeIfPresent("core", (_, lines) -> OracleJson.objects(row, "core").stream().map(line -> {
            Map<String, Object> shared = new LinkedHashMap<>(line);
            // The types of the fields themselves are libbpf's own business.
            shared.keySet().removeAll(List.of("orig_type_id", "new_type_id"));
            return shared;
        }).toList());
        return common;
    }

    @Test
    void oneBadObjectIsAnAnswerAndTheNextIsAsGoodAsEver() {
        byte[] good = OracleJson.elf("maps_table");
        byte[] bad = java.util.Arrays.copyOf(good, 3000);
        Submission broken = Submission.of("bad.o", bad, ReadOptions.DEFAULT, PLAIN, PINS);
        assertTrue(broken.error().startsWith("bad.o: "), broken.error());
        assertEquals("open", OracleJson.object(broken.rows().get("result")).get("stage"));
        assertNull(Submission.of("good.o", good, ReadOptions.DEFAULT, PLAIN, PINS).error());
    }

    @Test
    void largeSectionsAreCountedNotPrinted() {
        byte[] elf = OracleJson.elf("subprogs_table");
        wasmbpf.host.object.ObjectSpec spec = wasmbpf.host.object.ObjectReader.read("big.o", elf);
        spec.map(".bss").valueSize(64 << 20);
        List<Object> trace = CallRows.of(PLAIN.load(spec));
        assertTrue(trace.stream().anyMatch(row -> row.toString().equals(
                "{cmd=MAP_UPDATE_ELEM, map=.bss, key=00000000, value_bytes=" + (64 << 20) + "}")), trace.toString());
    }

    /** Whatever is wrong in an object, it is an answer with a message that is not a fault of ours. */
    @Property(tries = 200)
    void damagedObjectsAreAnswers(@ForAll @IntRange(max = 12407) int at, @ForAll byte value,
                                  @ForAll @IntRange(max = 12407) int at2, @ForAll byte value2) {
        byte[] elf = OracleJson.elf("maps_table").clone();
        elf[at] = value;
        elf[at2] = value2;
        String error = Submission.of("damaged.o", elf, ReadOptions.DEFAULT, PLAIN, PINS).error();
        assertTrue(error == null || !error.startsWith("internal error"), error);
    }
}
