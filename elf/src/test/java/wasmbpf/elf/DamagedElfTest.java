package wasmbpf.elf;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any damage ends in a value or a FormatException, soon and with little memory. */
class DamagedElfTest {
    private static final int INPUTS = 100_000;
    private static final long MAX_NANOS = 1_000_000_000L;
    private static final long MAX_BYTES = 256L << 20;

    @Test
    void damagedFilesEndInAValueOrAFormatException() {
        List<byte[]> valid = List.of(Resources.bytes("probe.bpf.o"), Resources.bytes("probe.bpfeb.o"),
                Resources.bytes("versions.so"), Resources.bytes("plain.aarch64be.o"), Resources.bytes("plain.i386.o"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long seed = 20251125;
        Random random = new Random(seed);
        int values = 0;
        for (int i = 0; i < INPUTS; i++) {
            byte[] bytes = Damage.of(valid.get(i % valid.size()), valid.get(random.nextInt(valid.size())), random);
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long started = System.nanoTime();
            try {
                values += read(bytes) ? 1 : 0;
            } catch (RuntimeException | Error e) {
                fail("input " + i + " of seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
            }
            long nanos = System.nanoTime() - started;
            long used = threads.getCurrentThreadAllocatedBytes() - allocated;
            if (nanos > MAX_NANOS || used > MAX_BYTES) {
                fail("input " + i + " of seed " + seed + " took " + nanos / 1_000_000 + " ms and " + used + " bytes: "
                        + HexFormat.of().formatHex(bytes));
            }
        }
        // The damage must be such that both outcomes are seen.
        assertTrue(values > INPUTS / 10 && values < INPUTS * 9 / 10, values + " of " + INPUTS + " were read");
    }

    /** Reads all there is; whether it could be read to the end. */
    private static boolean read(byte[] bytes) {
        ElfFile elf;
        try {
            elf = ElfReader.readAnyClass("damaged", new ArraySource(bytes));
        } catch (FormatException e) {
            return false;
        }
        boolean whole = true;
        for (Section section : elf.sections()) {
            try {
                switch (section.type()) {
                    case SYMTAB, DYNSYM -> elf.symbolTable(section).symbols();
                    case REL, RELA -> elf.relocations(section);
                    case NOTE -> elf.notes(section);
                    default -> section.bytes();
                }
            } catch (FormatException e) {
                whole = false;
            }
        }
        try {
            elf.symbolVersions();
            elf.symbols();
            ElfPrinter.print(elf);
        } catch (FormatException e) {
            whole = false;
        }
        return whole;
    }
}
