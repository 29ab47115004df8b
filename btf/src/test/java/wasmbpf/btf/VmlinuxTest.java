package wasmbpf.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole BTF of kernel 6.18.44. */
class VmlinuxTest {
    private final Btf btf = Resources.vmlinux();

    @Test
    void everyTypeCanBeReadAndLaidOut() {
        assertEquals(126_573, btf.typeCount());
        assertEquals(8, btf.pointerSize());
        int composites = 0;
        for (int id = 1; id < btf.typeCount(); id++) {
            BtfType type = btf.type(id);
            assertEquals(btf.kind(id), type.kind());
            assertEquals(btf.name(id), type.name());
            if (type instanceof BtfType.Composite composite) {
                composites++;
                assertEquals(composite.sizeBytes(), BtfLayout.sizeOf(btf, id));
                int align = BtfLayout.alignOf(btf, id);
                assertTrue(align == 1 || align == 2 || align == 4 || align == 8, type.name() + " " + align);
                for (BtfLayout.Field field : BtfLayout.fields(btf, id)) {
                    long end = field.isBitfield() ? field.bitOffset() + field.bitfieldSize()
                            : field.bitOffset() + 8 * field.sizeBytes();
                    assertTrue(end <= 8L * composite.sizeBytes(), type.name() + "." + field.name());
                }
            }
        }
        assertTrue(composites > 8_000, composites + " composites");
    }

    @Test
    void theIndexFindsWhatAWalkFinds() {
        Map<String, List<Integer>> byName = new HashMap<>();
        Map<String, List<Integer>> byEssentialName = new HashMap<>();
        for (int id = 1; id < btf.typeCount(); id++) {
            String name = btf.name(id);
            if (!name.isEmpty()) {
                byName.computeIfAbsent(name, n -> new ArrayList<>()).add(id);
                if (btf.kind(id) != BtfKind.FUNC) {
                    byEssentialName.computeIfAbsent(EssentialName.of(name), n -> new ArrayList<>()).add(id);
                }
            }
        }
        int several = 0;
        for (Map.Entry<String, List<Integer>> each : byName.entrySet()) {
            assertArrayEquals(ids(each.getValue()), btf.idsNamed(each.getKey()));
            int first = each.getValue().getFirst();
            assertEquals(first, btf.find(btf.kind(first), each.getKey()));
            several += each.getValue().size() > 1 ? 1 : 0;
        }
        for (Map.Entry<String, List<Integer>> each : byEssentialName.entrySet()) {
            assertArrayEquals(ids(each.getValue()), btf.idsOfEssentialName(each.getKey()));
        }
        assertTrue(several > 100);
        assertTrue(btf.idsOfEssentialName("nf_conn").length > btf.idsNamed("nf_conn").length, "it has a flavour");
        assertEquals(-1, btf.find(BtfKind.STRUCT, "no_such_struct"));
        assertEquals(-1, btf.find(BtfKind.STRUCT, "task_struct___flavour"));
        assertEquals(-1, btf.find(BtfKind.UNION, "task_struct"));
        assertEquals(0, btf.find(BtfKind.TYPEDEF, "void"));
        assertEquals(0, btf.idsNamed("").length);
    }

    private static int[] ids(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Figures, not a limit: this machine may be busy. */
    @Test
    void printsWhatIndexAndLookUpCost() {
        byte[] bytes = btf.bytes();
        long index = Long.MAX_VALUE;
        long first = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long t0 = System.nanoTime();
            Btf again = BtfReader.read("vmlinux", bytes);
            long t1 = System.nanoTime();
            assertEquals(btf.find(BtfKind.STRUCT, "task_struct"), again.find(BtfKind.STRUCT, "task_struct"));
            long t2 = System.nanoTime();
            index = Math.min(index, t1 - t0);
            first = Math.min(first, t2 - t1);
        }
        System.out.printf("vmlinux, best of 10 warm: index %.1f ms, index of names %.1f ms%n", index / 1e6, first / 1e6);
    }
}
