package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;
import static wasmbpf.wasm.RawMemory.getDouble;
import static wasmbpf.wasm.RawMemory.getFloat;
import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.RawMemory.putLong;

/**
 * The instructions on numbers as one word each and a call of their own: a loop of the rarer conversions should not pay for the
 * way to {@link ColdOps}. {@link Interpreter} has the frequent ones in its loop, divisions, the usual conversions and bit counts
 * among them; of those only what traps or is rare comes here ({@link Code#exact}).
 */
final class ScalarOps {
    private ScalarOps() {
    }

    /** @param w the instruction, {@link Code#NUMBER} plus its opcode */
    static void execute(long w, long fp) {
        long a = fp + 8L * Code.a(w);
        long b = fp + 8L * Code.b(w);
        long c = fp + 8L * Code.c(w);
        switch (Code.op(w) - Code.NUMBER) {
            case I32_DIV_S -> putLong(a, Numerics.i32DivS(getInt(b), getInt(c)));
            case I32_DIV_U -> putLong(a, Numerics.i32DivU(getInt(b), getInt(c)));
            case I32_REM_U -> putLong(a, Numerics.i32RemU(getInt(b), getInt(c)));
            case I32_ROTR -> putLong(a, Integer.rotateRight(getInt(b), getInt(c)));
            case I64_DIV_S -> putLong(a, Numerics.i64DivS(getLong(b), getLong(c)));
            case I64_DIV_U -> putLong(a, Numerics.i64DivU(getLong(b), getLong(c)));
            case I64_REM_S -> putLong(a, Numerics.i64RemS(getLong(b), getLong(c)));
            case I64_REM_U -> putLong(a, Numerics.i64RemU(getLong(b), getLong(c)));
            case I64_ROTR -> putLong(a, Long.rotateRight(getLong(b), getInt(c)));

            case F32_TRUNC -> putFloat(a, Numerics.f32Trunc(getFloat(b)));
            case F32_NEAREST -> putFloat(a, Numerics.f32Nearest(getFloat(b)));
            case F32_COPYSIGN ->
                putLong(a, getInt(b) & Integer.MAX_VALUE | getInt(c) & Integer.MIN_VALUE);
            case F64_CEIL -> putDouble(a, Numerics.f64Ceil(getDouble(b)));
            case F64_FLOOR -> putDouble(a, Numerics.f64Floor(getDouble(b)));
            case F64_TRUNC -> putDouble(a, Numerics.f64Trunc(getDouble(b)));
            case F64_NEAREST -> putDouble(a, Numerics.f64Nearest(getDouble(b)));
            case F64_MIN -> putDouble(a, Numerics.f64Min(getDouble(b), getDouble(c)));
            case F64_MAX -> putDouble(a, Numerics.f64Max(getDouble(b), getDouble(c)));
            case F64_COPYSIGN -> putLong(a, getLong(b) & Long.MAX_VALUE | getLong(c) & Long.MIN_VALUE);

            case I32_TRUNC_F64_S -> putLong(a, Numerics.i32TruncS(getDouble(b)));
            case I32_TRUNC_F64_U -> putLong(a, Numerics.i32TruncU(getDouble(b)));
            case I64_TRUNC_F64_S -> putLong(a, Numerics.i64TruncS(getDouble(b)));
            case I64_TRUNC_F64_U -> putLong(a, Numerics.i64TruncU(getDouble(b)));
            case F32_CONVERT_I64_S -> putFloat(a, (float) getLong(b));
            case F32_CONVERT_I64_U -> putFloat(a, Numerics.f32ConvertI64U(getLong(b)));
            case F64_CONVERT_I64_U -> putDouble(a, Numerics.f64ConvertI64U(getLong(b)));
            default -> throw new IllegalStateException("instruction " + Code.op(w));
        }
    }

    private static void putFloat(long address, float value) {
        putLong(address, Float.floatToRawIntBits(value));
    }

    private static void putDouble(long address, double value) {
        putLong(address, Double.doubleToRawLongBits(value));
    }
}
