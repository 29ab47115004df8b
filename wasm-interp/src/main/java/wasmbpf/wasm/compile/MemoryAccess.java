package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.MethodCode.NONE;
import static wasmbpf.wasm.compile.Names.D;
import static wasmbpf.wasm.compile.Names.F;
import static wasmbpf.wasm.compile.Names.I;
import static wasmbpf.wasm.compile.Names.J;
import static wasmbpf.wasm.compile.Names.V;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import wasmbpf.wasm.FuncValidator;
import wasmbpf.wasm.OpBytes;
import wasmbpf.wasm.TypeCode;

/**
 * Loads and stores. Those of memory 0 with 32-bit addresses make one comparison, at a cost that is paid once for address and
 * width together; others are checked in full.
 */
final class MemoryAccess {
    private static final long U32 = 0xFFFFFFFFL;
    private static final int WIDEST = 16;
    private static final ClassDesc BYTE = ConstantDescs.CD_byte;
    private static final ClassDesc SHORT = ConstantDescs.CD_short;
    private static final ClassDesc CHAR = ConstantDescs.CD_char;

    private final MethodCode m;
    private final CodeBuilder code;
    /**
     * Of memory 0: {@code LinearMemory.safe}, {@code safeNear}, {@code size} and {@code base}. The base is a constant that C2
     * must not know: it would add each access's offset to it and load the 64 bits of the sum anew for every field of a struct
     * and every lane. A number from a field it keeps in a register, and leaves offsets to the instructions.
     */
    private int limitLocal;
    private int nearLimitLocal;
    private int sizeLocal;
    private int baseLocal;

    MemoryAccess(MethodCode m) {
        this.m = m;
        code = m.code;
    }

    /** A load or store of a number in the short form: memory 0, 32-bit addresses. */
    static boolean isShort(FuncValidator at) {
        return isPlain(at.op()) && isOfMemory0(at);
    }

    private static boolean isOfMemory0(FuncValidator at) {
        return at.a() == 0 && !at.module().memory(0).memory64();
    }

    /** Whether an access to memory 0 in the short form ends near its address, whatever its width. */
    static boolean isNear(FuncValidator at) {
        return at.value() <= Linkage.NEAR_MARGIN - WIDEST;
    }

    /** Whether an access to memory 0 in the short form may end too far behind its address for the limits. */
    static boolean isVeryFar(FuncValidator at) {
        return at.value() > Linkage.MARGIN - WIDEST;
    }

    /** A load or store of a number, of any memory. */
    static boolean isPlain(int op) {
        return op >= OpBytes.I32_LOAD && op <= OpBytes.I64_STORE32;
    }

    static boolean isStore(int op) {
        return op >= OpBytes.I32_STORE && op <= OpBytes.I64_STORE32;
    }

    /** At the start of a method. */
    void begin() {
        if (m.facts.usesMemory) {
            limitLocal = m.allocate(TypeKind.INT);
            nearLimitLocal = m.allocate(TypeKind.INT);
            sizeLocal = m.allocate(TypeKind.LONG);
            baseLocal = m.allocate(TypeKind.LONG);
            m.constant(Constant.Kind.MEMORY, 0);
            code.getfield(Names.MEMORY, "base", J).lstore(baseLocal);
            loadLimit();
        }
    }

    /** After all that may have made the memory larger. */
    void loadLimit() {
        if (m.facts.usesMemory) {
            if (m.facts.accessesNear) {
                loadLimit("safeNear", nearLimitLocal);
            }
            if (m.facts.accessesFar) {
                loadLimit("safe", limitLocal);
            }
            if (m.facts.accessesVeryFar) {
                m.constant(Constant.Kind.MEMORY, 0);
                code.getfield(Names.MEMORY, "size", J).lstore(sizeLocal);
            }
        }
    }

