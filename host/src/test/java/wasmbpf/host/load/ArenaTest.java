package wasmbpf.host.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import wasmbpf.host.object.ObjectReader;
import wasmbpf.host.object.ObjectSpec;
import wasmbpf.sys.BpfAttrs.ProgLoad;
import wasmbpf.sys.BpfCommand;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.MappedRegion;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SysException;

/** Where an arena is mapped, and where its variables are in it. */
class ArenaTest {
    private static final long ADDRESS = 1L << 44;

    private static ObjectSpec spec() {
        try (InputStream in = ArenaTest.class.getResourceAsStream("/object/arena.bpf.o")) {
            return ObjectReader.read("arena.bpf.o", in.readAllBytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A kernel that reads offsets of 32 bits: what it says of one that is too large is how it is told from others. */
    private static final class FarReaching extends StandInKernel {
        @Override
        protected Integer answer(BpfCommand command, StructValue attr) {
            // Of the programs loaded here only the probe has the verifier talk from the first try.
            if (command != BpfCommand.PROG_LOAD || attr.get(ProgLoad.LOG_LEVEL) == 0) {
                return super.answer(command, attr);
            }
            byte[] log = "invalid access to map value pointer, value_size=1 off=2147483647"
                    .getBytes(StandardCharsets.UTF_8);
            MemorySegment.copy(log, 0, at(attr.get(ProgLoad.LOG_BUF), log.length), ValueLayout.JAVA_BYTE, 0, log.length);
            return -Errno.EACCES;
        }
    }

    @Test
    void variablesAreWhereTheInstructionsLookForThem() {
        StandInKernel near = new StandInKernel();
        try (LoadedObject object = load(near)) {
            assertEquals(7, object.map("arena").memory().getInt(0));
        }
        StandInKernel far = new FarReaching();
        try (LoadedObject object = load(far)) {
            MappedRegion memory = object.map("arena").memory();
            assertEquals(0, memory.getInt(0));
            assertEquals(7, memory.getInt(98 * 4096), "two pages of a hundred are taken by variables");
        }
    }

    private static LoadedObject load(Kernel kernel) {
        return new ObjectLoader(kernel, new RunningKernel(kernel, OracleFiles.plain()), LoadOptions.DEFAULT)
                .load(spec());
    }

    @Test
    @Tag("kernel")
    void arenaOfMoreThanTwoGigabytesHoldsItsVariables() {
        Kernel kernel = OnThisKernel.require();
        ObjectSpec spec = spec();
        spec.map("arena").maxEntries(1 << 19 | 1);
        try (LoadedObject object = new ObjectLoader(kernel, LoadOptions.DEFAULT).load(spec)) {
            MappedRegion memory = object.map("arena").memory();
            assertEquals((1L << 19 | 1) * 4096, memory.sizeBytes());
            assertTrue(memory.getInt(0) == 7 || memory.getInt(memory.sizeBytes() - 2 * 4096) == 7);
        }
    }

    @Test
    @Tag("kernel")
    void arenaIsMappedWhereItsMapExtraSays() {
        Kernel kernel = OnThisKernel.require();
        ObjectSpec spec = spec();
        spec.map("arena").extra(ADDRESS);
        try (LoadedObject object = new ObjectLoader(kernel, LoadOptions.DEFAULT).load(spec)) {
            assertEquals(ADDRESS, object.map("arena").memory().address());
            ObjectSpec second = spec();
            second.map("arena").extra(ADDRESS);
            SysException e = assertThrows(SysException.class,
                    () -> new ObjectLoader(kernel, LoadOptions.DEFAULT).load(second));
            assertEquals(Errno.EEXIST, e.errno());
            assertTrue(e.getMessage().startsWith("mmap map \"arena\""), e.getMessage());
        }
    }
}
