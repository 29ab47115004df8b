package wasmbpf.host.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;
import wasmbpf.wasm.LinearMemory;
import wasmbpf.wasm.MemoryReservation;
import wasmbpf.wasm.MemoryType;
import wasmbpf.wasm.Trap;

class MappedReservationTest {
    private static MemoryType pages(long min) {
        return new MemoryType(min, false, 0, false, false, 16);
    }

    @Test
    void memoryGrowsInPlaceAndFreshBytesAreZero() {
        LinearMemory memory = new LinearMemory(pages(1), new MappedReservation.Provider(LinuxKernel.open()), 1L << 32);
        long address = memory.address();
        memory.putLong(65528, -1);
        assertEquals(1, memory.grow(1000));
        assertEquals(address, memory.address());
        assertEquals(-1, memory.getLong(65528));
        assertEquals(0, memory.getLong(1000 * 65536));
        assertEquals(-1, memory.grow(65536), "more than 32 bits address");
        assertThrows(Trap.class, () -> memory.getByte(1001 * 65536));
        memory.close();
    }

    /** Only addresses are reserved: four guests of 8 GiB each cost this machine next to nothing. */
    @Test
    void reservingCostsNoMemory() throws Exception {
        MappedReservation.Provider provider = new MappedReservation.Provider(LinuxKernel.open());
        long before = resident();
        List<MemoryReservation> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            MemoryReservation r = provider.reserve(1L << 32);
            r.commit(1 << 20);
            all.add(r);
        }
        assertTrue(resident() - before < 64 << 20, "grew by " + (resident() - before));
        all.forEach(MemoryReservation::close);
    }

    /** An allocator's next piece comes with its pages; a large growth costs nothing until it is used. */
    @Test
    void aSmallGrowthHasItsPagesAtOnce() throws Exception {
        LinearMemory memory = new LinearMemory(pages(1), new MappedReservation.Provider(LinuxKernel.open()), 1L << 32);
        long before = resident();
        memory.grow(8);
        long small = resident() - before;
        Assumptions.assumeTrue(kernelAtLeast(5, 14), "SKIPPED: MADV_POPULATE_WRITE is of Linux 5.14");
        assertTrue(small >= 8 << 16, "grew by " + small);
        memory.grow(1000);
        assertTrue(resident() - before < 32 << 20, "grew by " + (resident() - before));
        assertEquals(0, memory.getLong(1009 * 65536 - 8));
        memory.close();
    }

    private static boolean kernelAtLeast(int major, int minor) {
        String[] version = System.getProperty("os.version").split("[.-]");
        int have = Integer.parseInt(version[0]);
        return have > major || have == major && Integer.parseInt(version[1]) >= minor;
    }

    private static long resident() throws Exception {
        String statm = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/statm"));
        return Long.parseLong(statm.split(" ")[1]) * 4096;
    }

    /** Where address space is short (ulimit -v) a smaller guest still runs. */
    @Test
    void takesWhatThereIsWhenAddressSpaceIsShort() {
        List<Long> asked = new ArrayList<>();
        Kernel tight = new Kernel() {
            @Override
            public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
                if (call == SystemCall.MMAP) {
                    asked.add(b);
                    if (b > 100 << 20) {
                        return -Errno.ENOMEM;
                    }
                }
                return LinuxKernel.open().call(call, attr, a, b, c, d, e, f);
            }
        };
        try (MemoryReservation r = new MappedReservation.Provider(tight).reserve(1L << 32)) {
            assertEquals(64 << 20, r.reservedBytes());
            assertEquals((1L << 33), asked.get(0), "with its guard");
            r.commit(64 << 20);
            assertThrows(OutOfMemoryError.class, () -> r.commit((64 << 20) + 1));
        }
    }

    @Test
    void nothingAtAllIsAnErrorNotACrash() {
        Kernel none = new Kernel() {
            @Override
            public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
                return -Errno.ENOMEM;
            }
        };
        assertTrue(assertThrows(OutOfMemoryError.class, () -> new MappedReservation.Provider(none).reserve(1 << 20))
                .getMessage().contains("ENOMEM"));
    }
}
