package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import wasmbpf.wasm.compile.BatchClass;

/** Loops that count: how they are compiled, and that all their accesses are checked as elsewhere. */
class CountingLoopsTest {
    private static final int PAGE = 65536;
    private static final int BYTES = 8;
    private static final int MANY = 12;
    private static final BatchClass.Sizes SIZES = new BatchClass.Sizes(8000, 6500);

    /** How a loop goes back: as clang ends loops, and by what it has read. */
    private enum End { TO_ZERO, TO_LIMIT, LIMIT_FIRST, BY_DATA }

    /** Adds up numbers from an address on, each read {@code accesses} times, and writes the sums back. */
    private record Sum(End end, int accesses, boolean floats) {
        int add(WasmEncoder encoder) {
            return encoder.named(toString(), "iii:l", c -> {
                c.locals("l").op(OpBytes.LOOP, -64);
                for (int i = 1; i < accesses; i++) {
                    c.op(OpBytes.LOCAL_GET, 3).op(OpBytes.LOCAL_GET, 0).op(OpBytes.I64_LOAD, 0, 0);
                    if (floats) {
                        c.op(OpBytes.F64_REINTERPRET_I64).op(OpBytes.F64_ABS).op(OpBytes.I64_REINTERPRET_F64);
                    }
                    c.op(OpBytes.I64_ADD).op(OpBytes.LOCAL_SET, 3);
                }
                c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 3).op(OpBytes.I64_STORE, 0, 0);
                c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, BYTES).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 0);
                switch (end) {
                    case TO_ZERO -> count(c);
                    case TO_LIMIT -> count(c).op(OpBytes.LOCAL_GET, 2).op(OpBytes.I32_NE);
                    case LIMIT_FIRST -> count(c.op(OpBytes.LOCAL_GET, 2)).op(OpBytes.I32_NE);
                    case BY_DATA -> count(c).op(OpBytes.LOCAL_GET, 3).op(OpBytes.I32_WRAP_I64).op(OpBytes.I32_CONST, 0)
                            .op(OpBytes.I32_AND).op(OpBytes.I32_OR);
                }
                c.op(OpBytes.BR_IF, 0).op(OpBytes.END).op(OpBytes.LOCAL_GET, 3);
            });
        }

        private static WasmEncoder.Code count(WasmEncoder.Code c) {
            return c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_CONST, -1).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_TEE, 1);
        }

        boolean isWhole() {
            return end != End.BY_DATA && (floats || accesses >= 4);
        }

        boolean checksInline() {
            return end != End.BY_DATA && (floats || accesses >= MANY);
        }
    }

    private static final List<Sum> SUMS = sums();

    private static List<Sum> sums() {
        List<Sum> sums = new ArrayList<>();
        for (End end : End.values()) {
            for (int accesses : new int[] {2, 4, MANY}) {
                sums.add(new Sum(end, accesses, false));
                sums.add(new Sum(end, accesses, true));
            }
        }
        return sums;
    }

    private static WasmModule module() {
        WasmEncoder encoder = new WasmEncoder();
        encoder.memory(1, 1);
        for (Sum sum : SUMS) {
            encoder.export(sum.toString(), ExternKind.FUNC, sum.add(encoder));
        }
        return encoder.module("sums.wasm");
    }

    private static MethodModel method(WasmModule module, int function) {
        BatchClass batch = BatchClass.compile(module, GeneratedClassesTest.NOWHERE, function, -1, callee -> false, SIZES);
        return ClassFile.of().parse(batch.bytes()).methods().stream()
                .filter(m -> m.methodName().equalsString("f" + function)).findFirst().orElseThrow();
    }

    @Test
    void longLoopsKeepTheirFirstBlock() {
        WasmModule module = module();
        for (int f = 0; f < SUMS.size(); f++) {
            boolean apart = false;
            boolean calls = false;
            CodeElement before = null;
            for (CodeElement e : method(module, f).code().orElseThrow()) {
                // A jump to what follows: the block that begins there is not the loop's first.
                apart |= e instanceof LabelTarget to && before instanceof BranchInstruction jump && jump.target() == to.label()
                        && jump.opcode() == java.lang.classfile.Opcode.GOTO;
                calls |= e instanceof InvokeInstruction call && call.name().stringValue().startsWith("check_");
                before = e instanceof Instruction || e instanceof LabelTarget ? e : before;
            }
            assertEquals(SUMS.get(f).isWhole(), apart, SUMS.get(f).toString());
            assertEquals(SUMS.get(f).checksInline(), !calls, SUMS.get(f).toString());
        }
    }

    /** HotSpot compiles a function in its first loop; for the next it is to come back when that has run. */
    @Test
    void aSwitchStandsBeforeLoopsThatFollowOthers() {
        WasmEncoder encoder = new WasmEncoder();
        for (int loops = 1; loops <= 3; loops++) {
            int n = loops;
            encoder.function("ii:", c -> {
                for (int i = 0; i < n; i++) {
                    Sum.count(c.op(OpBytes.LOOP, -64)).op(OpBytes.BR_IF, 0).op(OpBytes.END);
                }
            });
        }
        WasmModule module = encoder.module("loops.wasm");
        for (int f = 0; f < 3; f++) {
            assertEquals(f, method(module, f).code().orElseThrow().elementStream()
                    .filter(TableSwitchInstruction.class::isInstance).count());
        }
    }

    /**
     * A function that reads a memory's last bytes must not have HotSpot compile that for others; and what ends near its address
     * has a check that leaves fewer of these bytes to the exact one.
     */
    @Test
    void eachFunctionHasItsOwnChecks() {
        WasmEncoder encoder = new WasmEncoder();
        encoder.memory(1, 1);
        int callee = encoder.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_LOAD, 2, 0));
        int caller = encoder.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, callee).op(OpBytes.I32_LOAD, 2, 48)
                .op(OpBytes.I32_LOAD, 2, 49));
        WasmModule module = encoder.module("two.wasm");
        BatchClass batch = BatchClass.compile(module, GeneratedClassesTest.NOWHERE, caller, -1, f -> true, SIZES);
        List<String> names = ClassFile.of().parse(batch.bytes()).methods().stream().map(m -> m.methodName().stringValue())
                .filter(name -> name.startsWith("check")).sorted().toList();
        assertEquals(List.of("check_f" + caller, "check_near_f" + callee, "check_near_f" + caller), names);
    }

    /** What calls return or how they trap, and the memory after each. */
    private static List<Object> run(Tier tier, List<byte[]> memories) {
        List<Object> results = new ArrayList<>();
        try (Instance instance = Instance.instantiate(module(), new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            LinearMemory memory = instance.memory(0);
            for (Sum sum : SUMS) {
                WasmFunction f = instance.exportedFunction(sum.toString());
                for (int from : new int[] {0, 3, PAGE - 4096 - 64, PAGE - 160, PAGE - 20, PAGE, -160, -BYTES, Integer.MIN_VALUE}) {
                    byte[] before = new byte[PAGE];
                    for (int i = 0; i < PAGE; i++) {
                        before[i] = (byte) (i * 7 + (i >> 8));
                    }
                    memory.write(0, before, 0, PAGE);
                    try {
                        results.add(f.invoke(from, 25, 0)[0]);
                    } catch (Trap trap) {
                        results.add(trap.getMessage() + " at " + trap.stack().get(0).offset());
                    }
                    memories.add(memory.bytes(0, PAGE));
                }
            }
        }
        return results;
    }

    @Test
    void accessesAreCheckedInBothTiers() {
        List<byte[]> expectedMemories = new ArrayList<>();
        List<Object> expected = run(null, expectedMemories);
        Assumptions.assumeTrue(JvmTier.always() != null, "jdk.internal.misc is not exported: nothing is compiled");
        List<byte[]> memories = new ArrayList<>();
        assertEquals(expected, run(JvmTier.always(), memories));
        for (int i = 0; i < memories.size(); i++) {
            assertArrayEquals(expectedMemories.get(i), memories.get(i), "call " + i);
        }
    }
}
