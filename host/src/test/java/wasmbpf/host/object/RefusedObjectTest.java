package wasmbpf.host.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import wasmbpf.elf.FormatException;

/**
 * Objects that libbpf 1.8 refuses to open (1.1.2 too, but for two_arenas): so do we, and name what is wrong. Each lies
 * in object/bad beside its source.
 */
class RefusedObjectTest {
    @ParameterizedTest
    @CsvSource({
            "call_of_entry, caller, entry",
            "common, prog, tentative",
            "kconfig_type, CONFIG_HZ, 4 bytes",
            "declared_value, outer.inner, value_size",
            "key_conflict, torn, 8 and 4",
            "nested, deep.inner, inner map",
            "no_type, untyped, type",
            "slot_target, 32, .data",
            "static_entry, hidden_away, static",
            "static_map, local_map, static",
            "struct_ops_type, not_ops, run",
            "two_arenas, a1, a2",
            "undeclared, nowhere, __ksym",
            "unknown_member, coloured, colour",
    })
    void namesWhatIsWrong(String object, String what, String why) {
        ObjectException e = assertThrows(ObjectException.class, () -> TestObjects.read("bad/" + object));
        assertTrue(e.getMessage().startsWith(object + ".bpf.o: "), e.getMessage());
        assertTrue(e.getMessage().contains(what) && e.getMessage().contains(why), e.getMessage());
    }

    @Test
    void relaxedMapsMayHaveUnknownMembers() {
        MapSpec map = TestObjects.read("bad/unknown_member", new ReadOptions(null, true, true, true)).map("coloured");
        assertEquals(1, map.maxEntries());
    }

    @Test
    void otherElfFilesAreToldApart() {
        byte[] bytes = TestObjects.bytes("both_orders.bpf.o");
        // Header: e_type at 16, e_machine at 18, class at 4.
        assertTrue(refusal(bytes, 16, 2).contains("relocatable"));
        assertTrue(refusal(bytes, 18, 62).contains("-target bpf"));
        assertTrue(refusal(bytes, 0, 'M').contains("ELF"));
        byte[] old = bytes.clone();
        old[18] = 0;
        // LLVM before 4.0 wrote machine 0.
        assertEquals(2, ObjectReader.read("old.o", old).programs().size());
    }

    private static String refusal(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return assertThrows(FormatException.class, () -> ObjectReader.read("changed.o", changed)).getMessage();
    }

    /** bpftool's linker keeps one of two weak functions, and the code, relocations and records of the other as dead. */
    @Test
    void whatALinkerLeavesOfAnOverriddenFunctionIsSkipped() {
        ObjectSpec spec = TestObjects.read("linked");
        ProgramSpec shared = spec.programs().getFirst();
        assertEquals("shared", shared.name());
        assertEquals(1, shared.relocations().size());
        assertEquals(1, shared.coreRelocations().size());
        assertEquals("0:0", shared.coreRelocations().getFirst().accessString());
        MapSpec data = spec.map(".data");
        assertEquals(8, data.valueSize());
        assertEquals(2, data.variables().size());
        assertEquals("from_two", data.variables().get(1).name());
        assertEquals(4, data.variables().get(1).offset());
        OracleKernel kernel = OracleKernel.of(java.util.Map.of());
        LinkedObject linked = ProgramLinker.link(spec, ExternValues.NONE, kernel);
        for (LinkedProgram program : linked.programs()) {
            assertEquals(shared, program.subprograms().getFirst().subprogram());
        }
    }
}
