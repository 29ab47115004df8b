package wasmbpf.wasm.compile;

import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.ModuleTypes;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.TypeCode;

/**
 * Estimates how many bytes of bytecode an instruction makes, with those of the methods that HotSpot inlines for it: it stops to
 * inline when a method has come to 8000 bytes with them ({@code DesiredMethodLimit}), and an access that is a call is slow.
 */
final class BytecodeSize {
    private static final int CONSTANT = 3;
    private static final int ACCESS = 60;
    private static final int POSITION = 5;
    private static final int RELOAD = 8;

    private BytecodeSize() {
    }

    static int of(FuncValidator at) {
        int op = at.op();
        if (!at.reachable() && op != OpBytes.END && op != OpBytes.ELSE) {
            return 0;
        }
        if (NumberOps.isComparison(op)) {
            return 4;
        }
        if (NumberOps.isNumber(op)) {
            return NumberOps.isTruncation(op) || Division.is(op) ? 3 + POSITION : 2;
        }
        if (MemoryAccess.isPlain(op)) {
            return ACCESS;
        }
        if (VectorOps.isFastAccess(at)) {
            return 2 * ACCESS;
        }
        return switch (op) {
            case OpBytes.NOP, OpBytes.BLOCK, OpBytes.LOOP, OpBytes.END, OpBytes.ELSE -> 0;
            case OpBytes.IF -> 3;
            case OpBytes.DROP -> 1;
            case OpBytes.LOCAL_GET, OpBytes.LOCAL_SET, OpBytes.LOCAL_TEE ->
                at.localType(at.a()) == TypeCode.V128 ? 8 : 3;
            case OpBytes.I32_CONST, OpBytes.I64_CONST, OpBytes.F32_CONST, OpBytes.F64_CONST, OpBytes.REF_NULL,
                    OpBytes.REF_FUNC -> CONSTANT;
            case OpBytes.BR, OpBytes.RETURN -> 4;
            case OpBytes.BR_IF -> 5;
            case OpBytes.BR_TABLE -> 16 + 4 * at.labelCount();
            case OpBytes.SELECT, OpBytes.SELECT_T -> 8;
            case OpBytes.GLOBAL_GET, OpBytes.GLOBAL_SET -> 12;
            case OpBytes.CALL -> POSITION + 8 + RELOAD
                    + through(at.module().types(), at.module().functionTypeIndex(at.a())) / 2;
            case OpBytes.CALL_INDIRECT, OpBytes.CALL_REF -> POSITION + 60 + RELOAD + through(at.module().types(), at.a());
            default -> {
                if (VectorOps.isInline(at)) {
                    yield 40;
                }
                if (HeapObjects.is(at)) {
                    yield POSITION + HeapObjects.size(at);
                }
                int operands = at.resultCount() + 3;
                yield (Interpreted.is(at) ? 40 : 20) + 10 * operands;
            }
        };
    }

    /** How many accesses to memory an instruction makes, of those that are checked with ints. */
    static int accesses(FuncValidator at) {
        if (!at.reachable()) {
            return 0;
        }
        return MemoryAccess.isShort(at) ? 1 : VectorOps.isFastAccess(at) ? 2 : 0;
    }

    /** Arguments and results by way of the guest stack. */
    private static int through(ModuleTypes types, int type) {
        return 12 * (types.params(type).length + types.results(type).length);
    }
}
