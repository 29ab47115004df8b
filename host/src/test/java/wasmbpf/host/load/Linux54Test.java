package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import wasmbpf.core.InsnBuffer;
import wasmbpf.host.attach.Attacher;
import wasmbpf.host.attach.Link;
import wasmbpf.host.buffer.PerfBuffer;
import wasmbpf.host.buffer.Poller;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfHelper;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Fd;

/** A tool made today, on a kernel of 2019: loaded, attached, its events polled, with what that kernel has. */
class Linux54Test {
    private final Linux54 kernel = new Linux54();
    private final RunningKernel running = new RunningKernel(kernel, Linux54.files());
    private final List<String> warnings = new ArrayList<>();

    private LoadedObject load(String name) {
        ObjectSpec spec = ObjectReader.read(name + ".bpf.o", OnThisKernel.bytes(name));
        return new ObjectLoader(kernel, running, LoadOptions.DEFAULT.withWarnings(warnings::add)).load(spec);
    }

    private StandInKernel.Call last(BpfCommand command, String name) {
        return kernel.bpfCalls().stream().filter(call -> call.command() == command && call.result() >= 0
                && name.equals(call.text(command == BpfCommand.MAP_CREATE ? MapCreate.MAP_NAME : ProgLoad.PROG_NAME)))
                .toList().getLast();
    }

    @Test
    void loadsAttachesAndPolls() {
        List<String> openBefore = Fd.open();
        try (LoadedObject object = load("old")) {
            assertEquals(5, object.programs().size());
            Attacher attacher = new Attacher(object);
            List<Link> links = attacher.attachAll();
            assertEquals(3, links.size(), links::toString);
            Link xdp = attacher.attach(object.program("on_xdp"), "eth0");
            Link cgroup = attacher.attach(object.program("on_connect4"), "/sys/fs/cgroup/unified");
            assertEquals(Set.of("attach type 10", "xdp"), kernel.kept());
            PerfBuffer events = object.keep(PerfBuffer.open(kernel, "events", object.map("events").fd(),
                    running.cpus().online(), 2, 4096));
            Poller poller = object.keep(new Poller(kernel));
            poller.add(events);
            assertEquals(0, poller.poll(0, (address, size) -> 0));
            xdp.close();
            cgroup.close();
        }
        assertEquals(Set.of(), kernel.kept());
        assertEquals(Map.of(), kernel.openDescriptors());
        assertEquals(openBefore, Fd.open());
        assertTrue(kernel.memoryLimitRaised());
        assertEquals(List.of(), warnings);
    }

    @Test
    void newHelpersAreReplacedByOldOnes() {
        load("old").close();
        StandInKernel.Call load = last(BpfCommand.PROG_LOAD, "on_tracepoint");
        InsnBuffer code = InsnBuffer.of(load.bytes(ProgLoad.INSNS), ByteOrder.nativeOrder());
        List<String> helpers = new ArrayList<>();
        for (int i = 0; i < code.count(); i++) {
            if (code.isCall(i) && code.src(i) == 0) {
                helpers.add(BpfHelper.name(code.imm(i)));
            }
        }
        assertEquals(List.of("probe_read", "probe_read_str", "perf_event_output", "map_update_elem"), helpers);
        assertEquals(5 << 16 | 4 << 8, load.number(ProgLoad.KERN_VERSION));
    }

    /** Line numbers in the verifier's log, and maps that tools can print. */
    @Test
    void typesAreLoadedInOldWords() {
        try (LoadedObject object = load("old")) {
            assertTrue(last(BpfCommand.PROG_LOAD, "on_tracepoint").number(ProgLoad.FUNC_INFO_CNT) == 2);
            assertTrue(last(BpfCommand.MAP_CREATE, "values").number(MapCreate.BTF_VALUE_TYPE_ID) != 0);
            StandInKernel.Call data = last(BpfCommand.MAP_CREATE, "old.bss");
            assertTrue(data.number(MapCreate.BTF_VALUE_TYPE_ID) != 0);
            assertEquals(0, data.number(MapCreate.MAP_FLAGS));
            assertNull(object.map(".bss").memory(), "there is no mmap of maps");
        }
    }

    @Test
    void whatTheKernelCannotDoIsNamed() {
        LoadException e = assertThrows(LoadException.class, () -> load("events"));
        assertEquals(Errno.EINVAL, e.errno());
        assertTrue(e.getMessage().startsWith("create map \"rb\": EINVAL") && e.getMessage().contains("RINGBUF"),
                e.getMessage());
        assertEquals(Map.of(), kernel.openDescriptors());
    }
}
