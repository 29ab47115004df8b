package wasmbpf.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelStructTest {
    private record Place(int offset, int size) {}

    /** Members of C structs as the compiler places them, by {@code "struct-bpf_map_info name"}. */
    private static Map<String, Place> compilerPlaces() throws IOException {
        Map<String, Place> places = new HashMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                KernelStructTest.class.getResourceAsStream("/layout/offsets.txt"), StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null;) {
                String[] words = line.split(" ");
                places.put(words[0] + " " + words[1],
                        new Place(Integer.parseInt(words[2]), Integer.parseInt(words[3])));
            }
        }
        return places;
    }

    static List<KernelStruct> all() {
        List<KernelStruct> all = new ArrayList<>(BpfAttrs.all());
        all.addAll(InfoStructs.all());
        all.add(PerfEventAttr.STRUCT);
        return all;
    }

    @Test
    void everyFieldLiesWhereTheCompilerPutsIt() throws IOException {
        Map<String, Place> places = compilerPlaces();
        // Bit-fields have no offsetof: the words behind read_format and behind ifindex.
        Set<String> bitFields = Set.of("perf_event_attr.flags", "PROG_INFO.gpl_compatible");
        int compared = 0;
        for (KernelStruct struct : all()) {
            String prefix = struct.kernelType().replace(' ', '-') + " "
                    + (struct.member().isEmpty() ? "" : struct.member() + ".");
            for (StructField field : struct.fields()) {
                if (bitFields.contains(struct + "." + field.name())) {
                    continue;
                }
                Place place = places.get(prefix + field.name());
                if (place == null && field.name().endsWith("_out")) {
                    place = places.get(prefix + field.name().substring(0, field.name().length() - 4));
                }
                assertNotNull(place, struct + "." + field + " is not in offsets.txt");
                assertEquals(place, new Place(field.offset(), field.sizeBytes()), struct + "." + field);
                compared++;
            }
        }
        assertTrue(compared > 250, "only " + compared + " fields compared");
    }

    @Test
    void declaresEveryMemberOfTheAttrUnion() throws IOException {
        Set<String> declared = new HashSet<>();
        for (KernelStruct struct : all()) {
            for (StructField field : struct.fields()) {
                String member = struct.member().isEmpty() ? "" : struct.member() + ".";
                declared.add(struct.kernelType().replace(' ', '-') + " " + member + field.name());
            }
        }
        List<String> missing = new ArrayList<>();
        for (String place : compilerPlaces().keySet()) {
            if (place.startsWith("union") && !declared.contains(place)) {
                missing.add(place);
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void readsBackWhatWasSet() {
        try (StructValue attr = BpfAttrs.MapCreate.STRUCT.allocate()) {
            attr.set(BpfAttrs.MapCreate.MAP_TYPE, 27).set(BpfAttrs.MapCreate.MAP_NAME, "a name of 17 char")
                    .set(BpfAttrs.MapCreate.MAP_TOKEN_FD, -1).set(BpfAttrs.MapCreate.MAP_EXTRA, -2)
                    .set(BpfAttrs.MapCreate.MAX_ENTRIES, 0xffff_ffffL);
            assertEquals(27, attr.getInt(BpfAttrs.MapCreate.MAP_TYPE));
            assertEquals("a name of 17 ch", attr.getString(BpfAttrs.MapCreate.MAP_NAME));
            assertEquals(-1, attr.get(BpfAttrs.MapCreate.MAP_TOKEN_FD));
            assertEquals(-2, attr.get(BpfAttrs.MapCreate.MAP_EXTRA));
            assertEquals(0xffff_ffffL, attr.get(BpfAttrs.MapCreate.MAX_ENTRIES));
            assertTrue(attr.isSet(BpfAttrs.MapCreate.MAP_TYPE));
            assertFalse(attr.isSet(BpfAttrs.MapCreate.KEY_SIZE));
            attr.clear();
            assertEquals(0, attr.get(BpfAttrs.MapCreate.MAP_EXTRA));
            assertFalse(attr.isSet(BpfAttrs.MapCreate.MAP_TYPE));
        }
    }

    @Test
    void pointerSetsTheFieldThatCountsWhatItPointsAt() {
        try (StructValue attr = BpfAttrs.ProgLoad.STRUCT.allocate()) {
            attr.point(BpfAttrs.ProgLoad.INSNS, new byte[16]).point(BpfAttrs.ProgLoad.LICENSE, "GPL");
            assertEquals(2, attr.get(BpfAttrs.ProgLoad.INSN_CNT));
            assertEquals(16, attr.pointedBytes(BpfAttrs.ProgLoad.INSNS));
            assertEquals(4, attr.pointedBytes(BpfAttrs.ProgLoad.LICENSE));
        }
    }

    @Test
    void sizesEndWithTheLastFieldAsLibbpfSendsThem() {
        // offsetofend(union bpf_attr, keyring_id), .excl_prog_hash_size; sizeof of the info structs.
        assertEquals(168, BpfAttrs.ProgLoad.STRUCT.sizeBytes());
        assertEquals(92, BpfAttrs.MapCreate.STRUCT.sizeBytes());
        assertEquals(104, InfoStructs.MapInfo.STRUCT.sizeBytes());
        assertEquals(232, InfoStructs.ProgInfo.STRUCT.sizeBytes());
        assertEquals(32, InfoStructs.BtfInfo.STRUCT.sizeBytes());
        assertEquals(64, InfoStructs.LinkInfo.STRUCT.sizeBytes());
        assertEquals(128, PerfEventAttr.STRUCT.sizeBytes());
        assertEquals(16, BpfAttrs.IterLinkInfo.STRUCT.sizeBytes());
    }

    @Test
    void aBorrowedValueComesBackEmptyAndIsUsedAgain() {
        StructValue first = BpfAttrs.MapElem.STRUCT.borrow();
        try (first) {
            first.set(BpfAttrs.MapElem.MAP_FD, 7).point(BpfAttrs.MapElem.KEY, 4096, 4);
            assertThrows(IllegalStateException.class, () -> first.point(BpfAttrs.MapElem.KEY, new byte[4]));
            try (StructValue other = BpfAttrs.MapElem.STRUCT.borrow()) {
                assertTrue(other != first && other.address() != first.address());
            }
        }
        assertThrows(IllegalStateException.class, first::close);
        try (StructValue again = BpfAttrs.MapElem.STRUCT.borrow()) {
            assertTrue(again == first);
            assertEquals(0, again.get(BpfAttrs.MapElem.MAP_FD));
            assertEquals(0, again.get(BpfAttrs.MapElem.KEY));
            assertFalse(again.isSet(BpfAttrs.MapElem.KEY));
        }
    }

    @Test
    void refusesMisuse() {
        try (StructValue attr = BpfAttrs.MapCreate.STRUCT.allocate()) {
            assertThrows(IllegalArgumentException.class, () -> attr.set(BpfAttrs.MapCreate.MAP_NAME, 1));
            assertThrows(IllegalArgumentException.class, () -> attr.set(BpfAttrs.MapCreate.MAP_TYPE, "HASH"));
            assertThrows(IllegalArgumentException.class,
                    () -> attr.point(BpfAttrs.MapCreate.MAP_TYPE, new byte[1]));
        }
    }

    @Test
    void enumsHaveTheKernelsNumbers() {
        assertEquals(28, BpfCommand.LINK_CREATE.number());
        assertEquals(38, BpfCommand.PROG_ASSOC_STRUCT_OPS.number());
        assertEquals("BPF_MAP_TYPE_RINGBUF", BpfMapType.of(27).kernelName());
        assertEquals(33, BpfMapType.ARENA.number());
        assertEquals(32, BpfProgType.NETFILTER.number());
        assertEquals(26, BpfProgType.TRACING.number());
        assertEquals(57, BpfAttachType.TRACE_UPROBE_SESSION.number());
        assertEquals(41, BpfAttachType.PERF_EVENT.number());
        assertEquals(15, BpfLinkType.TRACING_MULTI.number());
        assertEquals("ringbuf_output", BpfHelper.name(130));
        assertEquals(181, BpfHelper.id("loop"));
        assertEquals("helper#99999", BpfHelper.name(99999));
    }

    @Test
    void printsNumbersByTheirTable() {
        assertEquals("RINGBUF", Shown.MAP_TYPE.text(27));
        assertEquals("4000", Shown.MAP_TYPE.text(4000));
        assertEquals("RDONLY_PROG|MMAPABLE",
                Shown.MAP_FLAGS.text(BpfFlags.BPF_F_MMAPABLE | BpfFlags.BPF_F_RDONLY_PROG));
        assertEquals("SLEEPABLE|0x40000000", Shown.PROG_FLAGS.text(1 << 4 | 1 << 30));
        assertEquals("0", Shown.MAP_FLAGS.text(0));
        assertEquals("EPERM", Errno.name(1));
        assertEquals("operation not permitted", Errno.text(1));
        assertEquals("ENOTSUPP", Errno.name(524));
        assertEquals("errno 4000", Errno.name(4000));
        assertEquals("create map \"rb\": EPERM (operation not permitted); run with sudo",
                new SysException("create map \"rb\"", 1, "run with sudo").getMessage());
    }
}
