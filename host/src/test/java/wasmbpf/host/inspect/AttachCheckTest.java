package wasmbpf.host.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import wasmbpf.host.load.OracleFiles;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.load.StandInKernel;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.OracleJson;
import wasmbpf.host.object.ProgramSpec;
import wasmbpf.sys.Errno;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/** What a kernel's files tell about the targets of programs (the sections of oracle/sec_table). */
class AttachCheckTest {
    private final ObjectSpec spec = ObjectReader.read("sec_table.bpf.o", OracleJson.elf("sec_table"));
    /** What a mount of tracefs of our own shows; null where tracefs is mounted, or nobody may mount it. */
    private Set<String> unmounted;
    private final StandInKernel kernel = new StandInKernel() {
        @Override
        protected Long answer(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
            if (unmounted == null) {
                return null;
            }
            return switch (call) {
                case FACCESSAT -> (long) -Errno.ENOENT;
                case FSOPEN, FSMOUNT -> unmounted.isEmpty() ? (long) -Errno.EPERM : (long) newFd(call.name());
                case OPENAT -> unmounted.contains(string(b)) ? null : (Long) (long) -Errno.ENOENT;
                default -> null;
            };
        }
    };
    private final OracleFiles files = OracleFiles.plain();

    private String problem(String section) {
        ProgramSpec program = spec.programs().stream().filter(each -> each.sectionName().equals(section)).findFirst()
                .orElseThrow(() -> new AssertionError("no section " + section));
        return new AttachCheck(new RunningKernel(kernel, files)).problem(program);
    }

    private void says(String section, String part) {
        String problem = problem(section);
        assertTrue(problem != null && problem.contains(part), section + ": " + problem);
    }

    @Test
    void tracepointsAreLookedUpInTracefs() {
        says("tp/sched/sched_switch", "tracefs cannot be read");
        files.put("/sys/kernel/tracing/events/header_page", "field: u64 timestamp;\n");
        says("tp/sched/sched_switch", "no tracepoint sched/sched_switch; ls /sys/kernel/tracing/events");
        files.put("/sys/kernel/tracing/events/sched/sched_switch/id", "314\n");
        assertNull(problem("tp/sched/sched_switch"));
        assertNull(problem("tracepoint"), "a bare section is attached by hand");
    }

    @Test
    void tracepointsAreFoundWhereTracefsIsMountedNowhere() {
        unmounted = Set.of("events/header_page", "events/sched/sched_switch/id");
        assertNull(problem("tp/sched/sched_switch"));
        unmounted = Set.of("events/header_page");
        says("tp/sched/sched_switch", "this kernel has no tracepoint sched/sched_switch");
        assertEquals(Map.of(), kernel.openDescriptors());
        unmounted = Set.of();
        says("tp/sched/sched_switch", "tracefs cannot be read");
    }

    @Test
    void rawTracepointsAreInTheKernelsTypes() {
        assertNull(problem("raw_tp/sched_switch"));
        says("raw_tp/some_func", "no tracepoint some_func");
    }

    @Test
    void probesNeedTheKernelsPart() {
        files.put("/proc/kallsyms", "ffffffff81000000 T _stext\nffffffff81000010 t do_unlinkat\n");
        says("kprobe/some_func", "no function some_func; grep some_func /proc/kallsyms");
        files.put("/proc/kallsyms", "ffffffff81000000 T _stext\nffffffff81000010 t some_func\nffffffff81000020 T __se_sys_some_func\n");
        assertNull(problem("kprobe/some_func"));
        assertNull(problem("ksyscall/some_func"));
        files.without("/sys/bus/event_source/devices/kprobe/type");
        says("kprobe/some_func", "no kprobes (CONFIG_KPROBE_EVENTS)");
        says("uprobe/some_func", "no uprobes (CONFIG_UPROBE_EVENTS)");
    }

    @Test
    void securityModulesHaveToBeOn() {
        assertNull(problem("lsm/file_open"));
        files.put("/sys/kernel/security/lsm", "lockdown,capability,yama\n");
        says("lsm/file_open", "bpf is not among the security modules (lockdown,capability,yama); boot with lsm=");
        files.put("/sys/kernel/security/lsm", "lockdown,capability,bpf\n");
        assertNull(problem("lsm/file_open"));
        assertEquals(null, problem("xdp"));
    }
}
