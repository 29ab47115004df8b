package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import wasmbpf.host.BpfObject;
import wasmbpf.host.BpfProgram;
import wasmbpf.host.attach.KernelLink;
import wasmbpf.host.attach.Link;
import wasmbpf.host.inspect.KernelLinkInfo;
import wasmbpf.host.inspect.KernelMap;
import wasmbpf.host.inspect.KernelObjects;
import wasmbpf.host.inspect.KernelObjects.Kind;
import wasmbpf.host.inspect.KernelProgram;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.load.OnThisKernel;
import wasmbpf.host.object.OracleJson;
import wasmbpf.sys.Fd;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;

/**
 * {@code prog}, {@code map} and {@code link} on objects that this process loads, against bpftool where it is installed:
 * the same text, byte for byte.
 */
@Tag("kernel")
@Timeout(120)
class KernelObjectKernelTest {
    private static final String BPFTOOL = installed();

    private final Kernel kernel = OnThisKernel.require();
    private final KernelObjects objects = new KernelObjects(kernel);
    private final List<String> openBefore = Fd.open();
    private BpfObject object;

    private static String installed() {
        for (String place : List.of("/usr/sbin/bpftool", "/usr/local/sbin/bpftool", "/sbin/bpftool")) {
            if (Files.isExecutable(Path.of(place))) {
                return place;
            }
        }
        return null;
    }

    @BeforeEach
    void load() {
        object = OnThisKernel.open("values").load(kernel);
        byte[] sample = new byte[samples().spec().valueSize()];
        ByteBuffer value = ByteBuffer.wrap(sample).order(ByteOrder.nativeOrder());
        value.put("a text".getBytes(StandardCharsets.US_ASCII)).position(16).put(new byte[] {1, 2, 3, 4});
        while (value.position() < sample.length) {
            value.put((byte) (0x81 + value.position() * 7));
        }
        samples().update(OnThisKernel.ints(-5), sample);
        samples().update(OnThisKernel.ints(6), new byte[sample.length]);
    }

    @AfterEach
    void leavesNothingOpen() {
        object.close();
        assertEquals(openBefore, Fd.open());
    }

    private LoadedMap samples() {
        return object.map("samples").loaded();
    }

