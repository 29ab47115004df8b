package wasmbpf.host.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.btf.BtfType;
import wasmbpf.core.BpfInsn;
import wasmbpf.core.InsnBuffer;

/** Linking beyond what the recordings show; expected values follow from the sources in test resources. */
class ProgramLinkerTest {
    private static final int PAGE_BYTES = 4096;
    private static final KernelFacts KERNEL = OracleKernel.of(Map.of());

    private static LinkedObject link(ObjectSpec spec, KernelFacts kernel) {
        return ProgramLinker.link(spec, ExternResolver.resolve(spec, kernel), kernel);
    }

    @Test
    void mapsThatAreNotCreatedPoisonTheirLoads() {
        ObjectSpec spec = ObjectReader.read("maps_table.bpf.o", OracleJson.elf("maps_table"));
        MapSpec array = spec.map("pca");
        MapSpec data = spec.map(".data.custom");
        array.autocreate(false);
        data.autocreate(false);
        LinkedProgram tail1 = link(spec, KERNEL).program(spec.program("tail1"));
        InsnBuffer code = tail1.code();
        // Instructions 5 (pca) and 35 (.data.custom) of the recording: two calls each, 2001000000 + map index.
        for (int insn : new int[] {5, 6, 35, 36}) {
            MapSpec map = insn < 10 ? array : data;
            assertTrue(code.isCall(insn), "instruction " + insn);
            assertEquals(0, code.src(insn));
            assertEquals(2_001_000_000 + map.index(), code.imm(insn));
        }
        assertTrue(tail1.references().stream().noneMatch(each -> each.insnIndex() == 5 || each.insnIndex() == 35));
    }

    @Test
    void bothByteOrdersLinkToTheSameReferences() {
        ObjectSpec little = TestObjects.read("both_orders");
        ObjectSpec big = TestObjects.read("both_orders.be");
        LinkedObject one = link(little, KERNEL);
        LinkedObject other = link(big, KERNEL);
        LinkedProgram a = one.programs().getFirst();
        LinkedProgram b = other.programs().getFirst();
        assertEquals(a.references().stream().map(each -> each.insnIndex() + each.getClass().getSimpleName()).toList(),
                b.references().stream().map(each -> each.insnIndex() + each.getClass().getSimpleName()).toList());
        assertEquals(1, one.reports().getFirst().report().lines().size());
        assertEquals(one.reports().getFirst().report().lines().getFirst().fixup(),
                other.reports().getFirst().report().lines().getFirst().fixup());
        assertEquals(a.code().count(), b.code().count());
        // The records are words: the same once they are turned round.
        byte[] turned = b.funcInfo().bytes().clone();
        for (int i = 0; i < turned.length; i += 4) {
            byte[] word = Arrays.copyOfRange(turned, i, i + 4);
            for (int j = 0; j < 4; j++) {
                turned[i + j] = word[3 - j];
            }
        }
        assertEquals(Arrays.toString(a.funcInfo().bytes()), Arrays.toString(turned));
        // As bytes of the object's own order the two differ, as instructions only in what clang made different.
        assertEquals(ByteOrder.BIG_ENDIAN, big.byteOrder());
        assertEquals(a.subprograms().size(), b.subprograms().size());
    }

    @Test
    void arenaVariablesLieAtItsEndWhereTheKernelAllows() {
        assertEquals(List.of(0, 8, 4), arenaOffsets(OracleKernel.without(Map.of(),
                KernelFacts.Feature.LDIMM64_FULL_RANGE_OFF)));
        int start = (100 - 2) * PAGE_BYTES;
        assertEquals(List.of(start, start + 8, start + 4), arenaOffsets(KERNEL));
    }

    @Test
    void arenaHasToHoldItsVariables() {
        ObjectSpec spec = TestObjects.read("arena");
        spec.map("arena").maxEntries(1);
        ObjectException e = assertThrows(ObjectException.class, () -> link(spec, KERNEL));
        assertTrue(e.getMessage().contains("max_entries"), e.getMessage());
    }

