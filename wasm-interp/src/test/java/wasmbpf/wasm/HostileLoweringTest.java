package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static wasmbpf.wasm.OpBytes.*;

import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Valid functions made to cost the translation much more than their size: it ends, or says its limit. */
class HostileLoweringTest {
    /** 1000 results, which every branch carries. */
    private static final int MANY = 1;

    static Stream<Arguments> functions() {
        return Stream.of(
                function("moves every local while it waits on the stack", null, code -> {
                    code.locals("i".repeat(16_000));
                    for (int i = 0; i < 16_000; i++) {
                        code.op(LOCAL_GET, i);
                    }
                    for (int i = 0; i < 16_000; i++) {
                        code.op(I32_CONST, 0).op(LOCAL_SET, i);
                    }
                }),
                function("opens blocks above a deep stack", null, code -> {
                    code.locals("i");
                    for (int i = 0; i < 60_000; i++) {
                        code.op(LOCAL_GET, 0);
                    }
                    for (int i = 0; i < 200_000; i++) {
                        code.op(LOCAL_GET, 0).op(BLOCK, -0x40).op(END).op(LOCAL_SET, 0);
                    }
                }),
                function("has tables of thousands of labels", null, code -> {
                    code.locals("i");
                    long[] labels = LongStream.range(0, 5000).toArray();
                    for (int i = 0; i < 5000; i++) {
                        code.op(BLOCK, -0x40);
                    }
                    for (int i = 0; i < 300; i++) {
                        code.op(BLOCK, -0x40).op(LOCAL_GET, 0).op(BR_TABLE, labels).op(END);
                    }
                    for (int i = 0; i < 5000; i++) {
                        code.op(END);
                    }
                }),
                function("copies a thousand values at each branch", "its code would need more than", code -> {
                    code.locals("i").op(BLOCK, MANY).op(I32_CONST, 5);
                    for (int i = 0; i < 1000; i++) {
                        code.op(LOCAL_GET, 0);
                    }
                    for (int i = 0; i < 100_000; i++) {
                        code.op(LOCAL_GET, 0).op(BR_IF, 0);
                    }
                    code.op(UNREACHABLE).op(END);
                }),
                function("needs more slots than an instruction can name", "it needs more than 65536 slots", code -> {
                    for (int i = 0; i < 70_000; i++) {
                        code.op(I32_CONST, i);
                    }
                }));
    }

    private static Arguments function(String what, String limit, Consumer<WasmEncoder.Code> body) {
        WasmEncoder module = new WasmEncoder();
        module.type(":");
        module.type(":" + "i".repeat(1000));
        module.function(":", code -> {
            body.accept(code);
            code.op(UNREACHABLE);
        });
        return Arguments.of(what, limit, module.module("hostile"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    @Timeout(10)
    void endsSoon(String what, String limit, WasmModule module) {
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT)) {
            int words = new Lowering(instance).lower(0, false).length();
            assertTrue(limit == null && words > 0, () -> words + " words, expected: " + limit);
        } catch (InvalidException e) {
            assertTrue(limit != null && e.getMessage().contains(limit), e.getMessage());
        }
    }
}
