package wasmbpf.wasm;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What instructions cost in compiled code that none of the benchmark programs uses much: each in a loop of its own, CPU ns of
 * an iteration less those of an empty one. By hand: {@code main [PATTERN]}.
 */
final class OpCosts {
    private static final int EMPTY = -64;
    private static final int ITERATIONS = 2_000_000;
    private static final int RUNS = 12;
    private static final int REF_NULL_STRUCT = 0x63;

    private OpCosts() {
    }

    /** A module with something of everything; each row adds a function {@code f(i32 count) -> i32}. */
    private static final class Parts {
        final WasmEncoder m = new WasmEncoder();
        final int struct = m.rawType(1, 0x50, 0, 0x5F, 3, TypeCode.I32, 1, TypeCode.I64, 1, REF_NULL_STRUCT, 0, 1);
        final int derived = m.rawType(1, 0x50, 1, 0, 0x5F, 4, TypeCode.I32, 1, TypeCode.I64, 1, REF_NULL_STRUCT, 0, 1,
                TypeCode.F64, 1);
        final int ints = m.rawType(1, 0x5E, TypeCode.I32, 1);
        final int bytes = m.rawType(1, 0x5E, 0x78, 1);
        final int refs = m.rawType(1, 0x5E, REF_NULL_STRUCT, 0, 1);
        final int pairType = m.type("i:ii");
        final int vectorType = m.type("i:v");
        final int plainType = m.type("i:i");
        final int manyType = m.type("iiiiiiiiiiiiii:i");
        final int plain = m.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 3).op(OpBytes.I32_XOR));
        final int pair = m.function("i:ii", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.LOCAL_GET, 0));
        final int vector = m.function("i:v", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32X4_SPLAT));
        final int many = m.function("iiiiiiiiiiiiii:i", c -> c.op(OpBytes.LOCAL_GET, 13));
        final int tag = m.tag("i:");
        final int thrower = m.function("i:i", c -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.THROW, tag));
        final int functions = m.table('r', 8, 8);
        final int objects = m.table('e', 8, 1000);
        final int memory = m.memory(2, 1, 1);
        final int second = m.memory(1, 1);
        final int wide = m.memory(4, 1, 1);
        final int object = m.global('e', true, c -> c.op(OpBytes.REF_NULL, -17));

        Parts() {
            m.tableElements(functions, false, plain, pair, vector, many);
            m.elements(SegmentMode.DECLARATIVE, plain, pair, vector, many);
        }
    }

    private interface Row {
        void emit(Parts p, WasmEncoder.Code c);
    }

    private static WasmEncoder.Code index(WasmEncoder.Code c) {
        return c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 7).op(OpBytes.I32_AND);
    }

    private static void keep(WasmEncoder.Code c) {
        c.op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_ADD).op(OpBytes.LOCAL_SET, 1);
    }

    /** Locals: 0 count, 1 sum, 2 struct, 3 array of i32, 4 array of i8, 5 array of references, 6 an i31, 7 any, 8 i64. */
    private static Map<String, Row> rows() {
        Map<String, Row> rows = new LinkedHashMap<>();
        rows.put("empty", (p, c) -> { });
        rows.put("call, two results", (p, c) -> {
            keep(c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, p.pair).op(OpBytes.I32_ADD));
        });
        rows.put("call, vector", (p, c) -> {
            keep(c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, p.vector).op(OpBytes.I32X4_EXTRACT_LANE, 1));
        });
        rows.put("call_indirect", (p, c) -> {
            keep(c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 0).op(OpBytes.CALL_INDIRECT, p.plainType, p.functions));
        });
        rows.put("call_indirect, two results", (p, c) -> {
            keep(c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1)
                    .op(OpBytes.CALL_INDIRECT, p.pairType, p.functions).op(OpBytes.I32_ADD));
        });
        rows.put("call_indirect, vector", (p, c) -> {
            keep(c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 2).op(OpBytes.CALL_INDIRECT, p.vectorType, p.functions)
                    .op(OpBytes.I32X4_EXTRACT_LANE, 1));
        });
        rows.put("call_indirect, 14 parameters", (p, c) -> {
            for (int i = 0; i < 14; i++) {
                c.op(OpBytes.LOCAL_GET, 0);
            }
            keep(c.op(OpBytes.I32_CONST, 3).op(OpBytes.CALL_INDIRECT, p.manyType, p.functions));
        });
        rows.put("call_ref", (p, c) -> {
            keep(c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.REF_FUNC, p.plain).op(OpBytes.CALL_REF, p.plainType));
        });
        rows.put("call_ref, two results", (p, c) -> {
            keep(c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.REF_FUNC, p.pair).op(OpBytes.CALL_REF, p.pairType).op(OpBytes.I32_ADD));
        });
        rows.put("i32.load, memory 1", (p, c) -> keep(index(c).raw(OpBytes.I32_LOAD, 0x42, 1, 0)));
        rows.put("i32.store, memory 1", (p, c) -> index(c).op(OpBytes.LOCAL_GET, 1).raw(OpBytes.I32_STORE, 0x42, 1, 0));
        rows.put("i32.load, memory64", (p, c) ->
                keep(index(c).op(OpBytes.I64_EXTEND_I32_U).raw(OpBytes.I32_LOAD, 0x42, 2, 0)));
        rows.put("i32.store, memory64", (p, c) -> index(c).op(OpBytes.I64_EXTEND_I32_U).op(OpBytes.LOCAL_GET, 1)
                .raw(OpBytes.I32_STORE, 0x42, 2, 0));
        rows.put("i32.atomic.load", (p, c) -> keep(c.op(OpBytes.I32_CONST, 8).op(OpBytes.I32_ATOMIC_LOAD, 2, 0)));
        rows.put("i32.atomic.store", (p, c) -> c.op(OpBytes.I32_CONST, 8).op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.I32_ATOMIC_STORE, 2, 0));
        rows.put("i32.atomic.rmw.add", (p, c) -> keep(c.op(OpBytes.I32_CONST, 8).op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.I32_ATOMIC_RMW_ADD, 2, 0)));
        rows.put("i32.atomic.rmw.cmpxchg", (p, c) -> keep(c.op(OpBytes.I32_CONST, 8).op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.LOCAL_GET, 1).op(OpBytes.I32_ATOMIC_RMW_CMPXCHG, 2, 0)));
        rows.put("struct.new", (p, c) -> c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I64_CONST, 1).op(OpBytes.REF_NULL, p.struct)
                .op(OpBytes.STRUCT_NEW, p.struct).op(OpBytes.LOCAL_SET, 2));
        rows.put("struct.get", (p, c) -> keep(c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.STRUCT_GET, p.struct, 0)));
        rows.put("struct.set", (p, c) -> c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.STRUCT_SET, p.struct, 0));
        rows.put("struct.get, reference", (p, c) -> keep(c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.STRUCT_GET, p.struct, 2)
                .op(OpBytes.REF_IS_NULL)));
        rows.put("struct.set, reference", (p, c) -> c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.LOCAL_GET, 2)
                .op(OpBytes.STRUCT_SET, p.struct, 2));
        rows.put("array.new_default, 4", (p, c) -> c.op(OpBytes.I32_CONST, 4).op(OpBytes.ARRAY_NEW_DEFAULT, p.ints)
                .op(OpBytes.LOCAL_SET, 3));
        rows.put("array.len", (p, c) -> keep(c.op(OpBytes.LOCAL_GET, 3).op(OpBytes.ARRAY_LEN)));
        rows.put("array.get", (p, c) -> keep(index(c.op(OpBytes.LOCAL_GET, 3)).op(OpBytes.ARRAY_GET, p.ints)));
        rows.put("array.set", (p, c) -> index(c.op(OpBytes.LOCAL_GET, 3)).op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.ARRAY_SET, p.ints));
        rows.put("array.get_u, i8", (p, c) -> keep(index(c.op(OpBytes.LOCAL_GET, 4)).op(OpBytes.ARRAY_GET_U, p.bytes)));
        rows.put("array.set, i8", (p, c) -> index(c.op(OpBytes.LOCAL_GET, 4)).op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.ARRAY_SET, p.bytes));
        rows.put("array.get, reference", (p, c) -> keep(index(c.op(OpBytes.LOCAL_GET, 5)).op(OpBytes.ARRAY_GET, p.refs)
                .op(OpBytes.REF_IS_NULL)));
        rows.put("array.set, reference", (p, c) -> index(c.op(OpBytes.LOCAL_GET, 5)).op(OpBytes.LOCAL_GET, 2)
                .op(OpBytes.ARRAY_SET, p.refs));
        rows.put("ref.test", (p, c) -> keep(c.op(OpBytes.LOCAL_GET, 7).op(OpBytes.REF_TEST, p.struct)));
        rows.put("ref.test, no", (p, c) -> keep(c.op(OpBytes.LOCAL_GET, 7).op(OpBytes.REF_TEST, p.derived)));
        rows.put("ref.test, abstract", (p, c) -> keep(c.op(OpBytes.LOCAL_GET, 7).op(OpBytes.REF_TEST, -21)));
        rows.put("ref.cast", (p, c) -> c.op(OpBytes.LOCAL_GET, 7).op(OpBytes.REF_CAST, p.struct).op(OpBytes.LOCAL_SET, 2));
        rows.put("ref.i31, i31.get_s", (p, c) -> keep(c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.REF_I31).op(OpBytes.I31_GET_S)));
        rows.put("ref.eq", (p, c) -> keep(c.op(OpBytes.LOCAL_GET, 2).op(OpBytes.LOCAL_GET, 6).op(OpBytes.REF_EQ)));
        rows.put("table.get", (p, c) -> keep(index(c).op(OpBytes.TABLE_GET, p.objects).op(OpBytes.REF_IS_NULL)));
        rows.put("table.set", (p, c) -> index(c).op(OpBytes.GLOBAL_GET, p.object).op(OpBytes.TABLE_SET, p.objects));
        rows.put("table.size", (p, c) -> keep(c.op(OpBytes.TABLE_SIZE, p.objects)));
        rows.put("table.grow by 0", (p, c) -> keep(c.op(OpBytes.REF_NULL, -17).op(OpBytes.I32_CONST, 0)
                .op(OpBytes.TABLE_GROW, p.objects)));
        rows.put("memory.size", (p, c) -> keep(c.op(OpBytes.MEMORY_SIZE, 0)));
        rows.put("memory.copy, 16 bytes", (p, c) -> c.op(OpBytes.I32_CONST, 64).op(OpBytes.I32_CONST, 32)
                .op(OpBytes.I32_CONST, 16).op(OpBytes.MEMORY_COPY, 0, 0));
        rows.put("memory.fill, 16 bytes", (p, c) -> c.op(OpBytes.I32_CONST, 64).op(OpBytes.LOCAL_GET, 0)
                .op(OpBytes.I32_CONST, 16).op(OpBytes.MEMORY_FILL, 0));
        rows.put("throw and catch", (p, c) -> keep(c.op(OpBytes.BLOCK, -1).op(OpBytes.TRY_TABLE, EMPTY, 0, p.tag, 0)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.THROW, p.tag).op(OpBytes.END).op(OpBytes.UNREACHABLE).op(OpBytes.END)));
        rows.put("throw through a call", (p, c) -> keep(c.op(OpBytes.BLOCK, -1).op(OpBytes.TRY_TABLE, EMPTY, 0, p.tag, 0)
                .op(OpBytes.LOCAL_GET, 0).op(OpBytes.CALL, p.thrower).op(OpBytes.DROP).op(OpBytes.END)
                .op(OpBytes.UNREACHABLE).op(OpBytes.END)));
        return rows;
    }

    private static int function(Parts p, Row row) {
        return p.m.function("i:i", c -> {
            c.locals(1, TypeCode.I32).locals(1, REF_NULL_STRUCT).localsRaw(p.struct).locals(1, REF_NULL_STRUCT)
                    .localsRaw(p.ints).locals(1, REF_NULL_STRUCT).localsRaw(p.bytes).locals(1, REF_NULL_STRUCT)
                    .localsRaw(p.refs).locals(1, 0x6C).locals(1, 0x6E).locals(1, TypeCode.I64);
            c.op(OpBytes.STRUCT_NEW_DEFAULT, p.struct).op(OpBytes.LOCAL_TEE, 2).op(OpBytes.LOCAL_SET, 7);
            c.op(OpBytes.I32_CONST, 8).op(OpBytes.ARRAY_NEW_DEFAULT, p.ints).op(OpBytes.LOCAL_SET, 3);
            c.op(OpBytes.I32_CONST, 8).op(OpBytes.ARRAY_NEW_DEFAULT, p.bytes).op(OpBytes.LOCAL_SET, 4);
            c.op(OpBytes.I32_CONST, 8).op(OpBytes.ARRAY_NEW_DEFAULT, p.refs).op(OpBytes.LOCAL_SET, 5);
            c.op(OpBytes.LOOP, EMPTY);
            row.emit(p, c);
            c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB).op(OpBytes.LOCAL_TEE, 0);
            c.op(OpBytes.BR_IF, 0).op(OpBytes.END).op(OpBytes.LOCAL_GET, 1);
        });
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** The least of several runs. */
    private static double nanos(Row row) {
        Parts p = new Parts();
        p.m.export("f", ExternKind.FUNC, function(p, row));
        WasmModule module = p.m.module("costs.wasm");
        module.validate();
        try (Instance instance = Instance.instantiate(module, new ImportLinker(),
                InstanceOptions.DEFAULT.withTier(JvmTier.always()))) {
            WasmFunction f = instance.exportedFunction("f");
            double best = Double.MAX_VALUE;
            for (int i = 0; i < RUNS; i++) {
                long start = cpu();
                f.invoke(ITERATIONS);
                best = Math.min(best, (cpu() - start) / (double) ITERATIONS);
            }
            return best;
        }
    }

    public static void main(String[] args) {
        double empty = nanos((p, c) -> { });
        rows().forEach((name, row) -> {
            if (args.length == 0 || name.contains(args[0])) {
                System.out.printf("%-30s %8.2f%n", name, nanos(row) - empty);
            }
        });
    }
}
