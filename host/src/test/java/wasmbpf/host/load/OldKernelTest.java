package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import wasmbpf.core.InsnBuffer;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.sys.BpfAttachType;
import wasmbpf.sys.BpfAttrs.MapCreate;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfHelper;
import wasmbpf.sys.Errno;
import wasmbpf.sys.StructValue;

/**
 * What the loader leaves out or tries again on kernels that lack something; a kernel that lacks nothing is not asked.
 */
class OldKernelTest {
    private static LoadedObject load(StandInKernel kernel, String object, LoadOptions options, String... programs) {
        ObjectSpec spec = ObjectReader.read(object + ".bpf.o", OnThisKernel.bytes(object));
        spec.programs().forEach(program -> program.autoload(List.of(programs).contains(program.name())));
        return new ObjectLoader(kernel, new RunningKernel(kernel, OracleFiles.plain()), options).load(spec);
    }

    /** Refuses every command for which it is true. */
    private abstract static class Refusing extends StandInKernel {
        abstract int refuse(BpfCommand command, StructValue attr);

        @Override
        protected Integer answer(BpfCommand command, StructValue attr) {
            int errno = refuse(command, attr);
            return errno != 0 ? Integer.valueOf(-errno) : super.answer(command, attr);
        }
    }

    private static List<String> helpers(StandInKernel.Call load) {
        InsnBuffer code = InsnBuffer.of(load.bytes(ProgLoad.INSNS), ByteOrder.nativeOrder());
        List<String> helpers = new ArrayList<>();
        for (int i = 0; i < code.count(); i++) {
            if (code.isCall(i) && code.src(i) == 0) {
                helpers.add(BpfHelper.name(code.imm(i)));
            }
        }
        return helpers;
    }

    private static List<StandInKernel.Call> loads(StandInKernel kernel, String program) {
        return kernel.bpfCalls().stream().filter(call -> call.command() == BpfCommand.PROG_LOAD
                && program.equals(call.fields().get(ProgLoad.PROG_NAME))).toList();
    }

    @Test
    void newProbeHelpersBecomeTheOldOneWhereTheyAreMissing() {
        int wanted = BpfHelper.id("probe_read_kernel");
        Refusing old = new Refusing() {
            @Override
            int refuse(BpfCommand command, StructValue attr) {
                if (command != BpfCommand.PROG_LOAD) {
                    return 0;
                }
                byte[] bytes = at(attr.get(ProgLoad.INSNS), attr.pointedBytes(ProgLoad.INSNS))
                        .toArray(ValueLayout.JAVA_BYTE);
                InsnBuffer code = InsnBuffer.of(bytes, ByteOrder.nativeOrder());
                for (int i = 0; i < code.count(); i++) {
                    if (code.isCall(i) && code.imm(i) == wanted) {
                        return Errno.EINVAL;
                    }
                }
                return 0;
            }
        };
        load(old, "refused", LoadOptions.DEFAULT, "missing_field").close();
        List<StandInKernel.Call> loads = loads(old, "missing_field");
        assertTrue(helpers(loads.getFirst()).contains("probe_read_kernel"));
        assertTrue(helpers(loads.getLast()).contains("probe_read"), helpers(loads.getLast())::toString);
        assertTrue(loads.getLast().result() >= 0);
    }

    @Test
    void attachTypeThatMayBeLeftOutIsWhereItIsUnknown() {
        Refusing old = new Refusing() {
            @Override
            int refuse(BpfCommand command, StructValue attr) {
                return command == BpfCommand.PROG_LOAD && attr.get(ProgLoad.EXPECTED_ATTACH_TYPE) != 0 ? Errno.E2BIG : 0;
            }
        };
        try (LoadedObject object = load(old, "network", LoadOptions.DEFAULT, "on_xdp")) {
            assertEquals(0, object.program("on_xdp").expectedAttachType());
        }
        LoadException e = assertThrows(LoadException.class,
                () -> load(old, "network", LoadOptions.DEFAULT, "on_connect4"));
        assertEquals(Errno.E2BIG, e.errno());
    }

    @Test
    void kernelThatLacksNothingIsAskedOnlyWhatLinkingNeeds() {
        StandInKernel kernel = new StandInKernel();
        load(kernel, "network", LoadOptions.DEFAULT, "on_xdp").close();
        long probes = kernel.bpfCalls().stream().filter(call -> call.command() == BpfCommand.PROG_LOAD
                && call.number(ProgLoad.KERN_VERSION) == 0).count();
        assertEquals(1, probes, "the smallest of programs");
    }

    @Test
    void mapIsCreatedWithoutTypesAndWithoutMmapWhereThoseAreRefused() {
        List<String> warnings = new ArrayList<>();
        Refusing old = new Refusing() {
            @Override
            int refuse(BpfCommand command, StructValue attr) {
                return command == BpfCommand.MAP_CREATE && (attr.get(MapCreate.BTF_VALUE_TYPE_ID) != 0
                        || (attr.get(MapCreate.MAP_FLAGS) & 0x400) != 0) ? Errno.EINVAL : 0;
            }
        };
        try (LoadedObject object = load(old, "events", LoadOptions.DEFAULT.withWarnings(warnings::add), "emit")) {
            assertTrue(warnings.stream().anyMatch(line -> line.contains("\"counts\"") && line.contains("without")),
                    warnings::toString);
            assertEquals(null, object.map(".bss").memory());
        }
    }