    /** Offsets of first, block and last in the arena, in this order. */
    private static List<Integer> arenaOffsets(KernelFacts kernel) {
        ObjectSpec spec = TestObjects.read("arena");
        LinkedProgram use = link(spec, kernel).programs().getFirst();
        List<Integer> offsets = new ArrayList<>();
        int maps = 0;
        for (Reference reference : use.references()) {
            if (reference instanceof Reference.MapValue value) {
                assertEquals("arena", value.map().name());
                offsets.add(use.code().imm(value.insnIndex() + 1));
            } else {
                maps++;
            }
        }
        assertEquals(1, maps);
        return offsets;
    }

    @Test
    void exceptionCallbackIsAppendedAfterWhatIsCalled() {
        ObjectSpec spec = TestObjects.read("callback");
        LinkedObject linked = link(spec, KERNEL);
        LinkedProgram with = linked.program(spec.program("with_callback"));
        assertEquals(List.of("helper", "on_throw"),
                with.subprograms().stream().map(each -> each.subprogram().name()).toList());
        assertEquals(3, with.funcInfo().count());
        assertEquals(List.of(), linked.program(spec.program("without")).subprograms());
        // on_throw calls helper, which is there already: the call goes back.
        LinkedProgram.AppendedSubprogram callback = with.subprograms().get(1);
        LinkedProgram.AppendedSubprogram helper = with.subprograms().get(0);
        int call = callback.insnOffset();
        while (!with.code().isSubprogramCall(call)) {
            call++;
        }
        assertEquals(helper.insnOffset(), call + 1 + with.code().imm(call));
    }

    @Test
    void kernelsWithoutDeclTagsGetNoExceptionCallback() {
        ObjectSpec spec = TestObjects.read("callback");
        LinkedProgram with = link(spec, OracleKernel.without(Map.of(), KernelFacts.Feature.BTF_DECL_TAG))
                .program(spec.program("with_callback"));
        assertEquals(1, with.subprograms().size());
    }

    @Test
    void jumpTablesHoldInstructionsOfTheFinalProgram() {
        ObjectSpec spec = TestObjects.read("jump_table");
        LinkedProgram second = link(spec, KERNEL).program(spec.program("second"));
        LinkedProgram.JumpTable table = second.jumpTables().getFirst();
        assertEquals(16, table.sectionOffset());
        // Bytes 32, 48, 32 of the section; the function starts at 16.
        assertEquals(List.of(2, 4, 2), table.insnOffsets());
        Reference.JumpTable reference = assertInstanceOf(Reference.JumpTable.class, second.references().getFirst());
        assertEquals(0, reference.insnIndex());
        assertEquals(table, reference.table());
        assertEquals(2, second.code().src(0));
    }

    @Test
    void kernelsWithoutArgCtxGetFunctionsThatTakeTheirContext() {
        ObjectSpec spec = ObjectReader.read("subprogs_table.bpf.o", OracleJson.elf("subprogs_table"));
        LinkedObject linked = link(spec, OracleKernel.without(Map.of(), KernelFacts.Feature.ARG_CTX_TAG));
        Btf btf = BtfReader.read("linked", linked.btf());
        BtfReader.check(btf);
        // ctx_fn(void *ctx __arg_ctx) is called by a raw tracepoint, a perf event and a kprobe.
        Map<String, String> contexts = new HashMap<>();
        for (String program : List.of("c2", "d", "e")) {
            contexts.put(program, contextOfLastFunction(btf, linked.program(spec.program(program)), spec, "ctx_fn"));
        }
        assertEquals(Map.of("c2", "bpf_raw_tracepoint_args", "d", "bpf_perf_event_data", "e", "bpf_user_pt_regs_t"),
                contexts);
        // On a kernel that knows the tag the same function serves all.
        LinkedObject native_ = link(spec, KERNEL);
        assertEquals("void", contextOfLastFunction(BtfReader.read("native", native_.btf()),
                native_.program(spec.program("e")), spec, "ctx_fn"));
        // Tracepoints have no named context: nothing was changed for them.
        assertEquals(native_.program(spec.program("a")).funcInfo().count(),
                linked.program(spec.program("a")).funcInfo().count());
    }

