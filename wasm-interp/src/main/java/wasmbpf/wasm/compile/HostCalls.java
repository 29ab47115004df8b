package wasmbpf.wasm.compile;

import wasmbpf.wasm.TypeCode;

/** Values of calls of host functions: which of them {@code HostCode} takes. */
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
}
