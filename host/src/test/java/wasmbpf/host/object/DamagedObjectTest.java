package wasmbpf.host.object;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import wasmbpf.elf.FormatException;

/** Whatever bytes of an object are damaged: reading and linking it soon end in a value or one of our exceptions. */
class DamagedObjectTest {
    private static final long LIMIT_NANOS = 5_000_000_000L;
    private static final Map<String, OracleKernel> KERNELS = new HashMap<>();

    @Provide
    Arbitrary<String> objects() {
        return Arbitraries.of("subprogs_table", "maps_table", "externs_table", "attach_table", "both_orders",
                "both_orders.be", "linked", "struct_ops", "arena", "callback", "jump_table", "legacy_maps");
    }

    @Property(tries = 600)
    void damagedBytesEndInAValueOrOurException(@ForAll("objects") String object, @ForAll long seed,
                                               @ForAll @IntRange(min = 1, max = 6) int places) {
        byte[] bytes = elf(object);
        Random random = new Random(seed);
        for (int i = 0; i < places; i++) {
            damage(bytes, random);
        }
        readAndLink(object, bytes);
    }

    @Property(tries = 100)
    void cutOffObjectsEndInAValueOrOurException(@ForAll("objects") String object, @ForAll double where) {
        byte[] bytes = elf(object);
        int length = (int) Math.abs(where % 1 * bytes.length);
        readAndLink(object, Arrays.copyOf(bytes, length));
    }

    private static byte[] elf(String object) {
        return OracleJson.OBJECTS.contains(object) ? OracleJson.elf(object) : TestObjects.bytes(object + ".bpf.o");
    }

    /** Sets a byte, or a word to a number that tends to be wrong in interesting ways, or a word to another word. */
    static void damage(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> putWord(bytes, at & ~3, new int[] {0, 1, -1, 0x7fffffff, 0x80000000, bytes.length, 8, 0xffff}
                    [random.nextInt(8)]);
            default -> {
                int from = random.nextInt(bytes.length / 4) * 4;
                if (from + 4 <= bytes.length && (at & ~3) + 4 <= bytes.length) {
                    System.arraycopy(bytes, from, bytes, at & ~3, 4);
                }
            }
        }
    }

    private static void putWord(byte[] bytes, int at, int value) {
        for (int i = 0; i < 4 && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >> 8 * i);
        }
    }

    static void readAndLink(String object, byte[] bytes) {
        long start = System.nanoTime();
        try {
            ObjectSpec spec = ObjectReader.read(object + ".bpf.o", bytes);
            OracleKernel kernel = KERNELS.computeIfAbsent(object, name -> OracleKernel.of(
                    OracleJson.OBJECTS.contains(name) ? OracleJson.relocated(name) : Map.of()));
            ExternValues externs = ExternResolver.resolve(spec, kernel);
            StructOpsResolver.resolve(spec, kernel);
            ProgramLinker.link(spec, externs, kernel);
        } catch (FormatException | ObjectException e) {
            assertTrue(e.getMessage() != null && !e.getMessage().isBlank(), "exception without a message");
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(object + " with " + HexFormat.of().formatHex(bytes, 0, 64) + "…: " + e, e);
        }
        long nanos = System.nanoTime() - start;
        assertTrue(nanos < LIMIT_NANOS, object + " took " + nanos / 1_000_000 + " ms");
    }
}