    private void loadLimit(String field, int local) {
        m.constant(Constant.Kind.MEMORY, 0);
        // HotSpot takes comparisons out of loops if it knows that a limit is not negative.
        code.getfield(Names.MEMORY, field, I).loadConstant(Integer.MAX_VALUE).iand().istore(local);
    }

    /** Pushes {@code LinearMemory.safeNear} and {@code base}. */
    void nearLimitAndBase() {
        code.iload(nearLimitLocal).lload(baseLocal);
    }

    /** An access with the operands on the stack and the offset of the instruction. */
    void emit(int op) {
        int bytes = width(op);
        boolean inline = m.movesInline() || !isOfMemory0(m.at) || !isLimited(bytes);
        if (!isStore(op)) {
            if (inline) {
                inlineAddress(bytes);
            } else {
                addressInParts(bytes);
            }
            load(op, inline);
            return;
        }
        int type = stored(op);
        if (inline) {
            int value = m.temp(2, Names.kind(type));
            code.storeLocal(Names.kind(type), value);
            inlineAddress(bytes);
            code.loadLocal(Names.kind(type), value);
        } else {
            if (Names.kind(type).slotSize() == 2) {
                code.dup2_x1().pop2();
            } else {
                code.swap();
            }
            addressInParts(bytes);
        }
        store(op, type, inline);
    }

    /** The value on the stack becomes what is stored; returns its type. */
    private int stored(int op) {
        if (op == OpBytes.I64_STORE8 || op == OpBytes.I64_STORE16 || op == OpBytes.I64_STORE32) {
            code.l2i();
        }
        return switch (op) {
            case OpBytes.I32_STORE8, OpBytes.I64_STORE8 -> {
                code.i2b();
                yield TypeCode.I32;
            }
            case OpBytes.I32_STORE16, OpBytes.I64_STORE16 -> {
                code.i2s();
                yield TypeCode.I32;
            }
            case OpBytes.I32_STORE, OpBytes.I64_STORE32 -> TypeCode.I32;
            case OpBytes.F32_STORE -> TypeCode.F32;
            case OpBytes.F64_STORE -> TypeCode.F64;
            default -> TypeCode.I64;
        };
    }

    /** With on the stack what {@link MethodCode#get} takes. */
    private void load(int op, boolean inline) {
        switch (op) {
            case OpBytes.I32_LOAD -> m.get(inline, "getInt", I);
            case OpBytes.I64_LOAD -> m.get(inline, "getLong", J);
            case OpBytes.F32_LOAD -> m.get(inline, "getFloat", F);
            case OpBytes.F64_LOAD -> m.get(inline, "getDouble", D);
            case OpBytes.I32_LOAD8_S -> m.get(inline, "getByte", BYTE);
            case OpBytes.I32_LOAD8_U -> {
                m.get(inline, "getByte", BYTE);
                code.loadConstant(0xFF).iand();
            }
            case OpBytes.I32_LOAD16_S -> m.get(inline, "getShort", SHORT);
            case OpBytes.I32_LOAD16_U -> m.get(inline, "getChar", CHAR);
            case OpBytes.I64_LOAD8_S -> {
                m.get(inline, "getByte", BYTE);
                code.i2l();
            }
            case OpBytes.I64_LOAD8_U -> {
                m.get(inline, "getByte", BYTE);
                code.loadConstant(0xFF).iand().i2l();
            }
            case OpBytes.I64_LOAD16_S -> {
                m.get(inline, "getShort", SHORT);
                code.i2l();
            }
            case OpBytes.I64_LOAD16_U -> {
                m.get(inline, "getChar", CHAR);
                code.i2l();
            }
            case OpBytes.I64_LOAD32_S -> {
                m.get(inline, "getInt", I);
                code.i2l();
            }
            case OpBytes.I64_LOAD32_U -> {
                m.get(inline, "getInt", I);
                code.i2l().loadConstant(U32).land();
            }
            default -> throw new IllegalStateException("no load: " + op);
        }
    }

