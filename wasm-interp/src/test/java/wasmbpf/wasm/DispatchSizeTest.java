package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HotSpot never compiles a method of 8000 bytes of bytecode or more (its flag DontCompileHugeMethods). */
class DispatchSizeTest {
    private static final int HUGE_METHOD_LIMIT = 8000;

    @ParameterizedTest
    @ValueSource(classes = {Interpreter.class, Activations.class, ScalarOps.class, ColdOps.class, MemoryOps.class, BulkOps.class, GcOps.class,
            AtomicOps.class, SimdOps.class, SimdMemoryOps.class, SimdIntOps.class, SimdFloatOps.class, SimdWidthOps.class,
            Numerics.class, Lowering.class, NumberLowering.class, AccessLowering.class, FuncValidator.class, ControlRules.class})
    void everyMethodCanBeCompiled(Class<?> type) throws IOException {
        for (MethodModel method : model(type).methods()) {
            int size = method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength)
                    .orElse(0);
            assertTrue(size < HUGE_METHOD_LIMIT, method.methodName() + " of " + type + " has " + size + " bytes");
        }
    }

    private static ClassModel model(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return ClassFile.of().parse(in.readAllBytes());
        }
    }
}
