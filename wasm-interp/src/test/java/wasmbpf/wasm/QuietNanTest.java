package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A signalling NaN comes out of an operation as a quiet one (4.3.3), in the first calls too: code that C2 has made of the dispatch
 * loop makes it quiet by itself, as the processor does, and the official suite is long enough to be run by that.
 */
class QuietNanTest {
    private static final long SIGNALLING_64 = 0x7FF4L << 48;
    private static final long SIGNALLING_32 = 0x7FA00000;

    @ParameterizedTest
    @ValueSource(ints = {OpBytes.F64_CEIL, OpBytes.F64_FLOOR, OpBytes.F64_TRUNC, OpBytes.F64_NEAREST, OpBytes.F64_SQRT,
        OpBytes.F64_ADD, OpBytes.F64_MIN, OpBytes.F64_MAX})
    void doubles(int op) {
        assertEquals(SIGNALLING_64 | 1L << 51, result(op, 'd', op >= OpBytes.F64_ADD, SIGNALLING_64));
    }

    @ParameterizedTest
    @ValueSource(ints = {OpBytes.F32_CEIL, OpBytes.F32_FLOOR, OpBytes.F32_TRUNC, OpBytes.F32_NEAREST, OpBytes.F32_SQRT,
        OpBytes.F32_ADD, OpBytes.F32_MIN, OpBytes.F32_MAX})
    void floats(int op) {
        assertEquals(SIGNALLING_32 | 1 << 22, result(op, 'f', op >= OpBytes.F32_ADD, SIGNALLING_32));
    }

    private static long result(int op, char type, boolean binary, long bits) {
        WasmEncoder m = new WasmEncoder();
        m.export("op", ExternKind.FUNC, m.function(type + ":" + type, c -> {
            c.op(OpBytes.LOCAL_GET, 0);
            if (binary) {
                c.op(OpBytes.LOCAL_GET, 0);
            }
            c.op(op);
        }));
        return Instance.instantiate(m.module("nan.wasm"), new ImportLinker(), InstanceOptions.DEFAULT)
                .exportedFunction("op").invoke(bits)[0];
    }
}
