package wasmbpf.host.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Reading an object gives what libbpf 1.8 has after bpf_object__open, row by row (oracle/*.open.json). */
class OpenOracleTest {
    @TestFactory
    Stream<DynamicNode> readsWhatLibbpfReads() {
        return OracleJson.OBJECTS.stream().map(object -> {
            ObjectSpec spec = ObjectReader.read(object + ".bpf.o", OracleJson.elf(object), ReadOptions.LIBBPF);
            Map<String, Object> libbpf = OracleJson.open(object);
            List<DynamicNode> tests = new ArrayList<>();
            tests.add(dynamicTest("license", () -> assertEquals(libbpf.get("license"), spec.license())));
            // None of the objects has a section "version": libbpf shows the kernel's own instead.
            tests.add(dynamicTest("version", () -> assertEquals(0, spec.kernelVersion())));
            tests.addAll(rows("map", OracleJson.objects(libbpf, "maps"), spec.maps(), OracleView::map));
            tests.addAll(rows("extern", OracleJson.objects(libbpf, "externs"), spec.externs(), OracleView::extern));
            tests.addAll(rows("program", OracleJson.objects(libbpf, "programs"), spec.programs(),
                    OracleView::program));
            return dynamicContainer(object, tests);
        });
    }

    private static <T> List<DynamicTest> rows(String what, List<Map<String, Object>> expected, List<T> ours,
                                              Function<T, Map<String, Object>> view) {
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(dynamicTest("number of " + what + "s", () -> assertEquals(expected.size(), ours.size())));
        for (int i = 0; i < Math.min(expected.size(), ours.size()); i++) {
            Map<String, Object> row = expected.get(i);
            T spec = ours.get(i);
            tests.add(dynamicTest(what + " " + row.get("name"), () -> assertEquals(row, view.apply(spec))));
        }
        return tests;
    }
}
