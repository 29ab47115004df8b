package wasmbpf.host.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;
import wasmbpf.btf.FuncLinkage;
import wasmbpf.core.CandidateIndex;

class ExternResolverTest {
    /** A kernel that answers as the recorded one, but for what a test puts in its place. */
    private static final class OtherKernel implements KernelFacts {
        final KernelFacts base = OracleKernel.of(OracleJson.relocated("externs_table"));
        final List<KernelFacts.Module> modules = new ArrayList<>();
        List<String> config;
        final List<Object[]> symbols = new ArrayList<>();

        @Override
        public boolean has(Feature feature) {
            return base.has(feature);
        }

        @Override
        public Btf vmlinux() {
            return base.vmlinux();
        }

        @Override
        public List<KernelFacts.Module> modules() {
            return modules;
        }

        @Override
        public CandidateIndex coreTargets() {
            return base.coreTargets();
        }

        @Override
        public int version() {
            return base.version();
        }

        @Override
        public void kconfig(LineVisitor visitor) {
            if (config == null) {
                base.kconfig(visitor);
                return;
            }
            for (String line : config) {
                if (!visitor.line(line)) {
                    return;
                }
            }
        }

        @Override
        public void kallsyms(SymbolVisitor visitor) {
            base.kallsyms(visitor);
            for (Object[] symbol : symbols) {
                visitor.symbol((Long) symbol[0], (Character) symbol[1], (String) symbol[2]);
            }
        }
    }

    private record TestModule(String name, Btf btf) implements KernelFacts.Module {
    }

    private static ObjectSpec externs() {
        return ObjectReader.read("externs_table.bpf.o", OracleJson.elf("externs_table"));
    }

    private static Extern extern(ObjectSpec spec, String name) {
        return spec.externs().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }

    /** A module that exports {@code void NAME(int)}. */
    private static TestModule moduleWith(String function) {
        Btf vmlinux = OracleKernel.of(Map.of()).vmlinux();
        BtfWriter writer = BtfWriter.emptySplit(ByteOrder.LITTLE_ENDIAN, vmlinux);
        int proto = writer.add(new BtfType.FuncProto(0, List.of(new BtfType.Param("x",
                vmlinux.find(BtfKind.INT, "int")))));
        writer.add(new BtfType.Func(function, proto, FuncLinkage.STATIC));
        return new TestModule("extra", writer.toBtf());
    }

    @Test
    void functionsOfModulesAreCalledThroughTheFdArray() {
        OtherKernel kernel = new OtherKernel();
        TestModule module = moduleWith("bpf_no_such_kfunc");
        kernel.modules.add(module);
        ObjectSpec spec = externs();
        ExternValues values = ExternResolver.resolve(spec, kernel);
        assertEquals(List.of(module), values.fdArray());
        LinkedProgram program = ProgramLinker.link(spec, values, kernel).program(spec.program("kf"));
        int id = module.btf().findOwn(BtfKind.FUNC, "bpf_no_such_kfunc");
        // Instructions 10 (address) and 14 (call) of the recording.
        assertEquals(3, program.code().src(10));
        assertEquals(id, program.code().imm(10));
        assertTrue(program.references().contains(new Reference.ModuleBtfFd(10, module)));
        assertEquals(2, program.code().src(14));
        assertEquals(id, program.code().imm(14));
        assertEquals(1, program.code().off(14));
        assertEquals(List.of(module), program.fdArray());
    }

    @Test
    void weakFunctionOfAnotherPrototypeIsMissing() {
        OtherKernel kernel = new OtherKernel();
        Btf vmlinux = kernel.vmlinux();
        BtfWriter writer = BtfWriter.emptySplit(ByteOrder.LITTLE_ENDIAN, vmlinux);
        int proto = writer.add(new BtfType.FuncProto(0, List.of()));
        writer.add(new BtfType.Func("bpf_no_such_kfunc", proto, FuncLinkage.STATIC));
        kernel.modules.add(new TestModule("extra", writer.toBtf()));
        ObjectSpec spec = externs();
        assertInstanceOf(ExternValues.Missing.class,
                ExternResolver.resolve(spec, kernel).of(extern(spec, "bpf_no_such_kfunc")));
    }

