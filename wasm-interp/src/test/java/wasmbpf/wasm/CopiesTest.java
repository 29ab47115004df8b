package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.classfile.ClassFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import wasmbpf.wasm.compile.BatchClass;

/** Which functions a class has twice, so that HotSpot inlines more of a recursion. */
class CopiesTest {
    private static final BatchClass.Sizes SIZES = new BatchClass.Sizes(8000, 6500);

    private final WasmEncoder encoder = new WasmEncoder();

    /** A function of an i32 that calls the given ones if it is not 0. */
    private int function(String locals, int... callees) {
        return encoder.function("i:i", c -> {
            if (!locals.isEmpty()) {
                c.locals(locals);
            }
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.IF, -64);
            for (int callee : callees) {
                c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.CALL, callee)
                        .op(OpBytes.LOCAL_SET, 0);
            }
            c.op(OpBytes.END).op(OpBytes.LOCAL_GET, 0);
        });
    }

    private List<String> copies() {
        BatchClass batch = BatchClass.compile(encoder.module("m.wasm"), GeneratedClassesTest.NOWHERE, 0, -1, callee -> true, SIZES);
        return ClassFile.of().parse(batch.bytes()).methods().stream().map(m -> m.methodName().stringValue())
                .filter(name -> name.endsWith("copy")).sorted().toList();
    }

    @Test
    void oneThatCallsItself() {
        function("", 0, 0);
        assertEquals(List.of("f0copy"), copies());
    }

    @Test
    void twoThatCallEachOther() {
        function("", 1);
        function("", 2, 2);
        function("", 1);
        assertEquals(List.of("f1copy", "f2copy"), copies());
    }

    @Test
    void oneHasOnePartner() {
        function("", 1, 2);
        function("", 0);
        function("", 0);
        assertEquals(List.of("f0copy", "f1copy"), copies());
    }

    @Test
    void soHasOneInTheMiddle() {
        function("", 1);
        function("", 0, 2);
        function("", 1);
        assertEquals(List.of("f0copy", "f1copy"), copies());
    }

    @Test
    void notARoundOfThree() {
        function("", 1);
        function("", 2);
        function("", 0);
        assertEquals(List.of(), copies());
    }

    @Test
    void notAPairOfWhichOneCallsItself() {
        function("", 1);
        function("", 0, 1);
        assertEquals(List.of("f1copy"), copies());
    }

    @Test
    void notWhereManyLocalsAreSaved() {
        function("iiii", 1);
        function("", 0);
        assertEquals(List.of(), copies());
    }

    @Test
    void notWhereSoMuchWouldBeInlined() {
        function("", 1, 1, 1, 1, 1, 1);
        function("", 0, 0, 0, 0, 0, 0);
        assertEquals(List.of(), copies());
    }
}
