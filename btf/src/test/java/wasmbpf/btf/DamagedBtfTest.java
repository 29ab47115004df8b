package wasmbpf.btf;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.ElfReader;
import wasmbpf.elf.FormatException;

/** Any damage ends in a value or a FormatException, soon and with little memory. */
class DamagedBtfTest {
    private static final int INPUTS = 100_000;
    private static final long MAX_NANOS = 1_000_000_000L;
    private static final long MAX_BYTES = 256L << 20;
    private static final long SEED = 20251126;
    private static final int[] WORDS = {0, 1, 2, 3, 7, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, -1, -8, 0xffffff,
        0x04000001, 0x84000002, 0x05000002, 0x0d000002, 0x03000000, 0x0a000000, 0x0f000001};

    private interface Reading {
        boolean read(byte[] bytes);
    }

    private static List<byte[]> blobs(String section) {
        List<byte[]> blobs = new ArrayList<>();
        for (String name : List.of("kinds.bpf.o", "kinds.bpfeb.o")) {
            blobs.add(Resources.elf(name).section(section).orElseThrow().bytes());
        }
        for (String name : List.of("subprogs_table", "attach_table", "maps_table")) {
            blobs.add(Resources.oracleElf(name).section(section).orElseThrow().bytes());
        }
        return blobs;
    }

    @Test
    void damagedTypesEndInAValueOrAFormatException() {
        check(blobs(".BTF"), DamagedBtfTest::readAll);
    }

    @Test
    void damagedExtensionsEndInAValueOrAFormatException() {
        Btf btf = BtfReader.ofElf(Resources.elf("kinds.bpf.o"));
        check(blobs(".BTF.ext"), bytes -> {
            try {
                BtfExt ext = BtfExt.read("damaged", bytes, btf);
                for (String section : ext.sectionNames()) {
                    ext.funcInfo(section);
                    ext.lineInfo(section);
                    ext.funcInfoBytes(section, ByteOrder.LITTLE_ENDIAN);
                    ext.lineInfoBytes(section, ByteOrder.BIG_ENDIAN);
                    ext.coreRelos(section);
                }
                return true;
            } catch (FormatException e) {
                return false;
            }
        });
    }

    @Test
    void damagedObjectsEndInAFixedUpBtfOrAFormatException() {
        List<byte[]> objects = List.of(Resources.bytes("kinds.bpf.o"), Resources.bytes("kinds.bpfeb.o"));
        check(objects, bytes -> {
            try {
                ElfFile elf = ElfReader.read("damaged", bytes);
                Btf btf = BtfReader.ofElf(elf);
                DataSecFixup.apply(elf, btf);
                BtfExt.ofElf(elf, btf);
                return true;
            } catch (FormatException e) {
                return false;
            }
        }, INPUTS / 10);
    }

    /** Reads all there is; whether it could be read to the end. */
    private static boolean readAll(byte[] bytes) {
        Btf btf;
        try {
            btf = BtfReader.read("damaged", bytes);
        } catch (FormatException e) {
            return false;
        }
        boolean whole = true;
        for (int id = 0; id < btf.typeCount(); id++) {
            try {
                btf.type(id);
                BtfLayout.sizeOrNegative(btf, id);
                if (btf.type(id) instanceof BtfType.Composite) {
                    BtfLayout.alignOf(btf, id);
                    BtfLayout.fields(btf, id);
                }
                TypeChain.skipModsAndTypedefs(btf, id);
            } catch (FormatException e) {
                whole = false;
            }
        }
        try {
            btf.find(BtfKind.STRUCT, "bits");
            btf.idsOfEssentialName("list");
            CPrinter.header(btf);
            RawPrinter.print(btf);
            BtfWriter.of(btf).toBytes(ByteOrder.BIG_ENDIAN);
        } catch (FormatException e) {
            whole = false;
        }
        return whole;
    }

    private static void check(List<byte[]> valid, Reading reading) {
        check(valid, reading, INPUTS);
    }

    private static void check(List<byte[]> valid, Reading reading, int inputs) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Random random = new Random(SEED);
        int values = 0;
        for (int i = 0; i < inputs; i++) {
            byte[] bytes = damaged(valid.get(i % valid.size()), valid.get(random.nextInt(valid.size())), random);
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long started = System.nanoTime();
            try {
                values += reading.read(bytes) ? 1 : 0;
            } catch (RuntimeException | Error e) {
                fail("input " + i + " of seed " + SEED + ": " + HexFormat.of().formatHex(bytes), e);
            }
            long nanos = System.nanoTime() - started;
            long used = threads.getCurrentThreadAllocatedBytes() - allocated;
            if (nanos > MAX_NANOS || used > MAX_BYTES) {
                fail("input " + i + " of seed " + SEED + " took " + nanos / 1_000_000 + " ms and " + used + " bytes: "
                        + HexFormat.of().formatHex(bytes));
            }
        }
        // The damage must be such that both outcomes are seen.
        assertTrue(values > inputs / 20 && values < inputs * 19 / 20, values + " of " + inputs + " were read");
    }

    /** A copy that was cut, had bits turned, words replaced by telling values, or parts of another put in. */
    private static byte[] damaged(byte[] valid, byte[] other, Random random) {
        byte[] bytes = valid.clone();
        int rounds = 1 + random.nextInt(4);
        for (int i = 0; i < rounds && bytes.length > 8; i++) {
            int at = random.nextInt(random.nextInt(8) == 0 ? Math.min(32, bytes.length) : bytes.length);
            switch (random.nextInt(12)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1, 2, 3, 4 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 5, 6, 7 -> word(bytes, at & ~3, WORDS[random.nextInt(WORDS.length)], random.nextBoolean());
                case 8, 9, 10 -> word(bytes, at & ~3, random.nextInt(200), random.nextBoolean());
                default -> {
                    int from = random.nextInt(other.length);
                    int length = Math.min(1 + random.nextInt(256), Math.min(other.length - from, bytes.length - at));
                    System.arraycopy(other, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }

    private static void word(byte[] bytes, int at, int value, boolean little) {
        for (int i = 0; i < 4 && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >>> 8 * (little ? i : 3 - i));
        }
    }
}
