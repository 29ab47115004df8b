package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import wasmbpf.host.object.OracleJson;

/** {@code gen min_core_btf}: objects relocate against its output as against the whole, and it is bpftool's byte for byte. */
class MinimalBtfTest {
    private static final Path CORE = Path.of("..", "relo-core", "src", "test", "resources");
    private static final List<Path> OBJECTS = List.of(Path.of("..", "examples", "bootstrap", "bootstrap.bpf.o"),
            Path.of("..", "examples", "runqlat", "runqlat.bpf.o"), CORE.resolve("core/kernel.bpf.o"));

    @TempDir
    private Path dir;
    private Path vmlinux;

    @BeforeEach
    void unpack() throws Exception {
        byte[] zipped = Files.readAllBytes(CORE.resolve("oracle/vmlinux-6.18.44.btf.gz"));
        vmlinux = Files.write(dir.resolve("vmlinux"), new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes());
    }

    private byte[] minimal(Path input, List<Path> objects) throws Exception {
        Path output = dir.resolve("min.btf");
        List<String> command = new ArrayList<>(List.of("gen", "min_core_btf", input.toString(), output.toString()));
        objects.forEach(object -> command.add(object.toString()));
        CommandRun run = CommandRun.of(command.toArray(String[]::new));
        assertEquals(0, run.status(), run.err());
        return Files.readAllBytes(output);
    }

    /** Instructions and verdicts of every program. */
    private List<String> relocated(Path object, Path coreBtf) {
        CommandRun run = CommandRun.of("inspect", "--relocate", "--btf", vmlinux.toString(), "--core-btf", coreBtf.toString(), "-j",
                object.toString());
        assertEquals(0, run.status(), run.err());
        Map<String, Object> rows = OracleJson.object(OracleJson.parse(run.out()));
        List<String> code = new ArrayList<>();
        for (Map<String, Object> program : OracleJson.objects(rows, "programs")) {
            if (program.get("load") != null) {
                code.add(program.get("name") + " " + OracleJson.object(program.get("load")).get("insns"));
            }
        }
        return code;
    }

    @Test
    void objectsRelocateAsAgainstTheWhole() throws Exception {
        byte[] all = minimal(vmlinux, OBJECTS);
        assertTrue(all.length < 20_000, all.length + " bytes");
        Path small = Files.write(dir.resolve("small"), all);
        Path empty = Files.write(dir.resolve("empty"), minimal(vmlinux, List.of(Path.of(Runner.guest("load/values.bpf.o")))));
        assertEquals(25, Files.size(empty), "an object without relocations needs no types");
        // kernel.bpf.o asks for ids of types, which are those of the BTF it is relocated against.
        for (Path object : OBJECTS.subList(0, 2)) {
            List<String> whole = relocated(object, vmlinux);
            assertTrue(!whole.isEmpty());
            assertEquals(whole, relocated(object, small), object.toString());
            assertNotEquals(whole, relocated(object, empty), "what it needs is what makes it the same");
        }
        // Made of the small one, it is the small one.
        assertArrayEquals(all, minimal(small, OBJECTS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fields", "enums", "candidates", "resize", "high_enum"})
    void everyKindOfRelocationFindsWhatItNeeds(String name) throws Exception {
        Path object = CORE.resolve("core/" + name + ".bpf.o");
        Path target = CORE.resolve("core/" + name + ".target.o");
        Path small = Files.write(dir.resolve("small"), minimal(target, List.of(object)));
        List<String> whole = relocated(object, target);
        assertTrue(!whole.isEmpty());
        assertEquals(whole, relocated(object, small));
    }

    @Test
    void itIsWhatBpftoolMakes() throws Exception {
        Path bpftool = Path.of("/usr/sbin/bpftool");
        if (!Files.isExecutable(bpftool)) {
            System.out.println("skipped: bpftool is not installed");
            Assumptions.abort("bpftool is not installed");
        }
        Map<Path, Path> cases = new java.util.LinkedHashMap<>();
        OBJECTS.forEach(object -> cases.put(object, vmlinux));
        // Not candidates, of which bpftool keeps too few.
        for (String name : List.of("fields", "types", "enums", "resize", "wide_bits")) {
            cases.put(CORE.resolve("core/" + name + ".bpf.o"), CORE.resolve("core/" + name + ".target.o"));
        }
        int compared = 0;
        for (Map.Entry<Path, Path> each : cases.entrySet()) {
            Path theirs = dir.resolve("theirs");
            Files.deleteIfExists(theirs);
            Process process = new ProcessBuilder(bpftool.toString(), "gen", "min_core_btf", each.getValue().toString(),
                    theirs.toString(), each.getKey().toString()).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() == 0) {
                assertArrayEquals(Files.readAllBytes(theirs), minimal(each.getValue(), List.of(each.getKey())), each.getKey().toString());
                compared++;
            } else {
                // libbpf 1.1 knows less than the object asks for.
                System.out.println("bpftool: " + each.getKey() + ": " + said.lines().reduce((_, last) -> last).orElse(""));
            }
        }
        assertTrue(compared >= OBJECTS.size(), compared + " compared");
    }

    @Test
    void badInputIsSaidInOneLine() throws Exception {
        Path bad = Files.write(dir.resolve("bad"), new byte[] {1, 2, 3});
        String output = dir.resolve("out").toString();
        for (String[] command : new String[][] {{"gen", "min_core_btf", bad.toString(), output, OBJECTS.getFirst().toString()},
            {"gen", "min_core_btf", vmlinux.toString(), output, bad.toString()}, {"gen", "min_core_btf", vmlinux.toString(), output},
            {"gen", "min_core_btf", vmlinux.toString(), "/not/there/out", OBJECTS.getFirst().toString()}}) {
            CommandRun run = CommandRun.of(command);
            assertTrue(run.status() != 0);
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(!run.err().contains("internal error"), run.err());
        }
    }
}
