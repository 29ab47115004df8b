package wasmbpf.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EssentialNameTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            task_struct,           task_struct
            task_struct___old,     task_struct
            a___b,                 a
            a___b___c,             a___b
            a____b,                a____b
            a___,                  a___
            ___b,                  ___b
            a_____b,               a_____b
            a___b____c,            a
            a__b,                  a__b
            x___1,                 x
            a,                     a
            '',                    ''
            """)
    void endsBeforeTheLastThreeUnderscoresThatStandAlone(String name, String essential) {
        assertEquals(essential, EssentialName.of(name));
    }

    @Property(tries = 5000)
    void bytesAndStringsAgree(@ForAll @Chars({'a', '_'}) @StringLength(max = 20) String name) {
        byte[] bytes = ("<" + name + ">").getBytes(StandardCharsets.UTF_8);
        assertEquals(EssentialName.of(name).length(), EssentialName.length(bytes, 1, bytes.length - 1));
        byte[] essential = EssentialName.of(name).getBytes(StandardCharsets.UTF_8);
        assertEquals(EssentialName.hashWhole(essential), EssentialName.hash(bytes, 1, bytes.length - 1));
    }
}
