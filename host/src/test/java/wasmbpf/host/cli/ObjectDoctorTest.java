package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import wasmbpf.host.load.OracleFiles;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.load.StandInKernel;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/** What {@code doctor} advises a process that may not load programs. */
class ObjectDoctorTest {
    private boolean root;

    /** With no capabilities unless {@code root}, and no tracefs. */
    private final StandInKernel kernel = new StandInKernel() {
        @Override
        protected Long answer(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
            if (call == SystemCall.FACCESSAT) {
                return (long) -Errno.ENOENT;
            }
            if (root) {
                return call == SystemCall.FSOPEN ? (long) -Errno.EPERM : null;
            }
            if (call == SystemCall.CAPGET) {
                at(b, 24).fill((byte) 0);
                return 0L;
            }
            return call == SystemCall.BPF || call == SystemCall.FSOPEN ? (long) -Errno.EPERM : null;
        }

        @Override
        protected Integer answer(BpfCommand command, StructValue attr) {
            return root ? super.answer(command, attr) : Integer.valueOf(-Errno.EPERM);
        }
    };

    private String advice(String file) {
        return ObjectDoctor.advice(new RunningKernel(kernel, OracleFiles.plain()), file);
    }

    @Test
    void aMissingCapabilityIsTheOnlyAdviceForWhatItHides() {
        String object = Path.of("..", "examples", "bootstrap", "bootstrap.bpf.o").toString();
        String said = new DoctorCommand().examine(kernel, new RunningKernel(kernel, OracleFiles.plain()), object).text();
        assertTrue(said.startsWith("FAIL  capabilities: neither CAP_BPF nor CAP_SYS_ADMIN; needs CAP_BPF and CAP_PERFMON"), said);
        assertFalse(said.contains("tracefs"), said);
        root = true;
        said = new DoctorCommand().examine(kernel, new RunningKernel(kernel, OracleFiles.plain()), object).text();
        assertTrue(said.contains("note  tracefs: not mounted"), said);
        assertTrue(said.contains("cannot be attached: tracefs cannot be read"), said);
    }

    @Test
    void capabilitiesAreThoseOfTheProgramsInTheFile() {
        String xdp = "; needs CAP_BPF and CAP_NET_ADMIN; run with sudo, or setpriv --inh-caps +bpf,+net_admin "
                + "--ambient-caps +bpf,+net_admin";
        assertEquals(xdp, advice(Path.of("..", "examples", "xdp", "xdp.wasm").toString()));
        assertEquals(xdp, advice(Path.of("..", "examples", "xdp", "xdp.bpf.o").toString()));
        assertEquals(xdp.replace("NET_ADMIN", "PERFMON").replace("net_admin", "perfmon"),
                advice(Path.of("..", "examples", "bootstrap", "bootstrap.wasm").toString()));
        assertEquals("", advice(Runner.guest("object/bad/no_type.bpf.o")), "what is wrong with it is said elsewhere");
        root = true;
        assertEquals("", advice(Path.of("..", "examples", "xdp", "xdp.wasm").toString()));
    }
}
