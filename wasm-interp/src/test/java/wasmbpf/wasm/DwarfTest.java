package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Traps of modules with debug information, see {@code resources/dwarf}: the expected lines are those of their sources. Both
 * tiers must give the same.
 */
class DwarfTest {
    static byte[] resource(String name) throws IOException {
        try (InputStream in = DwarfTest.class.getResourceAsStream("/dwarf/" + name)) {
            return in.readAllBytes();
        }
    }

    /** What calling {@code run} reports, offsets left out. */
    private static String report(String name, int argument) throws IOException {
        WasmModule module = WasmModule.decode(name, resource(name));
        String report = null;
        for (Tier tier : Arrays.asList(null, JvmTier.always())) {
            ImportLinker imports = new ImportLinker();
            for (Import wanted : module.imports()) {
                imports.add(HostFunction.ofValues(wanted.module(), wanted.name(),
                        ((ExternType.Func) wanted.type()).type().func(),
                        java.util.Collections.nCopies(((ExternType.Func) wanted.type()).type().func().params().size(), "x"),
                        (caller, args) -> {
                            throw new Trap(Trap.Kind.HOST);
                        }));
            }
            try (Instance instance = Instance.instantiate(module, imports, InstanceOptions.DEFAULT.withTier(tier))) {
                Trap trap = assertThrows(Trap.class, () -> instance.exportedFunction("run").invoke(argument));
                assertTrue(report == null || report.equals(trap.report()), trap::report);
                report = trap.report();
            }
        }
        return report.replaceAll("\\+0x[0-9a-f]+", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"divide-O0-v4.wasm", "divide-O0-v5.wasm", "divide-O2-v4.wasm", "divide-O2-v5.wasm"})
    void showsInlinedCalls(String name) throws IOException {
        assertEquals("""
                trap: integer divide by zero
                    at ratio (inlined) /src/divide.c:5:14
                    at scaled (inlined) /src/divide.c:9:12
                    at average (NAME) /src/divide.c:13:12
                    at run (NAME) /src/divide.c:17:12""".replace("NAME", name), report(name, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shapes-O2-v4.wasm", "shapes-O2-v5.wasm"})
    void namesMembersWithTheirClasses(String name) throws IOException {
        assertEquals("""
                trap: integer divide by zero
                    at geo::Box<int>::ratio (inlined) /src/shapes.cpp:6:22
                    at geo::Square::measure(int) (NAME) /src/shapes.cpp:17:20
                    at run (NAME) /src/shapes.cpp:26:19""".replace("NAME", name), report(name, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"shapes-O0-v4.wasm", "shapes-O0-v5.wasm"})
    void showsLinesOfUnoptimisedCode(String name) throws IOException {
        assertEquals("""
                trap: integer divide by zero
                    at geo::Box<int>::ratio() const (NAME) /src/shapes.cpp:6:22
                    at geo::Square::measure(int) (NAME) /src/shapes.cpp:17:20
                    at run (NAME) /src/shapes.cpp:26:19""".replace("NAME", name), report(name, 0));
    }

    @Test
    void showsWhatRustInlines() throws IOException {
        assertEquals("""
                trap: unreachable
                    at core::core_arch::wasm32::unreachable (inlined) LIB:25:5
                    at slices::math::checked (inlined) /src/slices.rs:13:13
                    at slices::math::middle::hc46d4d93f0f7267b (slices-O2.wasm) /src/slices.rs:20:9
                    at run (slices-O2.wasm) /src/slices.rs:26:5""", report("slices-O2.wasm", 0)
                        .replaceAll(" /usr/\\S+/mod.rs", " LIB"));
        assertEquals("""
                trap: unreachable
                    at core::core_arch::wasm32::unreachable::h898b0ce93183f0d7 (slices-O0.wasm) LIB:25:5
                    at slices::math::checked (inlined) /src/slices.rs:13:13
                    at slices::math::middle::hc46d4d93f0f7267b (slices-O0.wasm) /src/slices.rs:20:9
                    at run (slices-O0.wasm) /src/slices.rs:26:5""", report("slices-O0.wasm", 0)
                        .replaceAll(" /usr/\\S+/mod.rs", " LIB"));
    }

    @Test
    void saysNothingAboutModulesWhoseDebugInformationIsElsewhere() {
        WasmEncoder m = new WasmEncoder();
        int f = m.named("f", ":", c -> c.op(OpBytes.UNREACHABLE));
        m.export("f", ExternKind.FUNC, f);
        m.custom("external_debug_info", new byte[] {5, 'x', '.', 'd', 'w', 'o'});
        m.custom("sourceMappingURL", new byte[] {5, 'x', '.', 'm', 'a', 'p'});
        WasmModule module = m.module("m");
        assertEquals(List.of(List.of()), module.sources(module.bodyStart(f) + 1));
    }
}