    /** With on the stack what {@link MethodCode#put} takes. */
    private void store(int op, int type, boolean inline) {
        switch (op) {
            case OpBytes.I32_STORE8, OpBytes.I64_STORE8 -> m.put(inline, "putByte", BYTE);
            case OpBytes.I32_STORE16, OpBytes.I64_STORE16 -> m.put(inline, "putShort", SHORT);
            default -> m.put(inline, switch (type) {
                case TypeCode.I32 -> "putInt";
                case TypeCode.F32 -> "putFloat";
                case TypeCode.F64 -> "putDouble";
                default -> "putLong";
            }, Names.of(type));
        }
    }

    /** From the guest's address on the stack to where the bytes lie in this process, if all of the access is in bounds. */
    void address(int bytes) {
        long offset = m.at.value();
        if (!isOfMemory0(m.at)) {
            m.position();
            if (!m.module.memory(m.at.a()).memory64()) {
                code.i2l().loadConstant(U32).land();
            }
            code.loadConstant(offset).loadConstant(bytes);
            m.constant(Constant.Kind.MEMORY, m.at.a());
            m.support("address", J, J, J, I, Names.MEMORY);
            return;
        }
        if (isLimited(bytes)) {
            check(bytes);
            code.lload(baseLocal).ladd();
            if (offset > 0) {
                code.loadConstant(offset).ladd();
            }
            return;
        }
        int end = m.temp(0, TypeKind.LONG);
        code.i2l().loadConstant(U32).land().loadConstant(offset + bytes).ladd().dup2().lstore(end);
        Label inside = code.newLabel();
        code.lload(sizeLocal).lcmp().ifle(inside);
        code.lload(end).lload(sizeLocal).loadConstant(bytes).loadConstant(m.here());
        m.support("outOfBounds", V, J, J, I, I);
        code.labelBinding(inside).lload(end).lload(baseLocal).ladd().loadConstant((long) -bytes).ladd();
    }

    /** The same as {@code Unsafe}, null and the address. */
    private void inlineAddress(int bytes) {
        int address = m.temp(0, TypeKind.LONG);
        address(bytes);
        code.lstore(address);
        m.batch.unsafe(code);
        code.lload(address);
    }

    /** The same as the guest's address, where the memory begins, and the offset. */
    private void addressInParts(int bytes) {
        check(bytes);
        code.lload(baseLocal).loadConstant((int) m.at.value());
    }

    private boolean isLimited(int bytes) {
        return m.at.value() + bytes <= Linkage.MARGIN;
    }

    /** The guest's address on the stack, and what is accessed behind it, against a limit. */
    private void check(int bytes) {
        int extent = Linkage.extent(m.at.value() + bytes, bytes);
        boolean near = isNear(m.at);
        int limit = near ? nearLimitLocal : limitLocal;
        if (m.checksInline()) {
            m.batch.checks.inline(code, limit, () -> code.loadConstant(extent).loadConstant(m.here()));
        } else {
            code.iload(limit).loadConstant(extent).loadConstant(m.here());
            m.batch.checks.byCall(m, near);
        }
    }

    private static int width(int op) {
        return switch (op) {
            case OpBytes.I64_LOAD, OpBytes.F64_LOAD, OpBytes.I64_STORE, OpBytes.F64_STORE -> 8;
            case OpBytes.I32_LOAD8_S, OpBytes.I32_LOAD8_U, OpBytes.I64_LOAD8_S, OpBytes.I64_LOAD8_U, OpBytes.I32_STORE8,
                    OpBytes.I64_STORE8 -> 1;
            case OpBytes.I32_LOAD16_S, OpBytes.I32_LOAD16_U, OpBytes.I64_LOAD16_S, OpBytes.I64_LOAD16_U,
                    OpBytes.I32_STORE16, OpBytes.I64_STORE16 -> 2;
            default -> 4;
        };
    }
}