    /** The object's id, asked in another way than by what is tested. */
    private static String id(int fd, String key) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd))) {
                if (line.startsWith(key + ":")) {
                    return line.substring(key.length() + 1).strip();
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("no " + key);
    }

    private String map(String name) {
        return id(object.map(name).fd(), "map_id");
    }

    private String program() {
        return id(object.program("a_program_of_a_long_name").fd(), "prog_id");
    }

    private KernelProgram programFacts() {
        try (Fd fd = objects.open(Kind.PROGRAM, Integer.parseInt(program()))) {
            return KernelProgram.of(objects, fd);
        }
    }

    /** Runs a command line, words split at blanks. */
    private static CommandRun ok(String commandLine) {
        CommandRun run = CommandRun.of(commandLine.split(" "));
        assertEquals(0, run.status(), run.err());
        assertEquals("", run.err());
        return run;
    }

    /** What bpftool prints, without who holds what: that needs a bpftool built with clang, and is us. */
    private static String bpftool(String commandLine) throws Exception {
        List<String> command = new ArrayList<>(List.of(BPFTOOL));
        command.addAll(List.of(commandLine.split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out.replaceAll("\n\tpids [^\n]*", "").replaceAll(",\"pids\":\\[[^\\]]*\\]", "");
    }

    @Test
    void printsWhatBpftoolPrints() throws Exception {
        if (BPFTOOL == null) {
            OnThisKernel.abort("bpftool is not installed");
        }
        List<String> differing = new ArrayList<>();
        for (String command : List.of("prog show id PROG", "-j prog show id PROG", "-p prog show id PROG",
                "prog dump xlated id PROG", "prog dump xlated id PROG opcodes", "prog dump xlated id PROG linum",
                "-j prog dump xlated id PROG opcodes", "-p prog dump xlated id PROG linum", "map show id SAMPLES",
                "-j map show id SAMPLES", "-p map show id CPU", "map show id RODATA", "map show id PROGRAMS",
                "-j map show id PROGRAMS", "map dump id SAMPLES", "-j map dump id SAMPLES", "-p map dump id SAMPLES",
                "map lookup id SAMPLES key 6 0 0 0", "-j map lookup id SAMPLES key 6 0 0 0",
                "-j map lookup id SAMPLES key 9 9 9 9", "map lookup id SAMPLES key hex fb ff ff ff",
                "map getnext id UNTYPED", "map getnext id UNTYPED key 0 0 0 0", "map dump id CPU", "-j map dump id CPU",
                "-p map lookup id CPU key 1 0 0 0", "map dump id UNTYPED", "-j map dump id UNTYPED",
                "map lookup id UNTYPED key 0x1 0 0 0", "map dump id DATA", "-j map dump id DATA", "map dump id RODATA",
                "map dump id PROGRAMS", "map dump id MAPS")) {
            String named = command.replace("PROGRAMS", map("programs")).replace("PROG", program())
                    .replace("SAMPLES", map("samples")).replace("CPU", map("each_cpu")).replace("UNTYPED", map("untyped"))
                    .replace("RODATA", map(".rodata")).replace("DATA", map(".data")).replace("MAPS", map("maps_of_arrays"));
            String theirs = bpftool(named);
            String ours = CommandRun.of(named.split(" ")).out();
            if (!theirs.strip().equals(ours.strip())) {
                differing.add("\n$ " + command + "\nbpftool:\n" + theirs + "\nours:\n" + ours);
            }
        }
        assertEquals(List.of(), differing);
    }

    @Test
    void listsHaveWhatWasLoadedByItsWholeName() {
        String text = ok("prog show name a_program_of_a_long_name").out();
        assertTrue(text.contains(": socket_filter  name a_program_of_a_long_name  tag "), text);
        assertTrue(text.contains("map_ids "), text);
        assertTrue(ok("prog list").out().contains(ok("prog show id " + program()).out()));
        assertTrue(ok("prog").out().contains(" name a_program_of_a_long_name "));
        String maps = ok("map list -o jsonl").out();
        String row = maps.lines().filter(line -> line.contains("\"id\":" + map("each_cpu") + ",")).findFirst().orElseThrow();
        Map<String, Object> each = OracleJson.object(OracleJson.parse(row));
        assertEquals("percpu_array", each.get("type"));
        assertEquals(8L, each.get("bytes_value"));
        assertTrue(ok("prog show tag " + programFacts().tag()).out().contains("tag " + programFacts().tag()));
    }

    @Test
    void elementsAreSetAndRemovedAsBpftoolDoes() {
        String id = map("untyped");
        ok("map update id " + id + " key 1 0 0 0 value hex 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 ff");
        assertEquals((byte) 0xff, object.map("untyped").loaded().lookup(OnThisKernel.ints(1))[19]);
        assertEquals("null\n", ok("-j map delete id " + map("samples") + " key 6 0 0 0").out());
        assertEquals(null, samples().lookup(OnThisKernel.ints(6)));
        assertEquals(1, CommandRun.of(("map delete id " + map("samples") + " key 6 0 0 0").split(" ")).status());
        ok("map push id " + map("queue") + " value 1 2 3 010");
        assertEquals("value: 01 02 03 08\n", ok("map peek id " + map("queue")).out());
        assertEquals("{\"value\":[\"0x01\",\"0x02\",\"0x03\",\"0x08\"]}\n", ok("-j map pop id " + map("queue")).out());
        ok("map update id " + map("each_cpu") + " key 1 0 0 0 value 1 0 0 0 2 0 0 0");
        byte[] every = object.map("each_cpu").loaded().lookup(OnThisKernel.ints(1));
        for (int at = 0; at < every.length; at += 8) {
            assertEquals(1, every[at]);
            assertEquals(2, every[at + 4]);
        }
        ok("map update id " + map("programs") + " key 1 0 0 0 value id " + program() + " any");
        assertTrue(ok("map dump id " + map("programs")).out().contains("value: "));
        ok("map update id " + map("maps_of_arrays") + " key 0 0 0 0 value id " + id + " any");
    }

    @Test
    void whatIsNotThereOrNotSaidIsSaidInOneLine() {
        for (String command : List.of("prog show id 4294967295", "map dump name not_there", "link show id 4294967295",
                "map show pinned /not/there", "map lookup id " + map("samples") + " key 1 2", "map lookup id x key 1",
                "prog dump xlated", "map update id " + map("samples") + " key 1 2 3 999", "prog frob", "prog show colour red",
                "map getnext id " + map("untyped") + " key 1 0 0 0 0", "map show -o xml", "map pop id " + map("untyped"))) {
            CommandRun run = CommandRun.of(command.split(" "));
            assertFalse(run.status() == 0, command);
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().startsWith("wasm-bpf: "), run.err());
            assertFalse(run.err().contains("internal error"), run.err());
        }
    }

    @Test
    void codeIsWrittenToFilesAndShownInHex(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("code");
        ok("prog dump xlated id " + program() + " file " + file);
        assertEquals(programFacts().xlatedBytes(), Files.size(file));
        if (programFacts().jitedBytes() > 0) {
            ok("prog dump jited id " + program() + " file " + file);
            assertEquals(programFacts().jitedBytes(), Files.size(file));
            String text = ok("prog dump jited id " + program()).out();
            assertTrue(text.contains("a_program_of_a_"), text);
            assertTrue(text.contains(":\n   0:\t"), text);
            assertTrue(text.contains("add:\n"), text);
        }
    }

    @Test
    void linksAreShownPinnedAndDetached() throws Exception {
        OnThisKernel.requireMounted(kernel, "bpf", "/sys/fs/bpf", Linux.BPF_FS_MAGIC);
        String pin = "/sys/fs/bpf/wasm-bpf-test-" + ProcessHandle.current().pid();
        try (BpfObject iterators = OnThisKernel.open("iterators")) {
            // Some kernels refuse it by a policy, and it is not needed here.
            iterators.program("each_element").spec().autoload(false);
            iterators.load(kernel);
            BpfProgram maps = iterators.programs().stream().filter(p -> p.spec().sectionName().equals("iter/bpf_map"))
                    .findFirst().orElseThrow();
            KernelLink link = (KernelLink) maps.attach();
            String id = id(link.fd(), "link_id");
            String text = ok("link show id " + id).out();
            assertEquals(id + ": iter  prog " + id(maps.fd(), "prog_id") + "  \n\ttarget_name bpf_map  \n", text);
            try (Fd fd = objects.open(Kind.LINK, Integer.parseInt(id))) {
                assertEquals("bpf_map", KernelLinkInfo.of(objects, fd).details().get("target_name"));
            }
            if (BPFTOOL != null) {
                assertEquals(bpftool("-j link show id " + id).strip(), ok("-j link show id " + id).out().strip());
            }
            try {
                ok("link pin id " + id + " " + pin);
                assertTrue(ok("-f link list").out().contains("\tpinned " + pin + "\n"));
                assertEquals(text, ok("link show pinned " + pin).out());
                CommandRun taken = CommandRun.of("link", "pin", "id", id, pin);
                assertTrue(taken.err().contains("EEXIST"), taken.err());
                // An iterator's link cannot be detached: that is said, with what to do.
                CommandRun detach = CommandRun.of("link", "detach", "id", id);
                assertEquals(1, detach.status());
                assertTrue(detach.err().contains("detach link: EOPNOTSUPP"), detach.err());
                CommandRun other = CommandRun.of("map", "show", "pinned", pin);
                assertTrue(other.err().contains("which is no map"), other.err());
            } finally {
                Files.deleteIfExists(Path.of(pin));
            }
            try {
                ok("map pin id " + map("samples") + " " + pin);
                assertTrue(ok("-f map show id " + map("samples")).out().contains("\n\tpinned " + pin + "\n"));
                try (Fd pinned = objects.openPinned(Kind.MAP, pin)) {
                    assertEquals("samples", KernelMap.of(objects, pinned).name());
                }
            } finally {
                Files.deleteIfExists(Path.of(pin));
            }
        }
    }

    /** Every kind of link that this kernel attaches by itself: what older bpftools know too is as they print it. */
    @Test
    void linksSayWhatIsAttachedWhere() throws Exception {
        List<String> differing = new ArrayList<>();
        try (BpfObject attached = OnThisKernel.open("attach").load(kernel)) {
            List<Link> links = attached.attach();
            assertTrue(links.size() >= 5, links.toString());
            for (Link link : links) {
                for (int fd : link.fds()) {
                    String id = id(fd, "link_id");
                    String text = ok("link show id " + id).out();
                    Map<String, Object> row = OracleJson.object(OracleJson.parse(ok("-j link show id " + id).out()));
                    assertEquals(Long.parseLong(id), row.get("id"));
                    assertEquals(id(fd, "prog_id"), row.get("prog_id").toString());
                    String section = attached.programs().stream()
                            .filter(each -> id(each.fd(), "prog_id").equals(row.get("prog_id").toString()))
                            .findFirst().orElseThrow().spec().sectionName();
                    String where = switch (section) {
                        case "tracepoint/syscalls/sys_enter_getppid" -> ": perf_event  prog %s  \n\ttracepoint sys_enter_getppid  \n";
                        case "raw_tp/sys_enter", "tp_btf/sys_enter" -> ": raw_tracepoint  prog %s  \n\ttp 'sys_enter'  \n";
                        case "uprobe/libc.so.6:a64l" -> ": perf_event  prog %s  \n\tuprobe /";
                        case "uretprobe/libc.so.6:a64l" -> ": perf_event  prog %s  \n\turetprobe /";
                        case "uprobe.multi/libc.so.6:?64l" -> ": uprobe_multi  prog %s  \n\tuprobe.multi  path /";
                        default -> throw new AssertionError(section + ": " + text);
                    };
                    assertTrue(text.startsWith(id + where.formatted(row.get("prog_id")).stripTrailing()),
                            section + ": " + text);
                    if (BPFTOOL != null) {
                        String theirs = bpftool("link show id " + id);
                        // 7.1 knows no links newer than it: "type 12".
                        if (!theirs.contains(": type ") && !text.startsWith(theirs.stripTrailing())) {
                            differing.add(section + "\nbpftool:\n" + theirs + "ours:\n" + text);
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), differing);
    }
}
