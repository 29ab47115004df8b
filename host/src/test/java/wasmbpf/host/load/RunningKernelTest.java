package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfReader;
import wasmbpf.host.object.ObjectException;
import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.host.object.OracleJson;
import wasmbpf.sys.BpfAttrs.GetId;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.BpfMapType;
import wasmbpf.sys.BpfProgType;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Linux;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;

class RunningKernelTest {
    private static final ObjectSpec OLD = ObjectReader.read("old.bpf.o", OnThisKernel.bytes("old"));
    private final StandInKernel kernel = new StandInKernel();

    private RunningKernel with(OracleFiles files) {
        return new RunningKernel(kernel, files);
    }

    @ParameterizedTest
    @CsvSource({"6.18.44-fc-v595, 0x6122c", "5.4.0-42-generic, 0x50400", "4.14.305, 0x40eff", "6.1, 0", "x, 0", "'', 0"})
    void versionOfARelease(String release, String version) {
        assertEquals((int) Long.decode(version).longValue(), RunningKernel.version(release));
    }

    @Test
    void versionOfDistributionsWhoseReleaseDoesNotSay() {
        assertEquals(5 << 16 | 4 << 8 | 148, with(OracleFiles.plain()
                .put("/proc/version_signature", "Ubuntu 5.4.0-12.15-generic 5.4.148\n")).version());
        assertEquals(5 << 16 | 10 << 8 | 209, with(OracleFiles.plain()
                .put("/proc/sys/kernel/version", "#1 SMP Debian 5.10.209-2 (2024-01-31)\n")).version());
        assertEquals(6 << 16 | 18 << 8 | 44, with(OracleFiles.plain()).version());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0-3, 0 1 2 3", "'0,2-3,7', 0 2 3 7"})
    void listOfCpus(String text, String numbers) {
        assertEquals(numbers, String.join(" ", Cpus.parse("f", text + "\n").stream().map(Object::toString).toList()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "3-1", "-1", "0-99999999999", "0-1048576"})
    void damagedListOfCpusIsAnErrorThatNamesTheFile(String text) {
        LoadException e = assertThrows(LoadException.class, () -> Cpus.parse("/sys/cpus", text));
        assertTrue(e.getMessage().contains("/sys/cpus"), e.getMessage());
    }

    @Test
    void onlyCpusWithASlotInTheMap() {
        assertEquals(List.of(0, 2), new Cpus(8, List.of(0, 2, 5)).online(4));
    }

    @Test
    void pageSizeOfTheAuxiliaryVector() {
        assertEquals(4096, with(OracleFiles.plain()).pageSize());
        ByteBuffer auxv = ByteBuffer.allocate(48).order(ByteOrder.nativeOrder());
        auxv.putLong(3).putLong(99).putLong(6).putLong(65536).putLong(0).putLong(0);
        OracleFiles files = OracleFiles.plain();
        assertEquals(65536, new RunningKernel(kernel,
                path -> path.equals("/proc/self/auxv") ? auxv.array() : files.read(path)).pageSize());
    }

    @Test
    void kernelWithoutBtfHasNone() {
        assertNull(with(OracleFiles.plain().without("/sys/kernel/btf/vmlinux")).vmlinux());
        try (LoadFacts facts = new LoadFacts(kernel, with(OracleFiles.plain().without("/sys/kernel/btf/vmlinux")),
                LoadOptions.DEFAULT, OLD)) {
            ObjectException e = assertThrows(ObjectException.class, facts::coreTargets);
            assertTrue(e.getMessage().contains("CONFIG_DEBUG_INFO_BTF"), e.getMessage());
        }
    }

    @Test
    void eachFeatureIsTriedOnce() {
        RunningKernel running = with(OracleFiles.plain());
        assertTrue(running.has(KernelFeatures.Feature.PROG_NAME));
        assertTrue(running.has(KernelFeatures.Feature.PROG_NAME));
        assertEquals(1, kernel.bpfCalls().size());
    }

    /** Linux 5.10 has BTF objects of programs to list but no name in bpf_btf_info, and refuses longer structs. */
    @Test
    void kernelBeforeModulesHadBtfHasNoModules() {
        StandInKernel old = new StandInKernel() {
            @Override
            protected Integer answer(BpfCommand command, StructValue attr) {
                return switch (command) {
                    case BTF_GET_NEXT_ID -> {
                        boolean first = attr.get(GetId.START_ID) == 0;
                        attr.set(GetId.NEXT_ID, 1);
                        yield first ? 0 : -Errno.ENOENT;
                    }
                    case OBJ_GET_INFO_BY_FD -> -Errno.E2BIG;
                    default -> super.answer(command, attr);
                };
            }
        };
        assertEquals(List.of(), KernelModule.all(old, null));
        assertEquals(Map.of(), old.openDescriptors());
    }

    @Test
    void symbolsAreReadWithTheirModulesCutOff() {
        List<String> seen = new ArrayList<>();
        try (LoadFacts facts = new LoadFacts(kernel, with(OracleFiles.plain().put("/proc/kallsyms",
                "ffffffff81000000 T _text\n0000000000000000 d hidden\nffffffffc0000000 t helper\t[module]\nbad\n")),
                LoadOptions.DEFAULT, OLD)) {
            facts.kallsyms((address, type, name) -> seen.add(Long.toHexString(address) + type + name));
        }
        assertEquals(List.of("ffffffff81000000T_text", "0dhidden", "ffffffffc0000000thelper"), seen);
    }

    @Test
    void configurationIsReadFromBootOrProcOnceTheUsersLinesAreOver() {
        List<String> lines = new ArrayList<>();
        try (LoadFacts facts = new LoadFacts(kernel, with(OracleFiles.plain()
                .put("/boot/config-6.18.44-fc-v595", "CONFIG_B=y\nCONFIG_C=y\n")),
                LoadOptions.DEFAULT.withKconfig("CONFIG_A=y"), OLD)) {
            facts.kconfig(line -> lines.add(line) && lines.size() < 2);
        }
        assertEquals(List.of("CONFIG_A=y", "CONFIG_B=y"), lines);
    }

    // ---- privileges ----

    private static StandInKernel withCapabilities(long held) {
        return new StandInKernel() {
            @Override
            protected Long answer(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
                if (call == SystemCall.CAPGET) {
                    var sets = at(b, 24).asByteBuffer().order(ByteOrder.nativeOrder());
                    sets.putInt(0, (int) held).putInt(12, (int) (held >>> 32));
                    return 0L;
                }
                return null;
            }

            @Override
            protected Integer answer(BpfCommand command, StructValue attr) {
                return command == BpfCommand.PROG_LOAD ? Integer.valueOf(-Errno.EPERM) : super.answer(command, attr);
            }
        };
    }

    @Test
    void missingCapabilityIsNamedWithWhatToDo() {
        StandInKernel poor = withCapabilities(0);
        Privileges privileges = Privileges.forProgram(new RunningKernel(poor, OracleFiles.plain()), BpfProgType.TRACEPOINT);
        assertTrue(privileges.missing());
        assertEquals("; needs CAP_BPF and CAP_PERFMON; run with sudo, or setpriv --inh-caps +bpf,+perfmon "
                + "--ambient-caps +bpf,+perfmon", privileges.advice());
        StandInKernel half = withCapabilities(1L << Linux.CAP_BPF);
        RunningKernel running = new RunningKernel(half, OracleFiles.plain());
        assertEquals("; needs CAP_BPF and CAP_NET_ADMIN; run with sudo, or setpriv --inh-caps +bpf,+net_admin "
                + "--ambient-caps +bpf,+net_admin", Privileges.forProgram(running, BpfProgType.XDP).advice());
        assertEquals(false, Privileges.forProgram(running, BpfProgType.SOCKET_FILTER).missing());
    }

    @Test
    void firstRefusalNamesWhatTheWholeObjectNeeds() throws IOException {
        var spec = ObjectReader.read("xdp.bpf.o", Files.readAllBytes(Path.of(System.getProperty("project.root"),
                "examples/xdp/xdp.bpf.o")));
        StandInKernel poor = withCapabilities(0);
        ObjectLoader loader = new ObjectLoader(poor, new RunningKernel(poor, OracleFiles.plain()), LoadOptions.DEFAULT);
        LoadException e = assertThrows(LoadException.class, () -> loader.load(spec));
        assertEquals("load BPF programs: EPERM; needs CAP_BPF and CAP_NET_ADMIN; run with sudo, or setpriv "
                + "--inh-caps +bpf,+net_admin --ambient-caps +bpf,+net_admin", e.getMessage());
        RunningKernel half = new RunningKernel(withCapabilities(1L << Linux.CAP_BPF), OracleFiles.plain());
        assertTrue(Privileges.forMap(half, BpfMapType.SOCKHASH).advice().startsWith("; needs CAP_BPF and CAP_NET_ADMIN;"));
        assertEquals(false, Privileges.forMap(half, BpfMapType.LPM_TRIE).missing());
    }

    @Test
    void theVerifierIsStricterWithoutPerfmon() {
        RunningKernel half = new RunningKernel(withCapabilities(1L << Linux.CAP_BPF | 1L << Linux.CAP_NET_ADMIN), OracleFiles.plain());
        assertTrue(Privileges.strict(half).startsWith("; without CAP_PERFMON "), Privileges.strict(half));
        assertEquals("", Privileges.strict(new RunningKernel(withCapabilities(1L << Linux.CAP_PERFMON), OracleFiles.plain())));
        assertEquals("", Privileges.strict(new RunningKernel(withCapabilities(1L << Linux.CAP_SYS_ADMIN), OracleFiles.plain())));
    }

    @Test
    void refusalWithEveryCapabilityIsAPolicyOfTheKernel() {
        StandInKernel rich = withCapabilities(-1);
        RunningKernel running = new RunningKernel(rich, OracleFiles.plain()
                .put("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n"));
        assertEquals(false, Privileges.forProgram(running, BpfProgType.LSM).missing());
        assertTrue(Privileges.refusedByPolicy(running, BpfProgType.LSM).contains(
                "a policy of this kernel (lockdown integrity) forbids programs of type BPF_PROG_TYPE_LSM"));
    }

    @Test
    void memoryLimitIsRaisedOnceWhereTheKernelCountsAgainstIt() {
        int[] refused = {0};
        StandInKernel old = new StandInKernel() {
            @Override
            protected Integer answer(BpfCommand command, StructValue attr) {
                if (command == BpfCommand.MAP_CREATE && refused[0]++ == 0) {
                    return -Errno.EPERM;
                }
                // bpf_ktime_get_coarse_ns, by which newer kernels are known.
                return command == BpfCommand.PROG_LOAD && attr.pointedBytes(ProgLoad.INSNS) == 16
                        && calls().stream().anyMatch(call -> call.command() == BpfCommand.MAP_CREATE)
                        ? Integer.valueOf(-Errno.EINVAL) : super.answer(command, attr);
            }
        };
        var spec = ObjectReader.read("events.bpf.o", OnThisKernel.bytes("events"));
        spec.programs().forEach(program -> program.autoload(false));
        new ObjectLoader(old, new RunningKernel(old, OracleFiles.plain()), LoadOptions.DEFAULT).load(spec).close();
        assertEquals(1, old.calls().stream().filter(call -> call.call() == SystemCall.PRLIMIT64).count());
    }

    @Test
    void sanitizedBtfHasNothingAnOldKernelDoesNotKnow() {
        var linkedBtf = ObjectReader.read("maps_table.bpf.o",
                OracleJson.elf("maps_table")).btf().bytes();
        StandInKernel ancient = new StandInKernel() {
            @Override
            protected Integer answer(BpfCommand command, StructValue attr) {
                return command == BpfCommand.BTF_LOAD ? Integer.valueOf(-Errno.EINVAL) : super.answer(command, attr);
            }
        };
        byte[] cleaned = new BtfSanitizer(new RunningKernel(ancient, OracleFiles.plain()).features()).sanitize(linkedBtf);
        var before = BtfReader.read("before", linkedBtf);
        var after = BtfReader.read("after", cleaned);
        assertTrue(after.typeCount() >= before.typeCount());
        for (int id = 1; id < after.typeCount(); id++) {
            switch (after.kind(id)) {
                case VAR, DATASEC, FUNC, FUNC_PROTO, FLOAT, DECL_TAG, TYPE_TAG, ENUM64 ->
                        throw new AssertionError("type " + id + " is still " + after.kind(id));
                default -> { }
            }
        }
        // Kinds it knows are as they were.
        for (int id = 1; id < before.typeCount(); id++) {
            if (before.kind(id) == BtfKind.STRUCT || before.kind(id) == BtfKind.PTR) {
                assertEquals(before.type(id), after.type(id));
            }
        }
        byte[] same = new BtfSanitizer(with(OracleFiles.plain()).features()).sanitize(linkedBtf);
        assertEquals(linkedBtf, same, "a kernel that knows all gets the very bytes");
    }
}
