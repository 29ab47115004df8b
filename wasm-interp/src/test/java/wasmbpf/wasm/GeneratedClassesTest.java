package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import wasmbpf.wasm.compile.BatchClass;
import wasmbpf.wasm.compile.Linkage;

/** Every class that the compiled tier makes of the official suite passes the verifier, and HotSpot compiles each method. */
class GeneratedClassesTest {
    private static final int HUGE_METHOD_LIMIT = 8000;
    private static final BatchClass.Sizes WHOLE = new BatchClass.Sizes(HUGE_METHOD_LIMIT, 6500);
    private static final BatchClass.Sizes CUT = new BatchClass.Sizes(HUGE_METHOD_LIMIT, 60);
    private static final BatchClass.Sizes CUT_ANYWHERE = new BatchClass.Sizes(HUGE_METHOD_LIMIT, 60, 0, true);
    private static final ClassDesc SELF = ClassDesc.of("wasmbpf.wasm.Compiled");
    private static final ClassDesc SUPER = CompiledClass.class.describeConstable().orElseThrow();
    /** Knows the generated class, and the interfaces of shapes, which are made while the engine runs. */
    private static final ClassHierarchyResolver RESOLVER = desc -> desc.equals(SELF)
            ? ClassHierarchyResolver.ClassHierarchyInfo.ofClass(SUPER)
            : desc.displayName().matches("Call[IJFDA]*_[VIJFDA]") ? ClassHierarchyResolver.ClassHierarchyInfo.ofInterface()
            : null;
    private static final ClassFile VERIFIER = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
            RESOLVER.orElse(ClassHierarchyResolver.defaultResolver())));
    private static SpecSuite suite;

    static final Linkage NOWHERE = new Linkage() {
        @Override
        public int globalCell(int global) {
            return global;
        }

        @Override
        public long globalValue(int global) {
            return 0;
        }

        @Override
        public long zeroAddress() {
            return 1 << 20;
        }

        @Override
        public long words(long... words) {
            return 1L << 20;
        }

        /** As if all operands were vectors, behind all locals. */
        @Override
        public LoopFrame loopFrame(int function, int offset) {
            return new LoopFrame() {
                @Override
                public int slots() {
                    return 3000;
                }

                @Override
                public int slot(int operand) {
                    return 1000 + 2 * operand;
                }

                @Override
                public long constant(int operand) {
                    return 0;
                }

                @Override
                public int exceptionSlot(int block) {
                    return 2000 + block;
                }
            };
        }

        @Override
        public boolean interruptible() {
            return false;
        }

        @Override
        public boolean profiled() {
            return false;
        }
    };

    @AfterAll
    static void close() throws IOException {
        if (suite != null) {
            suite.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> passTheVerifier() {
        suite = SpecSuite.open();
        return suite.scripts().stream().map(script -> DynamicTest.dynamicTest(script.toString(), () -> run(script)));
    }

    private static void run(SpecSuite.Script script) {
        Assumptions.assumeFalse(script.group().equals("custom-descriptors"), "custom descriptors are not implemented");
        for (Map<String, Object> command : script.commands()) {
            String filename = (String) command.get("filename");
            if (filename == null || !String.valueOf(command.get("type")).startsWith("module")) {
                continue;
            }
            WasmModule module = WasmModule.decode(filename, script.module(filename));
            try {
                module.validate();
            } catch (InvalidException e) {
                // A proposal's module of another opinion than 3.0: ValidationSuiteTest knows them.
                continue;
            }
            for (int f = module.importedFunctionCount(); f < module.functionCount(); f++) {
                check(module, f, -1, WHOLE);
                check(module, f, -1, CUT);
                check(module, f, -1, CUT_ANYWHERE);
                for (int loop : loops(module, f)) {
                    check(module, f, loop, WHOLE);
                    check(module, f, loop, CUT);
                    check(module, f, loop, CUT_ANYWHERE);
                }
            }
        }
    }

    /** Offsets of a function's loops. */
    static List<Integer> loops(WasmModule module, int function) {
        List<Integer> loops = new ArrayList<>();
        new FuncValidator(module).validate(function, at -> {
            if (at.op() == OpBytes.LOOP) {
                loops.add(at.offset());
            }
        });
        return loops;
    }

    private static void check(WasmModule module, int function, int loop, BatchClass.Sizes sizes) {
        BatchClass batch = BatchClass.compile(module, NOWHERE, function, loop, callee -> callee == function + 1, sizes);
        if (batch == null) {
            // Too many parameters for the JVM, or a loop that cannot be entered.
            return;
        }
        String what = module.name() + ", function " + function + ", loop " + loop + ", cut at " + sizes.target();
        assertEquals(List.of(), VERIFIER.verify(batch.bytes()), what);
        for (MethodModel method : ClassFile.of().parse(batch.bytes()).methods()) {
            int size = method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
            assertTrue(size <= HUGE_METHOD_LIMIT, () -> what + ": " + method.methodName() + " has " + size + " bytes");
        }
    }

    /** Far above what the JVM takes in one method: statements in a row, in a loop, and in the arms of a br_table. */
    @Test
    void aFunctionOfAnySizeIsCompiled() {
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        WasmEncoder encoder = new WasmEncoder();
        encoder.memory(1, 1);
        int arms = 300;
        int f = encoder.named("huge", "i:i", code -> {
            code.locals("ii");
            code.op(OpBytes.LOOP, -64);
            for (int i = 0; i < arms; i++) {
                code.op(OpBytes.BLOCK, -64);
            }
            code.op(OpBytes.BLOCK, -64);
            code.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 7).op(OpBytes.I32_MUL).op(OpBytes.I32_CONST, arms)
                    .op(OpBytes.I32_REM_U);
            long[] labels = new long[arms + 1];
            for (int i = 0; i < arms; i++) {
                labels[i] = i;
            }
            code.op(OpBytes.BR_TABLE, labels).op(OpBytes.END);
            for (int i = 0; i < arms; i++) {
                for (int k = 0; k < 40; k++) {
                    code.op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_CONST, 31).op(OpBytes.I32_MUL)
                            .op(OpBytes.I32_CONST, 4 * k).op(OpBytes.I32_LOAD, 2, 0).op(OpBytes.I32_ADD)
                            .op(OpBytes.LOCAL_SET, 2);
                    code.op(OpBytes.I32_CONST, 4 * k).op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_CONST, i + k)
                            .op(OpBytes.I32_XOR).op(OpBytes.I32_STORE, 2, 0);
                }
                code.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 0);
                // To the loop, from inside the blocks of the arms that follow.
                code.op(OpBytes.BR_IF, arms - i);
                code.op(OpBytes.LOCAL_GET, 2).op(OpBytes.RETURN).op(OpBytes.END);
            }
            code.op(OpBytes.END).op(OpBytes.LOCAL_GET, 2);
        });
        encoder.export("huge", ExternKind.FUNC, f);
        WasmModule module = encoder.module("huge.wasm");
        module.validate();
        BatchClass batch = BatchClass.compile(module, NOWHERE, f, -1, callee -> false, WHOLE);
        assertNotNull(batch);
        check(module, f, -1, WHOLE);
        for (int loop : loops(module, f)) {
            assertNotNull(BatchClass.compile(module, NOWHERE, f, loop, callee -> false, WHOLE));
            check(module, f, loop, WHOLE);
        }
        long[] expected = run(module, null);
        assertEquals(expected[0], run(module, JvmTier.always())[0]);
        assertEquals(expected[0], run(module, JvmTier.whenHot(Integer.MAX_VALUE, 10))[0]);
    }

    private static long[] run(WasmModule module, Tier tier) {
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            return instance.exportedFunction("huge").invoke(500);
        }
    }
}
