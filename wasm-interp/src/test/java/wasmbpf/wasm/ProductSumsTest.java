package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.classfile.ClassFile;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.OperatorInstruction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import wasmbpf.wasm.compile.BatchClass;

/** Sums with a product by 2^n - 1 or 2^n + 1 have the same results without a multiplication. */
class ProductSumsTest {
    private static final BatchClass.Sizes SIZES = new BatchClass.Sizes(8000, 6500);
    private static final long[] NEAR = {7, 15, 31, 33, 17, 255, 257, 65537, (1 << 30) - 1, (1 << 30) + 1};
    private static final long[] OTHER = {0, 1, 2, 3, 5, 9, 30, 32, -31, -33, -1, Integer.MAX_VALUE, Integer.MIN_VALUE};
    private static final long[] VALUES = {0, 1, -1, 7, 0x12345678, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x123456789ABCDEFL, Long.MIN_VALUE};

    /** What the instructions of a sum are for a type. */
    private record Ops(char type, int constant, int add, int multiply, int load) {
        static final Ops I32 = new Ops('i', OpBytes.I32_CONST, OpBytes.I32_ADD, OpBytes.I32_MUL, OpBytes.I32_LOAD8_U);
        static final Ops I64 = new Ops('l', OpBytes.I64_CONST, OpBytes.I64_ADD, OpBytes.I64_MUL, OpBytes.I64_LOAD8_U);
    }

    /** The ways to say x * factor + y, x and y being locals 0 and 1. */
    private static List<Consumer<WasmEncoder.Code>> ways(Ops ops, long factor) {
        Consumer<WasmEncoder.Code> product = c -> c.op(OpBytes.LOCAL_GET, 0).op(ops.constant, factor).op(ops.multiply);
        List<Consumer<WasmEncoder.Code>> ways = new ArrayList<>();
        ways.add(c -> {
            product.accept(c);
            c.op(OpBytes.LOCAL_GET, 1).op(ops.add);
        });
        ways.add(c -> {
            c.op(OpBytes.LOCAL_GET, 1);
            product.accept(c);
            c.op(ops.add);
        });
        ways.add(c -> {
            product.accept(c);
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_SET, 0).op(OpBytes.LOCAL_GET, 0).op(ops.constant, 1).op(ops.multiply)
                    .op(ops.add);
        });
        ways.add(c -> {
            product.accept(c);
            c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.LOCAL_GET, 1).op(ops.constant, factor).op(ops.multiply).op(ops.add).op(ops.add);
        });
        ways.add(c -> {
            product.accept(c);
            c.op(OpBytes.LOCAL_GET, 1).op(ops.add).op(ops.constant, factor).op(ops.multiply);
            c.op(OpBytes.I32_CONST, 3).op(ops.load, 0, 0).op(ops.add);
        });
        ways.add(c -> {
            product.accept(c);
            c.op(OpBytes.LOCAL_TEE, 1).op(OpBytes.LOCAL_GET, 1).op(ops.add);
        });
        ways.add(c -> {
            product.accept(c);
            c.op(OpBytes.BLOCK, ops.type == 'i' ? -1 : -2).op(OpBytes.LOCAL_GET, 1).op(OpBytes.END).op(ops.add);
        });
        return ways;
    }

    private static WasmModule module(Ops ops, long factor) {
        WasmEncoder m = new WasmEncoder();
        m.memory(1, 1);
        String type = "" + ops.type + ops.type + ":" + ops.type;
        List<Consumer<WasmEncoder.Code>> ways = ways(ops, factor);
        for (int i = 0; i < ways.size(); i++) {
            m.export("f" + i, ExternKind.FUNC, m.function(type, ways.get(i)));
        }
        return m.module("sums.wasm");
    }

    private static List<Object> results(WasmModule module, boolean wide, Tier tier) {
        List<Object> results = new ArrayList<>();
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            instance.memory(0).putInt(3, 200);
            for (Export export : module.exports()) {
                for (long x : VALUES) {
                    for (long y : VALUES) {
                        Object[] args = wide ? new Object[] {x, y} : new Object[] {(int) x, (int) y};
                        results.add(instance.exportedFunction(export.name()).apply(args)[0]);
                    }
                }
            }
        }
        return results;
    }

    @Test
    void haveTheSameResults() {
        for (Ops ops : List.of(Ops.I32, Ops.I64)) {
            for (long factor : LongStream.concat(Arrays.stream(NEAR), Arrays.stream(OTHER)).toArray()) {
                WasmModule module = module(ops, factor);
                List<Object> expected = results(module, ops == Ops.I64, null);
                for (Tier tier : new Tier[] {JvmTier.always(), JvmTier.alwaysCutAnywhere(20), JvmTier.alwaysCut(20)}) {
                    assertEquals(expected, results(module, ops == Ops.I64, tier), ops + " * " + factor);
                }
            }
        }
    }

    private static long multiplications(WasmModule module, int function) {
        BatchClass batch = BatchClass.compile(module, GeneratedClassesTest.NOWHERE, function, -1, f -> false, SIZES);
        return ClassFile.of().parse(batch.bytes()).methods().stream().flatMap(m -> m.code().stream())
                .flatMap(code -> code.elementStream())
                .filter(e -> e instanceof OperatorInstruction o && (o.opcode() == Opcode.IMUL || o.opcode() == Opcode.LMUL)).count();
    }

    @Test
    void needNoMultiplication() {
        for (Ops ops : List.of(Ops.I32, Ops.I64)) {
            for (long factor : NEAR) {
                WasmModule module = module(ops, factor);
                assertEquals(List.of(0L, 0L, 1L, 1L, 0L, 1L, 1L), List.of(0, 1, 2, 3, 4, 5, 6).stream()
                        .map(way -> multiplications(module, way)).toList(), ops + " * " + factor);
            }
            for (long factor : OTHER) {
                assertEquals(1, multiplications(module(ops, factor), 0), ops + " * " + factor);
            }
        }
    }
}
