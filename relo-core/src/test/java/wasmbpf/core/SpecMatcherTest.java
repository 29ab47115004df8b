package wasmbpf.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfType.Member;
import wasmbpf.btf.BtfWriter;

/** Shapes of types that no C compiler makes; what C makes is in {@link CoreRelocatorTest}. */
class SpecMatcherTest {
    private final BtfWriter writer = BtfWriter.empty(ByteOrder.LITTLE_ENDIAN);
    private final int integer = writer.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 0, 32));
    private final int pointer = writer.add(new BtfType.Ptr(integer));

    private int struct(String name, int size, Member... members) {
        return writer.add(new BtfType.Struct(name, size, false, List.of(members)));
    }

    private static Member member(String name, int typeId, int byteOffset) {
        return new Member(name, typeId, byteOffset * 8, 0);
    }

    private static AccessSpec match(Btf btf, int local, String access, int target) {
        AccessSpec spec = AccessSpecParser.parse(btf, new CoreRelo(0, local, access, ReloKind.FIELD_BYTE_OFFSET));
        return SpecMatcher.match(spec, btf, target, new WorkBudget(100_000));
    }

    /** libbpf would say 72: it keeps counting the 64 bytes before the anonymous struct that it has left again. */
    @Test
    void searchGoesOnWithTheRightOffsetAfterAMemberThatDoesNotFit() {
        int local = struct("s", 4, member("x", integer, 0));
        int misfit = struct("", 8, member("x", pointer, 0));
        int fit = struct("", 4, member("x", integer, 0));
        int target = struct("s", 80, member("", misfit, 64), member("", fit, 72));
        AccessSpec spec = match(writer.toBtf(), local, "0:0", target);
        assertEquals("<byte_off> [" + target + "] struct s.x (0:1:0 @ offset 72)", spec.toString());
    }

    @Test
    void theFirstMemberOfTheNameDecides() {
        int local = struct("s", 4, member("x", integer, 0));
        int target = struct("s", 16, member("x", pointer, 0), member("x", integer, 8));
        assertNull(match(writer.toBtf(), local, "0:0", target));
    }

    @Test
    void aTypedefOfAStructIsWalkedThroughOnBothSides() {
        int inner = struct("", 8, member("pad", integer, 0), member("x", integer, 4));
        int local = writer.add(new BtfType.Typedef("t", writer.add(new BtfType.Const(inner))));
        int target = writer.add(new BtfType.Typedef("t", struct("named", 4, member("x", integer, 0))));
        assertEquals("<byte_off> [" + target + "] typedef t.x (0:0 @ offset 0)",
                match(writer.toBtf(), local, "0:1", target).toString());
    }

    @Test
    void bitFieldsOfOldCompilersAreNotMatched() {
        int bits = writer.add(new BtfType.Int("int", 4, BtfType.Int.SIGNED, 3, 5));
        int local = struct("s", 4, member("x", integer, 0));
        int target = struct("s", 4, member("x", bits, 0));
        assertNull(match(writer.toBtf(), local, "0:0", target));
    }

    @Test
    void nestingBeyond64LevelsIsRefused() {
        int inner = struct("", 4, member("x", integer, 0));
        for (int i = 0; i < 70; i++) {
            inner = struct("", 4, member("", inner, 0));
        }
        int local = struct("s", 4, member("x", integer, 0));
        int target = struct("s", 4, member("", inner, 0));
        Btf btf = writer.toBtf();
        CoreException e = assertThrows(CoreException.class, () -> match(btf, local, "0:0", target));
        assertTrue(e.getMessage().contains("deeper than 64"), e.getMessage());
    }

    /** 40 anonymous structs, each twice in the next: 2^40 ways to look for a member that is not there. */
    @Test
    void theNumberOfWaysToAMemberIsBounded() {
        int inner = struct("", 4, member("y", integer, 0));
        for (int i = 0; i < 40; i++) {
            inner = struct("", 4, member("", inner, 0), member("", inner, 0));
        }
        int local = struct("s", 4, member("x", integer, 0));
        int target = struct("s", 4, member("", inner, 0));
        Btf btf = writer.toBtf();
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            CoreException e = assertThrows(CoreException.class, () -> match(btf, local, "0:0", target));
            assertTrue(e.getMessage().contains("too long"), e.getMessage());
        });
    }

    /** A function that takes pointers to itself: 8^32 ways to compare it with itself. */
    @Test
    void theNumberOfWaysThroughFunctionsIsBounded() {
        int proto = writer.typeCount() + 1;
        int toProto = writer.add(new BtfType.Ptr(proto));
        BtfType.Param param = new BtfType.Param("", toProto);
        assertEquals(proto, writer.add(new BtfType.FuncProto(0, List.of(param, param, param, param))));
        int typedef = writer.add(new BtfType.Typedef("f", toProto));
        Btf btf = writer.toBtf();
        for (ReloKind kind : List.of(ReloKind.TYPE_EXISTS, ReloKind.TYPE_MATCHES)) {
            AccessSpec spec = AccessSpecParser.parse(btf, new CoreRelo(0, typedef, "0", kind));
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThrows(CoreException.class,
                    () -> SpecMatcher.match(spec, btf, typedef, new WorkBudget(100_000))));
        }
    }

    @Test
    void accessStringsThatDoNotFitTheirTypeAreRefused() {
        int array = writer.add(new BtfType.Array(integer, integer, 3));
        int flexible = writer.add(new BtfType.Array(integer, integer, 0));
        int struct = struct("s", 16,
                member("early", flexible, 0), member("a", array, 0), member("late", flexible, 12));
        int forward = writer.add(new BtfType.Fwd("f", false));
        int enumeration = writer.add(new BtfType.Enum("e", 4, false, List.of(new BtfType.Enumerator("E", 1))));
        Btf btf = writer.toBtf();
        ReloKind field = ReloKind.FIELD_BYTE_OFFSET;
        for (String bad : List.of("", ":", "0:", ":0", "0::1", "x", "-1", "+0", " 0", "0:3", "0:1:3", "0:0:0",
                "0:1:0:0", "0:99999999999999999999", "2147483648", "0" + ":0".repeat(64))) {
            assertThrows(CoreException.class,
                    () -> AccessSpecParser.parse(btf, new CoreRelo(0, struct, bad, field)), bad);
        }
        assertEquals("<byte_off> [" + struct + "] struct s.late[1000] (0:2:1000 @ offset 4012)",
                AccessSpecParser.parse(btf, new CoreRelo(0, struct, "0:2:1000", field)).toString());
        assertThrows(CoreException.class,
                () -> AccessSpecParser.parse(btf, new CoreRelo(0, struct, "2147483647:0", field)), "beyond 512 MiB");
        assertThrows(wasmbpf.elf.FormatException.class,
                () -> AccessSpecParser.parse(btf, new CoreRelo(0, forward, "0", field)), "a FWD has no size");
        assertThrows(CoreException.class,
                () -> AccessSpecParser.parse(btf, new CoreRelo(0, enumeration, "1", ReloKind.ENUMVAL_VALUE)));
        assertThrows(CoreException.class,
                () -> AccessSpecParser.parse(btf, new CoreRelo(0, struct, "0", ReloKind.ENUMVAL_VALUE)));
        assertThrows(CoreException.class,
                () -> AccessSpecParser.parse(btf, new CoreRelo(0, struct, "0:0", ReloKind.TYPE_SIZE)));
    }
}
