package wasmbpf.host.attach;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import wasmbpf.sys.LinuxKernel;

class TracefsTest {
    private static final String ID = "events/sched/sched_process_exec/id";

    @Test
    @Tag("kernel")
    void readsAnEventsNumberWhereTracefsIsMountedNowhere() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "not root: a private mount of tracefs needs CAP_SYS_ADMIN");
        LinuxKernel kernel = LinuxKernel.open();
        byte[] id = Tracefs.readUnmounted(kernel, ID);
        assertNotNull(id);
        Path mounted = Path.of("/sys/kernel/tracing", ID);
        if (Files.isReadable(mounted)) {
            assertArrayEquals(Files.readAllBytes(mounted), id);
        }
        assertNull(Tracefs.readUnmounted(kernel, "events/sched/no_such_event/id"));
    }
}
