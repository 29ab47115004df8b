package wasmbpf.wasm.compile;

import java.lang.classfile.CodeBuilder;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.TypeCode;

/** Values of calls of host functions, as {@code HostCode} has them. */
final class HostCalls {
    /** HotSpot keeps arrays of up to 64 elements out of memory; each also costs bytecode. */
    private static final int MAX_PARAMS = 8;

    private HostCalls() {
    }

    /** Whether all are numbers, and few. */
    static boolean canCall(int[] params, int[] results) {
        boolean numbers = params.length <= MAX_PARAMS && results.length <= 1;
        for (int type : params) {
            numbers &= isNumber(type);
        }
        return numbers && (results.length == 0 || isNumber(results[0]));
    }

    private static boolean isNumber(int type) {
        return type == TypeCode.I32 || type == TypeCode.I64 || type == TypeCode.F32 || type == TypeCode.F64;
    }

    static void toLong(int type, CodeBuilder code) {
        switch (type) {
            case TypeCode.I32 -> code.i2l();
            case TypeCode.F32 -> {
                NumberOps.emit(OpBytes.I32_REINTERPRET_F32, code);
                code.i2l();
            }
            case TypeCode.F64 -> NumberOps.emit(OpBytes.I64_REINTERPRET_F64, code);
            default -> {
            }
        }
    }

    static void fromLong(int type, CodeBuilder code) {
        switch (type) {
            case TypeCode.I32 -> code.l2i();
            case TypeCode.F32 -> {
                code.l2i();
                NumberOps.emit(OpBytes.F32_REINTERPRET_I32, code);
            }
            case TypeCode.F64 -> NumberOps.emit(OpBytes.F64_REINTERPRET_I64, code);
            default -> {
            }
        }
    }
}