    /** What the first parameter of that subprogram points to, by the program's func_info. */
    private static String contextOfLastFunction(Btf btf, LinkedProgram program, ObjectSpec spec, String name) {
        java.nio.ByteBuffer records = java.nio.ByteBuffer.wrap(program.funcInfo().bytes()).order(spec.byteOrder());
        for (LinkedProgram.AppendedSubprogram each : program.subprograms()) {
            if (each.subprogram().name().equals(name)) {
                for (int i = 0; i < program.funcInfo().count(); i++) {
                    if (records.getInt(i * program.funcInfo().recordSize()) == each.insnOffset()) {
                        int typeId = records.getInt(i * program.funcInfo().recordSize() + 4);
                        BtfType.Func function = (BtfType.Func) btf.type(typeId);
                        assertEquals(name, function.name());
                        BtfType.FuncProto proto = (BtfType.FuncProto) btf.type(function.protoId());
                        int target = btf.sizeOrType(proto.params().getFirst().typeId());
                        return target == 0 ? "void" : btf.name(target);
                    }
                }
            }
        }
        throw new AssertionError(program.program() + " has no func_info of " + name);
    }

    @Test
    void kernelsWithoutFunctionTypesGetNoRecords() {
        ObjectSpec spec = ObjectReader.read("subprogs_table.bpf.o", OracleJson.elf("subprogs_table"));
        KernelFacts older = OracleKernel.without(Map.of(), KernelFacts.Feature.BTF_FUNC);
        LinkedProgram a = link(spec, older).programs().getFirst();
        assertEquals(LinkedProgram.InfoRecords.NONE, a.funcInfo());
        assertEquals(LinkedProgram.InfoRecords.NONE, a.lineInfo());
    }

    @Test
    void linkingLeavesTheSpecAsItIs() {
        ObjectSpec spec = ObjectReader.read("subprogs_table.bpf.o", OracleJson.elf("subprogs_table"));
        List<Map<String, Object>> before = spec.programs().stream().map(OracleView::program).toList();
        LinkedObject first = link(spec, KERNEL);
        LinkedObject second = link(spec, KERNEL);
        assertEquals(before, spec.programs().stream().map(OracleView::program).toList());
        for (int i = 0; i < first.programs().size(); i++) {
            assertEquals(first.programs().get(i).code(), second.programs().get(i).code());
        }
    }

    @Test
    void programsSwitchedOffAreNotLinked() {
        ObjectSpec spec = ObjectReader.read("subprogs_table.bpf.o", OracleJson.elf("subprogs_table"));
        spec.program("a").autoload(false);
        spec.program("f").autoload(true);
        LinkedObject linked = link(spec, KERNEL);
        assertNull(linked.program(spec.program("a")));
        assertEquals(1, linked.program(spec.program("f")).subprograms().size());
    }

    @Test
    void objectWithoutTypesOfTheKernelSaysWhatIsMissing() {
        ObjectSpec spec = ObjectReader.read("externs_table.bpf.o", OracleJson.elf("externs_table"));
        OracleKernel withoutBtf = OracleKernel.withoutBtf(OracleJson.relocated("externs_table"));
        ObjectException e = assertThrows(ObjectException.class, () -> ExternResolver.resolve(spec, withoutBtf));
        assertTrue(e.getMessage().contains("CONFIG_DEBUG_INFO_BTF"), e.getMessage());
    }

