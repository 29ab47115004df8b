package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import wasmbpf.host.load.OnThisKernel;
import wasmbpf.host.object.OracleJson;
import wasmbpf.sys.Fd;

/** {@code doctor} on the running kernel. */
@Tag("kernel")
class DoctorKernelTest {
    private final List<String> openBefore = open();

    private static List<String> open() {
        OnThisKernel.require();
        return Fd.open();
    }

    @Test
    void saysOfEachProgramWhetherItRunsHere() {
        CommandRun run = CommandRun.of("doctor", Runner.guest("load/values.bpf.o"));
        assertEquals(0, run.status(), run.out());
        assertTrue(run.out().contains("values.bpf.o: loads here, 1 programs, "), run.out());
        CommandRun refused = CommandRun.of("doctor", "-j", Runner.guest("object/callback.bpf.o"));
        Map<String, Object> rows = OracleJson.object(OracleJson.parse(refused.out()));
        assertEquals(refused.status() == 0, rows.get("ok"));
        assertTrue(OracleJson.objects(rows, "findings").size() > 5);
        assertEquals(openBefore, Fd.open());
    }

    @Test
    void whatAModuleImportsAndNobodyHasIsNamed(@TempDir Path dir) throws Exception {
        // (module (import "other" "thing" (func (param i64))))
        byte[] other = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 1, 0x60, 1, 0x7e, 0, 2, 15, 1, 5, 'o', 't', 'h', 'e', 'r', 5, 't',
            'h', 'i', 'n', 'g', 0, 0};
        String file = Files.write(dir.resolve("m.wasm"), other).toString();
        CommandRun run = CommandRun.of("doctor", file);
        assertEquals(1, run.status());
        assertTrue(run.out().contains("FAIL  " + file + ": imports what this runner does not have: other.thing\n"), run.out());
        CommandRun good = CommandRun.of("doctor", Runner.guest("guests/tool.wasm"));
        assertEquals(0, good.status(), good.out());
        assertTrue(good.out().contains("tool.wasm: imports nothing that is not here, "), good.out());
    }

    @Test
    void everyProgramThatIsRefusedIsNamedNotOnlyTheFirst() {
        CommandRun whole = CommandRun.of("doctor", Runner.guest("load/probes.bpf.o"));
        long refused = whole.out().lines().filter(line -> line.contains("probes.bpf.o: load program \"")).count();
        int programs = (int) OnThisKernel.open("probes").programs().stream().filter(each -> each.spec().autoload()).count();
        assertTrue(refused == 0 ? whole.out().contains("probes.bpf.o: loads here, " + programs + " programs, ")
                : whole.out().contains((programs - refused) + " of its " + programs + " programs load when"), whole.out());
        CommandRun bad = CommandRun.of("doctor", Runner.guest("object/bad/no_type.bpf.o"));
        assertEquals(1, bad.status());
        assertTrue(bad.out().contains("no_type.bpf.o: no_type: map \"untyped\": has no type"), bad.out());
        assertEquals(openBefore, Fd.open());
    }
}
