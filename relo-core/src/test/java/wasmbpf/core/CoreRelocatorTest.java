package wasmbpf.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;

/** Whole objects, compared with what libbpf makes of them: see {@code src/test/resources/core/rebuild}. */
class CoreRelocatorTest {
    @ParameterizedTest
    @ValueSource(strings = {"fields", "types", "enums", "resize", "candidates"})
    void makesOfObjectsWhatLibbpfMakes(String name) {
        assertSameAsLibbpf(name, TestObject.target(name));
    }

    @Test
    void makesOfRealTypesWhatLibbpfMakes() {
        assertSameAsLibbpf("kernel", TestObject.kernel());
    }

    private static void assertSameAsLibbpf(String name, Btf target) {
        TestObject object = TestObject.read(name);
        List<InsnBuffer> before = object.programs().stream().map(p -> p.code().copy()).toList();
        Map<String, ReloReport> reports = object.relocate(new CandidateIndex(List.of(target)));
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            TestObject.Program program = object.programs().get(i);
            LibbpfRows.add(rows, program, before.get(i), reports.get(program.name()));
        }
        for (TestObject.Program program : object.programs()) {
            rows.add(LibbpfRows.code(program.name(), program.code()));
        }
        assertEquals(String.join("\n", LibbpfRows.expected(name)), String.join("\n", rows));
    }

    /** clang makes BTF for BPF only, so the types of a 32-bit kernel are written here: pointers shrink to 4 bytes. */
    @Test
    void makesOfA32BitKernelWhatLibbpfMakes() {
        Btf target = BtfReader.read("32-bit kernel", TestObject.resource("/core/pointer32.target.btf"));
        assertEquals(4, target.pointerSize());
        assertArrayEquals(kernelOf32Bits(), target.bytes());
        assertSameAsLibbpf("pointer32", target);
    }

    private static byte[] kernelOf32Bits() {
        BtfWriter writer = BtfWriter.empty(ByteOrder.LITTLE_ENDIAN);
        int unsigned = writer.add(new BtfType.Int("long unsigned int", 4, 0, 0, 32));
        int signed = writer.add(new BtfType.Int("long int", 4, BtfType.Int.SIGNED, 0, 32));
        int pointer = writer.add(new BtfType.Ptr(0));
        int array = writer.add(new BtfType.Array(pointer, unsigned, 2));
        int toSelf = writer.add(new BtfType.Ptr(writer.typeCount() + 1));
        writer.add(new BtfType.Struct("local_root", 28, false, List.of(
                new BtfType.Member("pad", unsigned, 0, 0),
                new BtfType.Member("pointer", pointer, 32, 0),
                new BtfType.Member("number", unsigned, 64, 0),
                new BtfType.Member("signed_number", signed, 96, 0),
                new BtfType.Member("array", array, 128, 0),
                new BtfType.Member("next", toSelf, 192, 0))));
        return writer.toBytes();
    }

    @Test
    void theObjectsHaveEveryKindOfRelocation() {
        Set<ReloKind> kinds = EnumSet.noneOf(ReloKind.class);
        for (String name : List.of("fields", "types", "enums")) {
            TestObject.read(name).programs().forEach(p -> p.relos().forEach(r -> kinds.add(r.kind())));
        }
        assertEquals(EnumSet.allOf(ReloKind.class), kinds);
    }

    /** Objects that libbpf refuses (its words and errno are in NAME.expected), and what our message has to say. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ambiguous_offset | ambiguous | program \"ambiguous\": CO-RE relocation 0 of instruction 0, <byte_off> "
            + "| ambiguous, this kernel has several types",
        "ambiguous_value | ambiguous | enum color::GREEN = 1 | gives 3",
        "ambiguous_id | ambiguous | <target_type_id> | ambiguous, this kernel has several types",
        "far | far | struct local_root.far (0:1 @ offset 4) | lies 32772 bytes into its struct",
        "wide_bits | wide_bits | struct local_root.a | within any 8 bytes",
        "element_sign | | struct local_root.a[1] (0:0:1 @ offset 4) | signed is possible of named fields only",
    })
    void refusesWithAMessageWhatLibbpfRefuses(String name, String target, String where, String why) {
        assertTrue(LibbpfRows.expected(name).stream().anyMatch(row -> row.startsWith("  error ")), "libbpf refuses it");
        TestObject object = TestObject.read(name);
        Btf btf = target == null ? object.btf() : TestObject.target(target);
        CoreException e = assertThrows(CoreException.class, () -> object.relocate(new CandidateIndex(List.of(btf))));
        assertTrue(e.getMessage().startsWith("program \""), e.getMessage());
        assertTrue(e.getMessage().contains(where) && e.getMessage().contains(why), e.getMessage());
    }

    /** libbpf takes enumerators for signed and refuses this object; the values are those of the C sources. */
    @Test
    void unsignedEnumeratorsOfTwoToThe31AndMoreAreZeroExtended() {
        TestObject object = TestObject.read("high_enum");
        object.relocate(new CandidateIndex(List.of(TestObject.target("high_enum"))));
        InsnBuffer code = object.program("values").code();
        List<Long> values = new ArrayList<>();
        for (CoreRelo relo : object.program("values").relos()) {
            values.add(code.imm64(relo.insnIndex()));
        }
        assertEquals(List.of(0x90000001L, 5L, 0xfffffff0L, 0x80000000L), values);
    }

    /** clang computed the values from the same types, so that nothing is left to change. */
    @ParameterizedTest
    @ValueSource(strings = {"types", "enums", "resize", "kernel", "high_enum", "enums.eb", "types.eb"})
    void relocationAgainstTheObjectsOwnTypesChangesNothing(String name) {
        TestObject object = TestObject.read(name);
        List<InsnBuffer> before = object.programs().stream().map(p -> p.code().copy()).toList();
        Map<String, ReloReport> reports = object.relocate(new CandidateIndex(List.of(object.btf())));
        int compared = 0;
        for (int i = 0; i < before.size(); i++) {
            TestObject.Program program = object.programs().get(i);
            for (ReloReport.Line line : reports.get(program.name()).lines()) {
                assertFalse(line.poisoned(), line::toString);
                // libbpf's rule too: a float is compatible with nothing as a type, and clang loads bit fields otherwise
                if (line.localText().contains("float_typedef") || !line.fixup().validate()) {
                    continue;
                }
                compared++;
                int insn = line.insnIndex();
                assertEquals(before.get(i).insn(insn), program.code().insn(insn), line::toString);
            }
        }
        assertTrue(compared > 3, "compared " + compared);
    }

    /** The same sources for a big-endian machine, whose bit fields start at the other end of a byte. */
    @ParameterizedTest
    @ValueSource(strings = {"fields", "types", "enums"})
    void bigEndianObjectsDifferInShiftsOnly(String name) {
        TestObject little = TestObject.read(name);
        TestObject big = TestObject.read(name + ".eb");
        assertEquals(ByteOrder.BIG_ENDIAN, big.btf().order());
        var littleReports = little.relocate(new CandidateIndex(List.of(TestObject.target(name))));
        var bigReports = big.relocate(new CandidateIndex(List.of(TestObject.target(name + ".eb"))));
        for (TestObject.Program program : big.programs()) {
            List<ReloReport.Line> lines = bigReports.get(program.name()).lines();
            List<ReloReport.Line> others = littleReports.get(program.name()).lines();
            assertEquals(others.size(), lines.size());
            for (int i = 0; i < lines.size(); i++) {
                ReloReport.Line line = lines.get(i);
                ReloReport.Line other = others.get(i);
                assertEquals(other.localText(), line.localText());
                assertEquals(other.targetText(), line.targetText());
                assertEquals(other.poisoned(), line.poisoned());
                if (line.kind() != ReloKind.FIELD_LSHIFT_U64) {
                    assertEquals(other.fixup(), line.fixup(), line::toString);
                }
            }
        }
    }

    /** As libbpf on x86-64 with the BTF of an s390x kernel: code for this machine takes bits where this machine has them. */
    @Test
    void typesOfAMachineOfOtherByteOrderChangeNoShift() {
        TestObject object = TestObject.read("fields");
        var own = object.relocate(new CandidateIndex(List.of(TestObject.target("fields"))));
        var foreign = TestObject.read("fields").relocate(new CandidateIndex(List.of(TestObject.target("fields.eb"))));
        int shifts = 0;
        for (TestObject.Program program : object.programs()) {
            List<ReloReport.Line> lines = own.get(program.name()).lines();
            for (int i = 0; i < lines.size(); i++) {
                assertEquals(lines.get(i).fixup(), foreign.get(program.name()).lines().get(i).fixup());
                shifts += lines.get(i).kind() == ReloKind.FIELD_LSHIFT_U64 ? 1 : 0;
            }
        }
        assertTrue(shifts > 5, "shifts " + shifts);
    }

    /**
     * What a program does with the values: load the unit, shift left, shift right. In memory where all bits of the
     * field are set and no others, it has to find all bits set; where all others are set, none.
     */
    @ParameterizedTest
    @ValueSource(strings = {"fields", "fields.eb"})
    void offsetSizeAndShiftsFindTheBitsOfEveryField(String name) {
        TestObject object = TestObject.read(name);
        Btf target = TestObject.target(name);
        boolean little = target.order() == ByteOrder.LITTLE_ENDIAN;
        int fields = 0;
        for (CoreRelo relo : object.program("shifts").relos()) {
            AccessSpec spec = spec(object.btf(), relo, ReloKind.FIELD_BYTE_OFFSET, target);
            int offset = (int) value(spec);
            int size = (int) value(spec(object.btf(), relo, ReloKind.FIELD_BYTE_SIZE, target));
            int left = (int) value(spec(object.btf(), relo, ReloKind.FIELD_LSHIFT_U64, target));
            int right = (int) value(spec(object.btf(), relo, ReloKind.FIELD_RSHIFT_U64, target));
            byte[] memory = new byte[4096];
            for (long bit = spec.bitOffset(); bit < spec.bitOffset() + 64 - right; bit++) {
                memory[(int) bit / 8] |= (byte) (little ? 1 << bit % 8 : 0x80 >> bit % 8);
            }
            assertEquals(-1L >>> right, load(memory, offset, size, little) << left >>> right, spec::toString);
            for (int i = 0; i < memory.length; i++) {
                memory[i] = (byte) ~memory[i];
            }
            assertEquals(0, load(memory, offset, size, little) << left >>> right, spec::toString);
            fields++;
        }
        assertEquals(16, fields);
    }

    private static AccessSpec spec(Btf local, CoreRelo relo, ReloKind kind, Btf target) {
        CoreRelo other = new CoreRelo(0, relo.typeId(), relo.accessString(), kind);
        AccessSpec spec = AccessSpecParser.parse(local, other);
        int root = new CandidateIndex(List.of(target)).candidates(local, relo.typeId()).getFirst().typeId();
        return SpecMatcher.match(spec, target, root, new WorkBudget(1000));
    }

    private static long value(AccessSpec spec) {
        return FixupCalculator.calculate(spec, spec).updated();
    }

    private static long load(byte[] memory, int offset, int size, boolean little) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | memory[offset + (little ? size - 1 - i : i)] & 0xff;
        }
        return value;
    }

    @Test
    void poisonIsExplained() {
        TestObject object = TestObject.read("fields");
        var reports = object.relocate(new CandidateIndex(List.of(TestObject.target("fields"))));
        ReloReport report = reports.get("poisoned");
        assertEquals("<byte_off> [2] struct local_root.missing (0:19 @ offset 228): this kernel's struct local_root "
                + "has no .missing of a type that fits; guard the access with bpf_core_field_exists, or describe other "
                + "kernels' struct local_root as struct local_root___flavor", report.poisonAt(0).explanation());
        assertNull(report.poisonAt(2));
        ReloReport.Line gone = reports.get("flavours").lines().getLast();
        assertTrue(gone.explanation().contains("this kernel has no struct no_such_struct;"), gone.explanation());
    }

    @Test
    void poisonOfALoadThatCannotBeResizedIsExplained() {
        TestObject object = TestObject.read("resize");
        var reports = object.relocate(new CandidateIndex(List.of(TestObject.target("resize"))));
        ReloReport.Line line = reports.get("loads").lines().stream()
                .filter(l -> l.localText().contains("signed_grows")).findFirst().orElseThrow();
        assertTrue(line.poisoned());
        assertTrue(line.explanation().contains(
                "struct local_root.signed_grows has 4 bytes in the object and 8 in this kernel"), line.explanation());
    }

    @Test
    void poisonOfAnLdimm64IsFoundAtBothSlots() {
        TestObject object = TestObject.read("enums");
        var reports = object.relocate(new CandidateIndex(List.of(TestObject.target("enums"))));
        ReloReport report = reports.get("values");
        ReloReport.Line gone = report.lines().stream().filter(ReloReport.Line::poisoned).findFirst().orElseThrow();
        assertTrue(gone.explanation().contains("enum plain has no ::P_GONE of a type that fits; guard the access with "
                + "bpf_core_enum_value_exists"), gone.explanation());
        assertEquals(gone, report.poisonAt(gone.insnIndex()));
        assertEquals(gone, report.poisonAt(gone.insnIndex() + 1));
    }

    @Test
    void withoutKernelTypesOnlyLocalIdsCanBeRelocated() {
        TestObject object = TestObject.read("types");
        TestObject.Program ids = object.program("ids");
        List<CoreRelo> locals = ids.relos().stream().filter(r -> r.kind() == ReloKind.TYPE_ID_LOCAL).toList();
        assertEquals(4, locals.size());
        ReloReport report = CoreRelocator.relocate("ids", ids.code(), locals, object.btf(), null);
        report.lines().forEach(l -> assertEquals(l.relo().typeId(), ids.code().imm64(l.insnIndex())));
        CoreException e = assertThrows(CoreException.class,
                () -> CoreRelocator.relocate("ids", ids.code(), ids.relos(), object.btf(), null));
        assertTrue(e.getMessage().contains("/sys/kernel/btf/vmlinux"), e.getMessage());
    }

    @Test
    void relocationsOfAnonymousTypesAreRefused() {
        TestObject object = TestObject.read("types");
        CoreRelo anonymous = object.program("ids").relos().stream()
                .filter(r -> r.kind() == ReloKind.TYPE_ID_LOCAL && object.btf().name(r.typeId()).isEmpty())
                .findFirst().orElseThrow();
        CoreRelo size = new CoreRelo(0, anonymous.typeId(), "0", ReloKind.TYPE_SIZE);
        CandidateIndex targets = new CandidateIndex(List.of(object.btf()));
        InsnBuffer code = InsnBuffer.of(BpfInsn.mov64Imm(0, 4));
        CoreException e = assertThrows(CoreException.class,
                () -> CoreRelocator.relocate("p", code, List.of(size), object.btf(), targets));
        assertTrue(e.getMessage().contains("anonymous"), e.getMessage());
    }
}
