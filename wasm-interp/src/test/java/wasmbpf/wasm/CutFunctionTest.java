package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Large functions do the same when they are cut into methods, whatever these methods' size. */
class CutFunctionTest {
    private static final int KEPT = 0;
    private static final int WAY = 1;
    private static final int SUM = 2;

    static IntStream methodBytes() {
        return IntStream.of(200, 250, 300, 350, 400, 450, 500, 600);
    }

    private static void pad(WasmEncoder.Code c, int count) {
        for (int i = 0; i < count; i++) {
            c.op(OpBytes.LOCAL_GET, SUM).op(OpBytes.I32_CONST, 2 * i + 3).op(OpBytes.I32_MUL).op(OpBytes.LOCAL_SET, SUM);
        }
    }

    /**
     * As in Yosys's lexer: a local lives on behind a block; inside, code that does not go on there uses it for something else.
     * With methods of about these sizes the block is a method, and that code in others, so that the block's own code does not
     * name the local; it is to be the same behind the block all the same.
     */
    private static void large(WasmEncoder.Code c) {
        c.locals("i");
        c.op(OpBytes.BLOCK, -64);
        pad(c, 20);
        c.op(OpBytes.LOCAL_GET, WAY).op(OpBytes.I32_EQZ).op(OpBytes.IF, -64);
        for (int i = 0; i < 40; i++) {
            c.op(OpBytes.LOCAL_GET, SUM).op(OpBytes.I32_CONST, i).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_TEE, KEPT)
                    .op(OpBytes.LOCAL_GET, KEPT).op(OpBytes.I32_XOR).op(OpBytes.LOCAL_SET, SUM);
        }
        pad(c, 40);
        c.op(OpBytes.LOCAL_GET, SUM).op(OpBytes.RETURN).op(OpBytes.END);
        pad(c, 20);
        c.op(OpBytes.END);
        // What is in a loop is moved out last.
        c.op(OpBytes.LOOP, -64);
        pad(c, 1000);
        c.op(OpBytes.END);
        c.op(OpBytes.LOCAL_GET, KEPT).op(OpBytes.LOCAL_GET, SUM).op(OpBytes.I32_ADD);
    }

    @ParameterizedTest
    @MethodSource("methodBytes")
    void localPassesARegionThatOnlyNamesItInside(int methodBytes) {
        Tier tier = JvmTier.alwaysCut(methodBytes);
        Assumptions.assumeTrue(tier != null, "jdk.internal.misc is not exported: nothing is compiled");
        WasmEncoder m = new WasmEncoder();
        int large = m.function("ii:i", CutFunctionTest::large);
        m.export("run", ExternKind.FUNC, m.function("ii:i",
                c -> c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, large)));
        try (Instance instance = Instance.instantiate(m.module("m"), new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(tier))) {
            assertEquals(77, (int) instance.exportedFunction("run").invoke(1, 77)[0]);
            assertEquals(0, (int) instance.exportedFunction("run").invoke(0, 77)[0]);
        }
    }
}
