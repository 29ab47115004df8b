package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import wasmbpf.host.object.ObjectReader;
import wasmbpf.sys.BpfAttrs.BtfLoad;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfFlags;
import wasmbpf.sys.StructValue;

/** BPF tokens: given where a BPF file system delegates, they go along with all that is made. */
class TokenTest {
    private static final int TOKEN = 99;

    private static final class Delegating extends StandInKernel {
        @Override
        protected Integer answer(BpfCommand command, StructValue attr) {
            if (command == BpfCommand.TOKEN_CREATE) {
                openDescriptors().put(TOKEN, "token");
                return TOKEN;
            }
            return super.answer(command, attr);
        }
    }

    private static LoadedObject load(StandInKernel kernel, LoadOptions options) {
        return new ObjectLoader(kernel, new RunningKernel(kernel, OracleFiles.plain()), options)
                .load(ObjectReader.read("events.bpf.o", OnThisKernel.bytes("events")));
    }

    @Test
    void aTokenGoesAlongWithAllThatIsMade() {
        StandInKernel kernel = new Delegating();
        load(kernel, LoadOptions.DEFAULT.withTokenDirectory(null)).close();
        int made = 0;
        for (StandInKernel.Call call : kernel.bpfCalls()) {
            boolean named;
            long flags;
            long token;
            switch (call.command()) {
                case MAP_CREATE -> {
                    named = call.text(MapCreate.MAP_NAME) != null;
                    flags = call.number(MapCreate.MAP_FLAGS);
                    token = call.number(MapCreate.MAP_TOKEN_FD);
                }
                case PROG_LOAD -> {
                    named = call.text(ProgLoad.PROG_NAME) != null;
                    flags = call.number(ProgLoad.PROG_FLAGS);
                    token = call.number(ProgLoad.PROG_TOKEN_FD);
                }
                case BTF_LOAD -> {
                    named = call.number(BtfLoad.BTF_SIZE) > 1000;
                    flags = call.number(BtfLoad.BTF_FLAGS);
                    token = call.number(BtfLoad.BTF_TOKEN_FD);
                }
                default -> {
                    continue;
                }
            }
            if (!named) {
                // What is made to find out what the kernel knows.
                continue;
            }
            assertEquals(TOKEN, token, call::toString);
            assertEquals(BpfFlags.BPF_F_TOKEN_FD, flags & BpfFlags.BPF_F_TOKEN_FD, call::toString);
            made++;
        }
        assertTrue(made > 5, "made " + made);
        assertEquals(Map.of(), kernel.openDescriptors());
    }

    @Test
    void anEmptyDirectoryIsNotAsked() {
        StandInKernel kernel = new Delegating();
        load(kernel, LoadOptions.DEFAULT.withTokenDirectory("")).close();
        assertEquals(List.of(), kernel.bpfCalls().stream().filter(call -> call.command() == BpfCommand.TOKEN_CREATE)
                .toList());
    }

    @Test
    void aDirectoryThatWasNamedHasToGiveOne() {
        LoadException e = assertThrows(LoadException.class,
                () -> load(new StandInKernel(), LoadOptions.DEFAULT.withTokenDirectory("/run/bpf")));
        assertTrue(e.getMessage().startsWith("create a BPF token on /run/bpf: ENOENT"), e.getMessage());
    }
}
