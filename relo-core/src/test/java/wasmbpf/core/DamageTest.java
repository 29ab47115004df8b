package wasmbpf.core;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;
import wasmbpf.elf.FormatException;

/** Damaged objects, targets and records end in a report or in an exception of ours, soon. */
class DamageTest {
    private static final List<String> NAMES = List.of("fields", "types", "enums", "candidates", "resize");

    /** Bytes of the object's or target's BTF are changed; the reader may refuse it, or we meet the damage. */
    @Property(tries = 1500)
    void damagedTypesGiveAReportOrOurException(@ForAll("names") String name, @ForAll long seed,
                                               @ForAll @IntRange(min = 1, max = 12) int changes,
                                               @ForAll boolean ofTarget) {
        TestObject object = TestObject.read(name);
        Btf target = TestObject.target(name);
        Random random = new Random(seed);
        try {
            Btf local = object.btf();
            if (ofTarget) {
                target = BtfReader.read("damaged target", damaged(target.bytes(), random, changes));
            } else {
                local = BtfReader.read("damaged object", damaged(local.bytes(), random, changes));
            }
            relocate(object, local, target);
        } catch (FormatException e) {
            assertNotNull(e.getMessage());
        }
    }

    /** Only ids and sizes: more damage gets past the reader than with damaged bytes. */
    @Property(tries = 1500)
    void exchangedTypeIdsGiveAReportOrOurException(@ForAll("names") String name, @ForAll long seed,
                                                   @ForAll @IntRange(min = 1, max = 6) int changes) {
        TestObject object = TestObject.read(name);
        Random random = new Random(seed);
        byte[] bytes = object.btf().bytes().clone();
        int typesAt = 24;
        int typeWords = (bytes[12] & 0xff | (bytes[13] & 0xff) << 8) / 4;
        for (int i = 0; i < changes; i++) {
            int at = typesAt + 4 * random.nextInt(typeWords);
            int value = random.nextInt(object.btf().typeCount() + 2);
            bytes[at] = (byte) value;
            bytes[at + 1] = (byte) (value >> 8);
        }
        try {
            relocate(object, BtfReader.read("damaged object", bytes), TestObject.target(name));
        } catch (FormatException e) {
            assertNotNull(e.getMessage());
        }
    }

    @Property(tries = 2000)
    void damagedRecordsGiveAReportOrOurException(@ForAll("names") String name, @ForAll long seed,
                                                 @ForAll("accessStrings") String access) {
        TestObject object = TestObject.read(name);
        Random random = new Random(seed);
        CandidateIndex targets = new CandidateIndex(List.of(TestObject.target(name)));
        for (TestObject.Program program : object.programs()) {
            List<CoreRelo> relos = new ArrayList<>();
            for (CoreRelo relo : program.relos()) {
                relos.add(switch (random.nextInt(5)) {
                    case 0 -> new CoreRelo(random.nextInt(-2, program.code().count() + 2), relo.typeId(),
                            relo.accessString(), relo.kind());
                    case 1 -> new CoreRelo(relo.insnIndex(), random.nextInt(-1, object.btf().typeCount() + 2),
                            relo.accessString(), relo.kind());
                    case 2 -> new CoreRelo(relo.insnIndex(), relo.typeId(), access, relo.kind());
                    case 3 -> new CoreRelo(relo.insnIndex(), relo.typeId(), relo.accessString(),
                            ReloKind.of(random.nextInt(13)));
                    default -> relo;
                });
            }
            try {
                ReloReport report = CoreRelocator.relocate("p", program.code(), relos, object.btf(), targets);
                report.lines().forEach(line -> assertNotNull(line.toString()));
            } catch (CoreException e) {
                assertNotNull(e.getMessage());
            }
        }
    }

    private static void relocate(TestObject object, Btf local, Btf target) {
        CoreRelocator relocator = new CoreRelocator(local, new CandidateIndex(List.of(target)));
        for (TestObject.Program program : object.programs()) {
            for (CoreRelo relo : program.relos()) {
                try {
                    ReloReport report = relocator.relocate(program.name(), program.code().copy(), List.of(relo));
                    report.lines().forEach(line -> assertNotNull(line.toString()));
                } catch (CoreException e) {
                    assertNotNull(e.getMessage());
                }
            }
        }
    }

    private static byte[] damaged(byte[] original, Random random, int changes) {
        byte[] bytes = original.clone();
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(24, bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(NAMES);
    }

    @Provide
    Arbitrary<String> accessStrings() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("0123456789:-+ x").ofMaxLength(20),
                Arbitraries.integers().between(0, 30).list().ofMinSize(1).ofMaxSize(70)
                        .map(list -> String.join(":", list.stream().map(String::valueOf).toList())));
    }

    /** Every byte of the types, one after the other, set to values that damage most. */
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void everyByteOfTheTypesMayBeDamaged() {
        TestObject object = TestObject.read("candidates");
        Btf target = TestObject.target("candidates");
        byte[] original = object.btf().bytes();
        for (int at = 0; at < original.length; at++) {
            for (int value : new int[] {0, 1, 0x7f, 0xff}) {
                byte[] bytes = original.clone();
                bytes[at] = (byte) value;
                try {
                    relocate(object, BtfReader.read("damaged object", bytes), target);
                } catch (FormatException e) {
                    assertNotNull(e.getMessage());
                }
            }
        }
    }
}