    @Test
    void aSymbolAtTwoAddressesIsAmbiguous() {
        OtherKernel kernel = new OtherKernel();
        kernel.symbols.add(new Object[] {1L, 't', "init_task"});
        ObjectException e = assertThrows(ObjectException.class, () -> ExternResolver.resolve(externs(), kernel));
        assertTrue(e.getMessage().contains("0x1"), e.getMessage());
    }

    @Test
    void theSuffixOfClangsThinLtoIsNoPartOfTheName() {
        OtherKernel kernel = new OtherKernel();
        kernel.symbols.add(new Object[] {0x1234L, 'd', "not_there_at_all.llvm.123"});
        ObjectSpec spec = externs();
        assertEquals(new ExternValues.Address(0x1234L),
                ExternResolver.resolve(spec, kernel).of(extern(spec, "not_there_at_all")));
    }

    @ParameterizedTest
    @CsvSource({
            "CONFIG_HZ=0x1f4, 0, 8, 500",
            "CONFIG_HZ=0755, 0, 8, 493",
            "CONFIG_NR_CPUS=-1, 36, 2, -1",
            "CONFIG_NET=m, 20, 4, 2",
            "CONFIG_NET=n, 20, 4, 0",
            "CONFIG_BPF_JIT=m, 38, 1, 109",
            "CONFIG_BPF_SYSCALL=n, 39, 1, 0",
    })
    void configurationBecomesBytes(String line, int offset, int size, long value) {
        OtherKernel kernel = new OtherKernel();
        kernel.config = List.of("# a comment", "CONFIG_OTHER=y", line, line.replace('=', '_') + "=y");
        ObjectSpec spec = externs();
        ExternResolver.resolve(spec, kernel);
        ByteBuffer image = ByteBuffer.wrap(spec.map(".kconfig").initialValue()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(value, switch (size) {
            case 1 -> image.get(offset);
            case 2 -> image.getShort(offset);
            case 4 -> image.getInt(offset);
            default -> image.getLong(offset);
        });
    }

    @Test
    void theFirstLineOfAnOptionCounts() {
        OtherKernel kernel = new OtherKernel();
        kernel.config = List.of("CONFIG_HZ=100", "CONFIG_HZ=250");
        ObjectSpec spec = externs();
        ExternResolver.resolve(spec, kernel);
        assertEquals(100, spec.map(".kconfig").initialValue()[0]);
    }

    @ParameterizedTest
    @CsvSource({
            "CONFIG_NR_CPUS=70000, 2 bytes",
            "CONFIG_HZ=y, bool",
            "CONFIG_HZ=1x, integer",
            "CONFIG_BPF_SYSCALL=m, tristate",
            "CONFIG_BPF_SYSCALL=1, integer",
            "CONFIG_LSM=y, bool",
            "CONFIG_HZ, value",
            "CONFIG_HZ=, value",
            "'CONFIG_LSM=\"open', quote",
            "'CONFIG_HZ=\"text\"', char array",
    })
    void configurationThatDoesNotFitIsAnError(String line, String says) {
        OtherKernel kernel = new OtherKernel();
        kernel.config = List.of(line);
        ObjectException e = assertThrows(ObjectException.class, () -> ExternResolver.resolve(externs(), kernel));
        assertTrue(e.getMessage().contains(says), e.getMessage());
    }

    @Test
    void strongExternThatIsMissingIsAnError() {
        ObjectSpec spec = TestObjects.read("callback");
        OtherKernel kernel = new OtherKernel();
        assertInstanceOf(ExternValues.KernelType.class,
                ExternResolver.resolve(spec, kernel).of(extern(spec, "bpf_throw")));
        byte[] renamed = TestObjects.bytes("callback.bpf.o");
        for (int i = 0; i + 9 < renamed.length; i++) {
            if (new String(renamed, i, 9, java.nio.charset.StandardCharsets.ISO_8859_1).equals("bpf_throw")) {
                renamed[i + 4] = 'T';
            }
        }
        ObjectException e = assertThrows(ObjectException.class,
                () -> ExternResolver.resolve(ObjectReader.read("callback.bpf.o", renamed), kernel));
        assertTrue(e.getMessage().contains("bpf_Throw") && e.getMessage().contains("__weak"), e.getMessage());
    }
}
