package wasmbpf.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import wasmbpf.host.load.OnThisKernel;

/** Global variables by their BTF types, before an object is loaded (load/values.bpf.c). */
class BpfVariableTest {
    private final BpfObject object = OnThisKernel.open("values");

    @Test
    void theFileSaysWhatTheyAreAtFirst() {
        assertEquals(7, object.variable("counter").get());
        assertEquals(1, object.variable("initial.a").get());
        assertEquals(2, object.variable("initial").member("b").get());
        assertEquals(2, object.variable("initial.raw[0]").get());
        assertEquals(3, object.variable("numbers[2]").get());
        assertEquals("hello", object.variable("text").getText());
        assertEquals(3, object.variable("hidden").get());
        assertEquals("initial.raw[0]", object.variable("initial.raw[0]").name());
    }

    @Test
    void whatIsSetIsInTheImageOfTheMap() {
        object.variable("numbers").element(1).set(0xfedcba98L);
        assertEquals(0xfedcba98L, object.variable("numbers[1]").get());
        assertEquals(1, object.variable("numbers[0]").get());
        object.variable("initial.raw[3]").set(0x80);
        assertEquals(Integer.MIN_VALUE + 2, object.variable("initial.b").get());
        object.variable("counter").set(-1);
        assertEquals(-1, object.variable("counter").get());
        object.variable("text").set("ΑΒ");
        assertEquals("ΑΒ", object.variable("text").getText());
        assertEquals(0, object.variable("text[7]").get());
        byte[] image = object.map(".rodata").spec().initialValue();
        assertEquals((byte) 0xce, image[0]);
        object.variable("initial").set(new byte[] {9, 0, 0, 0, 8, 0, 0, 0});
        assertEquals(9, object.variable("initial.a").get());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "nothing | has no global variable \"nothing\" but [",
        "counter.x | has no members: it is int int of 4 bytes",
        "counter[0] | is no array but int int of 4 bytes",
        "initial.c | has no member \"c\": it is struct inner of 8 bytes",
        "numbers[3] | has no element 3 but 3 elements",
        "numbers[-1] | has no element -1 but 3 elements",
        "numbers[x] | has no element \"[x]\"",
        "numbers[1 | has no element \"[1\"",
        "flags.a | has \"a\" as a bit field of 4 bits, which has no address: set the bytes of the whole",
    })
    void aPartThatIsNotThereIsSaid(String name, String message) {
        String said = assertThrows(IllegalArgumentException.class, () -> object.variable(name)).getMessage();
        assertTrue(said.contains(message), said);
        assertTrue(said.contains("\"values\""), said);
    }

    @Test
    void aValueThatDoesNotFitIsRefusedAndChangesNothing() {
        assertThrows(IllegalArgumentException.class, () -> object.variable("counter").set(1L << 31));
        assertThrows(IllegalArgumentException.class, () -> object.variable("counter").set(-(1L << 31) - 1));
        assertThrows(IllegalArgumentException.class, () -> object.variable("numbers[0]").set(-1));
        assertThrows(IllegalArgumentException.class, () -> object.variable("numbers[0]").set(1L << 32));
        assertThrows(IllegalArgumentException.class, () -> object.variable("initial.raw[0]").set(256));
        assertThrows(IllegalArgumentException.class, () -> object.variable("text").set("12345678"));
        assertThrows(IllegalArgumentException.class, () -> object.variable("numbers").set("text"));
        assertThrows(IllegalArgumentException.class, () -> object.variable("text").set(1));
        assertThrows(IllegalArgumentException.class, () -> object.variable("initial").get());
        assertThrows(IllegalArgumentException.class, () -> object.variable("counter").set(new byte[3]));
        theFileSaysWhatTheyAreAtFirst();
        assertThrows(IllegalArgumentException.class, () -> object.map(".rodata").spec().initialValue(new byte[7]));
        assertThrows(IllegalArgumentException.class, () -> object.map("samples").spec().initialValue(new byte[7]));
    }
}
