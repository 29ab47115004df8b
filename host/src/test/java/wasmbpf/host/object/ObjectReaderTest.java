package wasmbpf.host.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import wasmbpf.sys.BpfProgType;

/** What the recorded objects do not show. Expected values are those of the sources beside the objects. */
class ObjectReaderTest {
    private static final long SIZE_OF_LEGACY_DEFINITION = 20;

    @Test
    void legacyMapDefinitionsAreReadAsTheyStand() {
        ObjectSpec spec = TestObjects.read("legacy_maps");
        MapSpec counts = spec.map("counts");
        assertEquals(List.of(1, 4, 8, 64, 1), List.of(counts.type(), counts.keySize(), counts.valueSize(),
                counts.maxEntries(), counts.flags()));
        MapSpec events = spec.map("events");
        assertEquals(List.of(4, 4, 4, 0, 0), List.of(events.type(), events.keySize(), events.valueSize(),
                events.maxEntries(), events.flags()));
        MapSpec own = spec.map("own");
        assertEquals(List.of(2, 4, 16, 3, 0), List.of(own.type(), own.keySize(), own.valueSize(), own.maxEntries(),
                own.flags()));
        assertEquals(List.of(0L, SIZE_OF_LEGACY_DEFINITION, 2 * SIZE_OF_LEGACY_DEFINITION),
                spec.maps().stream().map(MapSpec::sectionOffset).toList());
        ProgramRelocation relocation = spec.program("socket_one").relocations().getFirst();
        assertEquals(events, ((ProgramRelocation.MapReference) relocation).map());
    }

    @Test
    void libbpfsOwnModeRefusesLegacyMaps() {
        ObjectException e = assertThrows(ObjectException.class, () -> ObjectReader.read("legacy_maps.bpf.o",
                TestObjects.bytes("legacy_maps.bpf.o"), ReadOptions.LIBBPF));
        assertTrue(e.getMessage().contains("SEC(\".maps\")"), e.getMessage());
    }

    @Test
    void foreignSectionNamesGiveAProgramType() {
        ObjectSpec spec = TestObjects.read("legacy_maps");
        assertEquals(BpfProgType.SCHED_CLS.number(), spec.program("filter").type());
        assertEquals(BpfProgType.SOCKET_FILTER.number(), spec.program("socket_one").type());
        ProgramSpec pass = spec.program("pass");
        assertEquals(BpfProgType.XDP.number(), pass.type());
        assertEquals("xdp_pass", pass.sectionName());
        assertFalse(pass.autoload());
        assertTrue(pass.sectionDef().foreign());
    }

    @Test
    void versionSectionIsTheKernelVersion() {
        assertEquals(0x060c03, TestObjects.read("legacy_maps").kernelVersion());
    }

    @Test
    void bigEndianObjectsReadLikeLittleEndianOnes() {
        ObjectSpec little = TestObjects.read("both_orders");
        ObjectSpec big = TestObjects.read("both_orders.be", ReadOptions.DEFAULT.withObjectName("both_orders"));
        assertEquals(ByteOrder.LITTLE_ENDIAN, little.byteOrder());
        assertEquals(ByteOrder.BIG_ENDIAN, big.byteOrder());
        assertEquals(little.kernelVersion(), big.kernelVersion());
        assertEquals(little.maps().stream().map(OracleView::map).toList(),
                big.maps().stream().map(OracleView::map).toList());
        assertEquals(little.programs().stream().map(OracleView::program).toList(),
                big.programs().stream().map(OracleView::program).toList());
        assertEquals(little.program("entry").coreRelocations(), big.program("entry").coreRelocations());
        assertEquals(1, little.program("entry").coreRelocations().size());
        byte[] image = little.map(".data").initialValue();
        byte[] mirrored = big.map(".data").initialValue();
        assertArrayEquals(new byte[] {4, 3, 2, 1}, image);
        assertArrayEquals(new byte[] {1, 2, 3, 4}, mirrored);
    }

