package wasmbpf.host.gen;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfReader;

/** Small files whose text would be without end, or that would take time out of all proportion, end soon and with a word. */
class HostileBtfTest {
    private static final int STRUCT = 4;
    private static final int TYPEDEF = 8;

    private final ByteArrayOutputStream types = new ByteArrayOutputStream();
    private final StringBuilder strings = new StringBuilder("\0int\0");
    private int last = 1;

    HostileBtfTest() {
        put(1, 1 << 24, 4, 1 << 24 | 32);
    }

    private int string(String text) {
        strings.append(text).append('\0');
        return strings.length() - text.length() - 1;
    }

    private void put(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        types.writeBytes(bytes.array());
    }

    private void typedef(int name, int of) {
        put(name, TYPEDEF << 24, of);
        last++;
    }

    /** A struct of so many members of the type before it. */
    private void struct(int name, int member, int count) {
        put(name, STRUCT << 24 | count, 4);
        for (int i = 0; i < count; i++) {
            put(member, last, 0);
        }
        last++;
    }

    private Btf btf() {
        byte[] text = strings.toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer file = ByteBuffer.allocate(24 + types.size() + text.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24).putInt(0).putInt(types.size()).putInt(types.size())
                .putInt(text.length).put(types.toByteArray()).put(text);
        return BtfReader.read("hostile.btf", file.array());
    }

    private static <T> T soon(Supplier<T> print) {
        return assertTimeoutPreemptively(Duration.ofSeconds(20), print::get);
    }

    private static void refused(Btf btf, String why) {
        String message = assertThrows(GenException.class, () -> soon(() -> CHeaderPrinter.print(btf, "H"))).getMessage();
        assertTrue(message.contains(why), message);
    }

    @Test
    void structsWithoutNamesThatHoldTheOneBeforeTwice() {
        int member = string("a");
        for (int i = 0; i < 39; i++) {
            struct(0, member, 2);
        }
        struct(string("ev"), member, 1);
        refused(btf(), "members would be printed");
        String wit = soon(() -> WitPrinter.print(btf(), "w"));
        assertTrue(wit.length() < 10_000, "a record each: " + wit.length());
    }

    @Test
    void structsThatAreNamedByTypedefsArePrintedOnceEach() {
        int member = string("a");
        for (int i = 0; i < 15; i++) {
            struct(0, member, 2);
            typedef(string("t" + i), last);
        }
        String header = soon(() -> CHeaderPrinter.print(btf(), "H"));
        assertTrue(header.contains(" t14;\n") && header.length() < 10_000, "a definition each: " + header.length());
    }

    @Test
    void aSharedHeaderOfStructsThatHoldTheOneBeforeTwice() {
        int member = string("a");
        for (int i = 0; i < 39; i++) {
            struct(string("s" + i), member, 2);
        }
        struct(string("ev"), member, 1);
        assertTrue(soon(() -> SharedHeader.of("ev.h", "struct ev { int a; };\n", btf())).changed().isEmpty());
    }

    @Test
    void textOutOfAllProportion() {
        int member = string("a".repeat(60_000));
        struct(0, member, 100);
        struct(0, member, 8);
        struct(string("ev"), member, 8);
        refused(btf(), "text would be longer");
    }

    @Test
    void oneNameForEveryType() {
        int name = string("a");
        for (int i = 0; i < 100_000; i++) {
            typedef(name, last);
        }
        assertTrue(soon(() -> WitPrinter.print(btf(), "w")).contains("type a-v100000 = a-v99999;"));
    }

    @Test
    void oneNameForEveryMember() {
        struct(string("ev"), string("a"), 60_000);
        assertTrue(soon(() -> WitPrinter.print(btf(), "w")).contains("a-v60000: s32,"));
    }

    @Test
    void namesThatTheNextHoldersWouldGet() {
        for (int i = 2; i < 60_000; i++) {
            put(string("a___" + i), STRUCT << 24, 0);
        }
        int name = string("a");
        put(name, STRUCT << 24, 0);
        put(name, STRUCT << 24, 0);
        assertTrue(soon(() -> CHeaderPrinter.print(btf(), "H")).contains("struct a___60000 {"));
    }
}
