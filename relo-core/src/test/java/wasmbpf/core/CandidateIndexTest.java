package wasmbpf.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfReader;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;

class CandidateIndexTest {
    private final Btf vmlinux = btf(null, "in_both", "only_in_vmlinux", "flavoured___a", "flavoured___b", "a___");
    private final Btf first = btf(vmlinux, "in_both", "in_modules");
    private final Btf second = btf(vmlinux, "in_modules___2");
    private final Btf local = btf(null,
            "in_both", "in_modules___old", "flavoured", "nowhere", "flavoured___a", "a___b", "");

    private static Btf btf(Btf base, String... structs) {
        BtfWriter writer = base == null
                ? BtfWriter.empty(ByteOrder.LITTLE_ENDIAN)
                : BtfWriter.emptySplit(ByteOrder.LITTLE_ENDIAN, base);
        for (String name : structs) {
            writer.add(new BtfType.Struct(name, 4, false, List.of()));
        }
        return BtfReader.readSplit(base == null ? "vmlinux" : "module", writer.toBytes(), base);
    }

    private List<Integer> ids(CandidateIndex index, int localId) {
        return index.candidates(local, localId).stream().map(CandidateIndex.Candidate::typeId).toList();
    }

    @Test
    void modulesAreAskedOnlyForWhatVmlinuxDoesNotHave() {
        AtomicInteger asked = new AtomicInteger();
        CandidateIndex index = new CandidateIndex(vmlinux, () -> {
            asked.incrementAndGet();
            return List.of(first, second);
        });
        assertEquals(List.of(1), ids(index, 1));
        assertEquals(0, asked.get());
        assertEquals(List.of(7, 6), ids(index, 2), "from all modules, each id counted from the end of vmlinux");
        assertEquals(List.of(first, second),
                index.candidates(local, 2).stream().map(CandidateIndex.Candidate::btf).toList());
        assertEquals(List.of(), ids(index, 4));
        assertEquals(1, asked.get());
    }

    @Test
    void flavoursOnEitherSideAreIgnored() {
        CandidateIndex index = new CandidateIndex(List.of(vmlinux));
        assertEquals(List.of(3, 4), ids(index, 3));
        assertEquals(List.of(3, 4), ids(index, 5));
        assertEquals(List.of(), ids(index, 6), "\"a___\" is a name, not a flavour of \"a\"");
    }

    @Test
    void anonymousTypesHaveNoCandidates() {
        CandidateIndex index = new CandidateIndex(List.of(vmlinux));
        assertThrows(CoreException.class, () -> index.candidates(local, 7));
    }

    /** As {@code bpftool btf dump file vmlinux format raw | grep "'NAME'"} shows them for 6.18.44. */
    @Test
    void findsTypesOfARealKernelByKind() {
        Btf kernel = TestObject.kernel();
        CandidateIndex index = new CandidateIndex(List.of(kernel));
        BtfWriter writer = BtfWriter.empty(ByteOrder.LITTLE_ENDIAN);
        int task = writer.add(new BtfType.Struct("task_struct___mine", 4, false, List.of()));
        int union = writer.add(new BtfType.Union("task_struct", 4, false, List.of()));
        int map = writer.add(new BtfType.Enum64("bpf_map_type", 8, false, List.of()));
        int typedef = writer.add(new BtfType.Typedef("atomic_t", task));
        Btf mine = writer.toBtf();
        assertEquals(List.of(kernel.find(BtfKind.STRUCT, "task_struct")),
                index.candidates(mine, task).stream().map(CandidateIndex.Candidate::typeId).toList());
        assertEquals(List.of(), index.candidates(mine, union));
        assertEquals(List.of(kernel.find(BtfKind.ENUM, "bpf_map_type")),
                index.candidates(mine, map).stream().map(CandidateIndex.Candidate::typeId).toList());
        assertEquals(List.of(kernel.find(BtfKind.TYPEDEF, "atomic_t")),
                index.candidates(mine, typedef).stream().map(CandidateIndex.Candidate::typeId).toList());
    }
}