    @Test
    void aLongerDataSectionIsALongerArray() {
        ObjectSpec spec = TestObjects.read("resize");
        MapSpec map = spec.map(".data.counts");
        assertEquals(16, map.valueSize());
        map.valueSize(8 + 8 * 6);
        assertEquals(2, map.initialValue()[8]);
        assertEquals(56, map.initialValue().length);
        Btf btf = BtfReader.read("linked", link(spec, KERNEL).btf());
        BtfType.DataSec section = (BtfType.DataSec) btf.type(map.valueTypeId());
        assertEquals(56, section.sizeBytes());
        assertEquals(48, section.vars().getLast().sizeBytes());
        BtfType.Var variable = (BtfType.Var) btf.type(section.vars().getLast().typeId());
        assertEquals("per_cpu", variable.name());
        assertEquals(6, ((BtfType.Array) btf.type(variable.typeId())).count());
    }

    @Test
    void aDataSectionThatCannotGrowLosesItsType() {
        ObjectSpec spec = TestObjects.read("resize");
        spec.map(".data.plain").valueSize(64);
        spec.map(".data.counts").valueSize(8 + 12);
        link(spec, KERNEL);
        assertEquals(0, spec.map(".data.plain").valueTypeId());
        assertEquals(0, spec.map(".data.counts").valueTypeId());
    }

    /** 100 000 functions, each calling the next: libbpf recurses here. */
    @Test
    void callChainsMayBeAsLongAsAFileAllows() {
        int functions = 100_000;
        List<ProgramSpec> programs = new ArrayList<>();
        for (int i = 0; i < functions; i++) {
            InsnBuffer code = i + 1 < functions ? InsnBuffer.of(BpfInsn.callSubprogram(1), BpfInsn.exit())
                    : InsnBuffer.of(BpfInsn.mov64Imm(0, 0), BpfInsn.exit());
            programs.add(new ProgramSpec(i, "f" + i, ".text", 1, 2 * i, code, true, true, false, true, null));
        }
        ProgramSpec entry = new ProgramSpec(functions, "entry", "xdp", 2, 0,
                InsnBuffer.of(BpfInsn.callSubprogram(-1), BpfInsn.exit()), false, true, false, true,
                SectionDefs.find("xdp"));
        entry.mutableRelocations().add(new ProgramRelocation.Call(0, 0));
        programs.add(entry);
        ObjectSpec spec = new ObjectSpec("chain", ByteOrder.LITTLE_ENDIAN, "GPL", 0, List.of(), programs, List.of(),
                null, null, Map.of(), null, Map.of());
        LinkedProgram linked = assertTimeoutPreemptively(Duration.ofSeconds(10),
                () -> link(spec, KERNEL)).programs().getFirst();
        assertEquals(functions, linked.subprograms().size());
        assertEquals(2 * functions + 2, linked.code().count());
        for (int i = 0; i < 2 * functions; i += 2) {
            assertEquals(1, linked.code().imm(i), "call " + i);
        }
    }

    /** Three large functions that one entry program calls: the kernel would take no such program. */
    @Test
    void programsThatGrowWithoutEndAreRefused() {
        List<ProgramSpec> programs = new ArrayList<>();
        BpfInsn[] large = new BpfInsn[400_000];
        Arrays.fill(large, BpfInsn.exit());
        for (int i = 0; i < 3; i++) {
            programs.add(new ProgramSpec(i, "large" + i, ".text", 1, i * large.length, InsnBuffer.of(large), true, true,
                    false, true, null));
        }
        ProgramSpec entry = new ProgramSpec(3, "entry", "xdp", 2, 0, InsnBuffer.of(BpfInsn.callSubprogram(-1),
                BpfInsn.callSubprogram(-1), BpfInsn.callSubprogram(-1), BpfInsn.exit()), false, true, false, true,
                null);
        for (int i = 0; i < 3; i++) {
            entry.mutableRelocations().add(new ProgramRelocation.Call(i, 8L * i * large.length));
        }
        programs.add(entry);
        ObjectSpec spec = new ObjectSpec("large", ByteOrder.LITTLE_ENDIAN, "GPL", 0, List.of(), programs, List.of(),
                null, null, Map.of(), null, Map.of());
        ObjectException e = assertThrows(ObjectException.class, () -> link(spec, KERNEL));
        assertTrue(e.getMessage().contains("1000000 instructions"), e.getMessage());
    }
}
