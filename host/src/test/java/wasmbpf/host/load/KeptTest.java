package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import wasmbpf.host.BpfObject;
import wasmbpf.host.attach.Link;
import wasmbpf.host.object.OracleJson;

/** Links that are closed do not stay with their object. */
class KeptTest {
    @Test
    void closedLinksAreForgottenWhileOpenOnesAreClosedWithTheObject() {
        StandInKernel kernel = new StandInKernel();
        BpfObject object = BpfObject.open("subprogs_table.bpf.o", OracleJson.elf("subprogs_table"));
        object.spec().programs().forEach(program -> program.autoload(!program.subprogram()));
        object.programs().forEach(program -> program.spec().type(17));
        LoadedObject loaded = new ObjectLoader(kernel, new RunningKernel(kernel, OracleFiles.plain()), LoadOptions.DEFAULT)
                .load(object.spec());
        wasmbpf.host.attach.Attacher attacher = new wasmbpf.host.attach.Attacher(loaded);
        List<Link> open = new ArrayList<>();
        int most = 0;
        for (int i = 0; i < 2000; i++) {
            Link link = attacher.attachPerfEvent(loaded.programs().getFirst(), 7, 0);
            assertTrue(link.isOpen());
            if (i % 100 == 0) {
                open.add(link);
            } else {
                link.close();
                assertTrue(!link.isOpen());
            }
            most = Math.max(most, loaded.kept());
        }
        assertTrue(most <= 2 * open.size() + 16, "kept at most " + most + " of " + open.size() + " open ones");
        loaded.close();
        open.forEach(link -> assertTrue(!link.isOpen()));
        assertEquals(java.util.Map.of(), kernel.openDescriptors());
    }
}
