package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.StoreInstruction;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import wasmbpf.wasm.compile.BatchClass;

/** That generated methods are no longer than they need be, as HotSpot inlines short ones, and that what is left out is not missed. */
class MethodLengthTest {
    private static final BatchClass.Sizes SIZES = new BatchClass.Sizes(8000, 6500);
    /** HotSpot's {@code FreqInlineSize}. */
    private static final int INLINED = 325;

    private final WasmEncoder encoder = new WasmEncoder();
    private int function;

    private MethodModel method(String type, Consumer<WasmEncoder.Code> body) {
        encoder.memory(1, 1);
        function = encoder.named("f", type, body);
        encoder.export("f", ExternKind.FUNC, function);
        BatchClass batch = BatchClass.compile(encoder.module("m.wasm"), GeneratedClassesTest.NOWHERE, function, -1, callee -> true, SIZES);
        return ClassFile.of().parse(batch.bytes()).methods().stream()
                .filter(m -> m.methodName().equalsString("f" + function)).findFirst().orElseThrow();
    }

    /** How many locals get a value, of which HotSpot's bytecode of zeros is the first. */
    private static long stores(MethodModel method) {
        return method.code().orElseThrow().elementStream().filter(StoreInstruction.class::isInstance).count();
    }

    /** What the function gives in both tiers. */
    private void gives(int expected, long... arguments) {
        Tier compiled = JvmTier.always();
        Assumptions.assumeTrue(compiled != null, "jdk.internal.misc is not exported: nothing is compiled");
        for (Tier tier : Arrays.asList(null, compiled)) {
            try (Instance instance = Instance.instantiate(encoder.module("m.wasm"), new ImportLinker(),
                    InstanceOptions.DEFAULT.withTier(tier))) {
                assertEquals(expected, (int) instance.exportedFunction("f").invoke(arguments)[0], String.valueOf(tier));
            }
        }
    }

    /** As clang compiles without optimisation: parameters go to the stack, each value to a local of its own. */
    @Test
    void thatOfCodeWithoutOptimisation() {
        MethodModel method = method("ii:i", c -> {
            c.locals("iiiiiiiiiiii").op(OpBytes.I32_CONST, 64).op(OpBytes.LOCAL_SET, 2);
            for (int i = 0; i < 4; i++) {
                c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.LOCAL_GET, i % 2).op(OpBytes.I32_STORE, 2, 4 * i);
            }
            for (int i = 0; i < 4; i++) {
                c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_LOAD, 2, 4 * i).op(OpBytes.LOCAL_SET, 3 + i);
            }
            for (int i = 0; i < 4; i++) {
                c.op(OpBytes.LOCAL_GET, 3 + i).op(OpBytes.LOCAL_GET, i == 0 ? 3 : 6 + i).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 7 + i);
            }
            c.op(OpBytes.LOCAL_GET, 10);
        });
        int length = method.findAttribute(Attributes.code()).orElseThrow().codeLength();
        assertTrue(length <= INLINED, () -> "length " + length);
        gives(35, 5, 10);
    }

    @Test
    void aLocalThatIsSetFirstHasNoZeroBefore() {
        // A double, a long and a reference for once; the place in the function is a store, too.
        MethodModel method = method("i:i", c -> c.locals("dlr")
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.F64_CONVERT_I32_S).op(OpBytes.LOCAL_SET, 1)
                .op(OpBytes.BLOCK, -64)
                .op(OpBytes.LOCAL_GET, 1).op(OpBytes.I64_TRUNC_F64_S).op(OpBytes.LOCAL_TEE, 2).op(OpBytes.DROP)
                .op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_WRAP_I64).op(OpBytes.LOCAL_SET, 0)
                .op(OpBytes.END).op(OpBytes.LOCAL_GET, 0));
        assertEquals(4, stores(method));
        gives(7, 7);
    }

    @Test
    void oneThatOnlyOneArmSetsBeginsAsZero() {
        method("i:i", c -> c.locals("i").op(OpBytes.LOCAL_GET, 0).op(OpBytes.IF, -64)
                .op(OpBytes.I32_CONST, 3).op(OpBytes.LOCAL_SET, 1).op(OpBytes.ELSE)
                .op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_SET, 0).op(OpBytes.END).op(OpBytes.LOCAL_GET, 1));
        gives(3, 1);
        gives(0, 0);
    }

    @Test
    void oneThatALoopReadsBeforeItSetsItBeginsAsZero() {
        method("i:i", c -> c.locals("ii").op(OpBytes.LOOP, -64)
                .op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 1)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_SET, 2)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 0)
                .op(OpBytes.BR_IF, 0).op(OpBytes.END).op(OpBytes.LOCAL_GET, 1));
        gives(9, 4);
    }

    @Test
    void oneThatABranchPassesByBeginsAsZero() {
        method("i:i", c -> c.locals("i").op(OpBytes.BLOCK, -64).op(OpBytes.LOCAL_GET, 0).op(OpBytes.BR_IF, 0)
                .op(OpBytes.I32_CONST, 3).op(OpBytes.LOCAL_SET, 1).op(OpBytes.END).op(OpBytes.LOCAL_GET, 1));
        gives(0, 1);
        gives(3, 0);
    }
}
