package wasmbpf.host.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import wasmbpf.host.load.OracleFiles;
import wasmbpf.host.load.RunningKernel;
import wasmbpf.host.load.StandInKernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

/** What {@code doctor} advises a process that may not load programs. */
class ObjectDoctorTest {
    private boolean root;

    private String advice(String file) {
        StandInKernel kernel = new StandInKernel() {
            @Override
            protected Long answer(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
                if (root || call != SystemCall.CAPGET) {
                    return null;
                }
                at(b, 24).fill((byte) 0);
                return 0L;
            }
        };
        return ObjectDoctor.advice(new RunningKernel(kernel, OracleFiles.plain()), file);
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
