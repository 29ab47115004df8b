package wasmbpf.host.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SectionDefsTest {
    private static final long BPF_F_SLEEPABLE = 1 << 4;
    private static final long BPF_F_XDP_HAS_FRAGS = 1 << 5;

    /** The table of the recording names every row of libbpf's once at least. */
    @Test
    void hasTheRowsOfLibbpf() {
        Set<Object> libbpf = new HashSet<>();
        for (Map<String, Object> program : OracleJson.objects(OracleJson.open("sec_table"), "programs")) {
            libbpf.add(program.get("sec_def"));
        }
        libbpf.remove(null);
        Set<Object> ours = new HashSet<>();
        SectionDefs.rows().forEach(row -> ours.add(row.pattern()));
        assertEquals(libbpf, ours);
        assertEquals(libbpf.size(), SectionDefs.rows().size());
    }

    /** prog_flags of BPF_PROG_LOAD as recorded, for each spelling that libbpf loads. */
    @Test
    void setsTheFlagsThatLibbpfSets() {
        Map<String, Long> seen = new HashMap<>();
        for (Map<String, Object> program : OracleJson.objects(OracleJson.relocated("sec_table"), "programs")) {
            if (program.get("load") != null) {
                String section = (String) program.get("sec");
                SectionDef row = SectionDefs.find(section);
                long ours = (row.sleepable() ? BPF_F_SLEEPABLE : 0) | (row.xdpFrags() ? BPF_F_XDP_HAS_FRAGS : 0);
                long libbpf = (Long) OracleJson.object(program.get("load")).getOrDefault("prog_flags", 0L);
                assertEquals(libbpf, ours, section);
                seen.put(section, ours);
            }
        }
        assertTrue(seen.size() > 150, "only " + seen.size() + " spellings are loaded");
    }

    @Test
    void noNameFallsUnderTwoRows() {
        for (SectionDef row : SectionDefs.rows()) {
            for (String name : new String[] {row.prefix(), row.prefix() + "/x"}) {
                long rows = SectionDefs.rows().stream().filter(each -> each.matches(name)).count();
                assertTrue(rows <= 1, name + " falls under " + rows + " rows");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
            "kprobe/do_unlinkat, do_unlinkat",
            "uprobe//bin/bash:readline+4, /bin/bash:readline+4",
            "kprobe, ''",
            "kprobe/, ''",
            "xdp, ''",
    })
    void targetFollowsTheFirstSlash(String section, String target) {
        assertEquals(target, SectionDefs.find(section).target(section));
    }

    @ParameterizedTest
    @CsvSource({
            "classifier/filter, classifier",
            "classifier_ingress, classifier",
            "socket1, socket",
            "xdp_pass, xdp",
            "xdp.frags/x, xdp.frags",
            "cgroup/connect4/foo, cgroup/connect4",
            "cgroup_skb/egress2, cgroup_skb/egress",
    })
    void takesForeignNamesForTheLongestRow(String section, String pattern) {
        assertNull(SectionDefs.find(section));
        SectionDef row = SectionDefs.findForeign(section);
        assertEquals(pattern, row.pattern());
        assertTrue(row.foreign());
    }

    @ParameterizedTest
    @ValueSource(strings = {"prog", "maps_x", "unknown_section", "kprobex", "cgroup/unknown", ""})
    void someNamesMeanNothingToAnyone(String section) {
        assertNull(SectionDefs.findForeign(section));
    }

    @Test
    void aNameLibbpfKnowsIsNotForeign() {
        SectionDef row = SectionDefs.findForeign("kprobe/x");
        assertNotNull(row);
        assertEquals(SectionDefs.find("kprobe/x"), row);
    }
}
