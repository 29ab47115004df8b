package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

/** {@link OpBytes} says what {@link Opcode} says. */
class OpBytesTest {
    @Test
    void namesAndNumbersAreThoseOfTheTable() throws ReflectiveOperationException {
        for (Opcode opcode : Opcode.values()) {
            Field constant = OpBytes.class.getField(opcode.name());
            assertEquals(opcode.number(), constant.getInt(null), opcode.name());
        }
    }

    @Test
    void signaturesAndImmediatesAreThoseOfTheTable() {
        for (int number = 0; number < OpBytes.LIMIT; number++) {
            Opcode opcode = Opcode.of(number);
            String name = opcode == null ? "0x" + Integer.toHexString(number) : opcode.name();
            assertEquals(opcode == null ? OpBytes.UNDEFINED : packed(opcode), OpBytes.SIGNATURES[number], name);
            assertEquals(opcode == null ? 0 : opcode.immediates().ordinal(), OpBytes.IMMEDIATES[number], name);
        }
        assertEquals(OpBytes.LIMIT, OpBytes.SIGNATURES.length);
        assertEquals(OpBytes.LIMIT, OpBytes.IMMEDIATES.length);
    }

    @Test
    void noNumberIsGivenTwice() {
        long distinct = java.util.Arrays.stream(Opcode.values()).mapToInt(Opcode::number).distinct().count();
        assertEquals(Opcode.values().length, distinct);
        assertNull(Opcode.of(0xFF));
        assertNull(Opcode.of(-1));
        assertNull(Opcode.of(OpBytes.LIMIT));
    }

    private static int packed(Opcode opcode) {
        String signature = opcode.signature();
        if (signature == null) {
            return OpBytes.SPECIAL;
        }
        int colon = signature.indexOf(':');
        int packed = opcode.widthLog2() << 12;
        for (int i = 0; i < colon; i++) {
            packed |= letter(signature.charAt(i)) << 3 * i;
        }
        return colon + 1 < signature.length() ? packed | letter(signature.charAt(colon + 1)) << 9 : packed;
    }

    private static int letter(char c) {
        return " ilfdva".indexOf(c);
    }
}