    @Test
    void variablesAreTheBytesOfTheirMap() {
        ObjectSpec spec = TestObjects.read("both_orders");
        MapSpec rodata = spec.map(".rodata");
        Variable limit = rodata.variables().getFirst();
        assertEquals("limit", limit.name());
        assertEquals(8, limit.sizeBytes());
        assertTrue(limit.global());
        limit.set(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8},
                Arrays.copyOfRange(rodata.initialValue(), limit.offset(), limit.offset() + 8));
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, limit.bytes());
        assertThrows(IllegalArgumentException.class, () -> limit.set(new byte[4]));
    }

    @Test
    void arenaHoldsItsVariables() {
        MapSpec arena = TestObjects.read("arena").map("arena");
        byte[] image = arena.initialValue();
        assertNotNull(image);
        assertEquals(7, image[0]);
        assertEquals(9, image[4]);
        assertEquals(8 + 5000, image.length);
    }

    @Test
    void structOpsVariablesBecomeMaps() {
        ObjectSpec spec = TestObjects.read("struct_ops");
        MapSpec plain = spec.map("plain");
        assertEquals(MapSpec.Kind.STRUCT_OPS, plain.kind());
        assertEquals(0, plain.flags());
        assertTrue(plain.autocreate());
        MapSpec linked = spec.map("linked");
        assertEquals(1 << 13, linked.flags());
        assertTrue(linked.structOps().link());
        // libbpf forgets the '?' after the first variable of the section; both are off here.
        assertFalse(spec.map("off1").autocreate());
        assertFalse(spec.map("off2").autocreate());
        // struct tcp_congestion_ops { init; name; flags; ssthresh; undo_cwnd }
        ProgramSpec[] members = plain.structOps().programs();
        assertEquals(spec.program("ops_init"), members[0]);
        assertNull(members[1]);
        assertNull(members[2]);
        assertEquals(spec.program("ops_ssthresh"), members[3]);
        assertEquals(spec.program("ops_undo"), members[4]);
        assertEquals('p', plain.structOps().data()[8]);
        assertEquals(5, plain.structOps().data()[24]);
    }

    @ParameterizedTest
    @CsvSource({
            "execsnoop, .rodata, execsnoo.rodata",
            "execsnoop, .bss, execsnoo.bss",
            "execsnoop, .kconfig, execsno.kconfig",
            "e, .data, e.data",
            "execsnoop, .data.custom, .data.custom",
            "execsnoop, .rodata.str1.1, .rodata.str1.1",
            "execsnoop, .rodata.abracadabra, .rodata.abracad",
            "my-object, .data, my_objec.data",
    })
    void dataMapsAreNamedByObjectAndSection(String object, String section, String name) {
        assertEquals(name, MapCollector.internalName(object, section));
    }

    @ParameterizedTest
    @CsvSource({
            "/usr/lib/tool.bpf.o, tool",
            "tool, tool",
            "a_very_long_object_name.o, a_very_long_obj",
            ".hidden, ''",
    })
    void objectNameIsTheFilesUpToItsFirstDot(String file, String name) {
        assertEquals(name, ObjectReader.read(file, OracleJson.elf("subprogs_table")).name());
    }

    @Test
    void mapsAreFoundByEitherName() {
        ObjectSpec spec = ObjectReader.read("maps_table.bpf.o", OracleJson.elf("maps_table"));
        assertEquals(spec.map(".rodata"), spec.map("maps_tab.rodata"));
        assertNotNull(spec.map(".rodata"));
        assertNotNull(spec.map(".rodata.custom_section_long"));
        assertNull(spec.map("no_such_map"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 4096", "4096, 4096", "4097, 8192", "5000, 8192", "1048576, 1048576",
            "2147483648, 2147483648", "4294967295, 4294967295"})
    void ringBuffersArePagesToAPowerOfTwo(long asked, long given) {
        assertEquals((int) given, MapSizing.ringBuffer((int) asked, 4096));
    }
}