    @Test
    void btfThatIsRefusedAltogetherIsDoneWithout() {
        List<String> warnings = new ArrayList<>();
        Refusing old = new Refusing() {
            @Override
            int refuse(BpfCommand command, StructValue attr) {
                return command == BpfCommand.BTF_LOAD ? Errno.EINVAL : 0;
            }
        };
        load(old, "events", LoadOptions.DEFAULT.withWarnings(warnings::add), "emit").close();
        assertEquals(1, warnings.stream().filter(line -> line.contains("BTF of object \"events\"")).count());
        assertEquals(0, loads(old, "emit").getLast().number(ProgLoad.FUNC_INFO_CNT));
    }

    @Test
    void btfThatIsRefusedIsAnErrorWhereStructOpsNeedIt() {
        Refusing old = new Refusing() {
            @Override
            int refuse(BpfCommand command, StructValue attr) {
                return command == BpfCommand.BTF_LOAD ? Errno.EINVAL : 0;
            }
        };
        LoadException e = assertThrows(LoadException.class, () -> load(old, "ops", LoadOptions.DEFAULT));
        assertEquals("load BTF of object \"ops\": EINVAL; its struct_ops maps need it", e.getMessage());
    }

    @Test
    void loadIsTriedAgainWhenTheVerifierWasInterrupted() {
        int[] left = {3};
        Refusing busy = new Refusing() {
            @Override
            int refuse(BpfCommand command, StructValue attr) {
                return command == BpfCommand.PROG_LOAD && attr.isSet(ProgLoad.PROG_NAME) && left[0]-- > 0
                        ? Errno.EAGAIN : 0;
            }
        };
        load(busy, "events", LoadOptions.DEFAULT, "emit").close();
        assertEquals(4, loads(busy, "emit").size());
    }

    @Test
    void logBufferGrowsUntilTheWholeLogFits() {
        List<Long> sizes = new ArrayList<>();
        String line = "R1 invalid mem access 'scalar'\n";
        Refusing refusing = new Refusing() {
            @Override
            int refuse(BpfCommand command, StructValue attr) {
                if (command != BpfCommand.PROG_LOAD || !attr.isSet(ProgLoad.PROG_NAME)) {
                    return 0;
                }
                if (attr.get(ProgLoad.LOG_LEVEL) == 0) {
                    return Errno.EACCES;
                }
                long size = attr.get(ProgLoad.LOG_SIZE);
                sizes.add(size);
                if (size < 5_000_000) {
                    return Errno.ENOSPC;
                }
                at(attr.get(ProgLoad.LOG_BUF), size).setString(0, line);
                return Errno.EACCES;
            }
        };
        LoadException e = assertThrows(LoadException.class, () -> load(refusing, "events", LoadOptions.DEFAULT, "emit"));
        assertEquals(line, e.verifierLog().text());
        assertTrue(sizes.size() >= 3 && sizes.getLast() >= 5_000_000, sizes::toString);
        assertEquals("load program \"emit\": EACCES: R1 invalid mem access 'scalar'", e.getMessage());
    }

    @Test
    void recordsLongerThanTheKernelKnowsAreGivenWithZeroTails() {
        // A kernel that knows 8 of 16 bytes of a line record, and says so.
        Refusing old = new Refusing() {
            @Override
            int refuse(BpfCommand command, StructValue attr) {
                if (command == BpfCommand.PROG_LOAD && attr.get(ProgLoad.LINE_INFO_CNT) != 0
                        && loads(this, "emit").isEmpty()) {
                    attr.set(ProgLoad.LINE_INFO_REC_SIZE, 8);
                    return Errno.E2BIG;
                }
                return 0;
            }
        };
        load(old, "events", LoadOptions.DEFAULT, "emit").close();
        byte[] lines = loads(old, "emit").getLast().bytes(ProgLoad.LINE_INFO);
        assertEquals(16, loads(old, "emit").getLast().number(ProgLoad.LINE_INFO_REC_SIZE));
        assertArrayEquals(new byte[8], Arrays.copyOfRange(lines, 8, 16));
    }

    /** What Linux 5.10 says of programs from after its time: EINVAL, and at most statistics in the log. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "guest/cgroup | connect_unix | this kernel has no programs of type BPF_PROG_TYPE_CGROUP_SOCK_ADDR with attach type "
                + "BPF_CGROUP_UNIX_CONNECT",
        "guest/lsm | lsm_cgroup | perhaps this kernel has no attach type BPF_LSM_CGROUP",
        "guest/network | xdp_frags | Linux has xdp.frags since 5.18"})
    void silentRefusalNamesWhatTheKernelMayNotKnow(String object, String program, String advice) {
        Refusing old = new Refusing() {
            @Override
            int refuse(BpfCommand command, StructValue attr) {
                if (command != BpfCommand.PROG_LOAD) {
                    return 0;
                }
                if (attr.isSet(ProgLoad.LOG_BUF)) {
                    at(attr.get(ProgLoad.LOG_BUF), 100).setString(0, "processed 0 insns (limit 1000000) peak_states 0\n");
                }
                int attachType = (int) attr.get(ProgLoad.EXPECTED_ATTACH_TYPE);
                return attr.get(ProgLoad.PROG_FLAGS) != 0 || attachType == BpfAttachType.LSM_CGROUP.number()
                        || attachType == BpfAttachType.CGROUP_UNIX_CONNECT.number() ? Errno.EINVAL : 0;
            }
        };
        LoadException e = assertThrows(LoadException.class, () -> {
            ObjectSpec spec = ObjectReader.read("x.bpf.o", OnThisKernel.resource("/" + object + ".bpf.o"));
            spec.programs().forEach(each -> each.autoload(each.name().equals(program)));
            new ObjectLoader(old, new RunningKernel(old, OracleFiles.plain()), LoadOptions.DEFAULT).load(spec);
        });
        assertEquals("load program \"" + program + "\": EINVAL; " + advice, e.getMessage());
    }
}
