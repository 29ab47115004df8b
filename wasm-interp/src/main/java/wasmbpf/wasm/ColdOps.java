package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;
import static wasmbpf.wasm.RawMemory.getInt;
import static wasmbpf.wasm.RawMemory.getLong;
import static wasmbpf.wasm.RawMemory.putLong;

/**
 * Instructions that are too rare for {@link Interpreter}: each call runs one and returns where to go on. The methods
 * stay under 8000 bytes of bytecode for the same reason; they are split by the families of {@link OpBytes}.
 */
final class ColdOps {
    private static final long U32 = 0xFFFFFFFFL;

    private ColdOps() {
    }

    /**
     * @param w the instruction's first word
     * @param pc of the word after it
     * @return the pc of the next instruction
     */
    static long next(long w, long pc, long fp, GuestStack stack, GuestFunction f) {
        int op = Code.op(w);
        if (op < WASM) {
            return internal(op, w, pc, fp, stack, f);
        }
        int number = op - WASM;
        // The only ones of these that loops are made of.
        if (number >= OpBytes.SIMD) {
            return SimdOps.execute(number, w, pc, fp, f);
        }
        if (number < OpBytes.GC) {
            return plain(number, w, pc, fp, stack, f);
        }
        if (number < OpBytes.MISC) {
            return GcOps.execute(number, w, pc, fp, stack, f);
        }
        if (number < OpBytes.ATOMIC) {
            return BulkOps.execute(number, w, pc, fp, stack, f);
        }
        return AtomicOps.execute(number, w, pc, fp, f);
    }

    static long a(long w, long fp) {
        return fp + 8L * Code.a(w);
    }

    static long b(long w, long fp) {
        return fp + 8L * Code.b(w);
    }

    static long c(long w, long fp) {
        return fp + 8L * Code.c(w);
    }

    static Object ref(GuestStack stack, long address) {
        return stack.refs[stack.index(address)];
    }

    static void putRef(GuestStack stack, long address, Object value) {
        stack.refs[stack.index(address)] = value;
    }

    private static long internal(int op, long w, long pc, long fp, GuestStack stack, GuestFunction f) {
        long a = a(w, fp);
        long b = b(w, fp);
        switch (op) {
            case COPY_V128 -> {
                long high = getLong(b + 8);
                putLong(a, getLong(b));
                putLong(a + 8, high);
            }
            case COPY_REF -> putRef(stack, a, ref(stack, b));
            case NULL_REF -> putRef(stack, a, null);
            case CONST_V128 -> {
                putLong(a, f.word(pc));
                putLong(a + 8, f.word(pc + 8));
                return pc + 16;
            }
            case GLOBAL_GET_REF -> putRef(stack, a, f.instance.globals[Code.imm(w)].ref);
            case GLOBAL_SET_REF -> f.instance.globals[Code.imm(w)].ref = ref(stack, a);
            case GLOBAL_GET_V128 -> {
                WasmGlobal global = f.instance.globals[Code.imm(w)];
                putLong(a, global.low());
                putLong(a + 8, global.high());
            }
            case GLOBAL_SET_V128 -> f.instance.globals[Code.imm(w)].put(getLong(a), getLong(a + 8));
            case GLOBAL_GET_IMPORTED -> putLong(a, f.instance.globals[Code.imm(w)].low());
            case GLOBAL_SET_IMPORTED -> f.instance.globals[Code.imm(w)].put(getLong(a), 0);
            case SELECT_V128 -> {
                long from = getInt(fp + 8 * f.word(pc)) != 0 ? b : c(w, fp);
                long high = getLong(from + 8);
                putLong(a, getLong(from));
                putLong(a + 8, high);
                return pc + 8;
            }
            case SELECT_REF -> {
                putRef(stack, a, ref(stack, getInt(fp + 8 * f.word(pc)) != 0 ? b : c(w, fp)));
                return pc + 8;
            }
            case THROW -> throw newException(f.instance.tags[Code.imm(w)], stack, a);
            case THROW_REF -> {
                if (ref(stack, a) instanceof GuestException e) {
                    throw e;
                }
                throw new Trap(Trap.Kind.NULL_EXCEPTION);
            }
            case BR_NULL -> {
                return ref(stack, a) == null ? pc + 8L * Code.imm(w) : pc;
            }
            case BR_NOT_NULL -> {
                return ref(stack, a) != null ? pc + 8L * Code.imm(w) : pc;
            }
            case BR_CAST -> {
                return GcOps.isInstance(f, (int) f.word(pc), ref(stack, a)) ? pc + 8L * Code.imm(w) : pc + 8;
            }
            case BR_NOT_CAST -> {
                return GcOps.isInstance(f, (int) f.word(pc), ref(stack, a)) ? pc + 8 : pc + 8L * Code.imm(w);
            }
            case Code.REF_TEST -> {
                putLong(a, GcOps.isInstance(f, (int) f.word(pc), ref(stack, b)) ? 1 : 0);
                return pc + 8;
            }
            case Code.REF_CAST -> {
                Object value = ref(stack, b);
                if (!GcOps.isInstance(f, (int) f.word(pc), value)) {
                    throw References.castFailure(f, (int) f.word(pc), value);
                }
                putRef(stack, a, value);
                return pc + 8;
            }
            default -> throw new IllegalStateException("instruction " + op);
        }
        return pc;
    }

    static GuestException newException(WasmTag tag, GuestStack stack, long at) {
        Layout layout = tag.layout();
        long[] slots = new long[layout.paramSlots];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = getLong(at + 8L * i);
        }
        Object[] refs = null;
        if (layout.hasRefs()) {
            refs = new Object[slots.length];
            System.arraycopy(stack.refs, stack.index(at), refs, 0, refs.length);
        }
        return new GuestException(tag, slots, refs);
    }

    // Calls

    /**
     * Moves the arguments of a tail call to the start of the frame; the caller of the dispatch loop goes on with it.
     *
     * @param w the instruction's first word
     * @param at its pc
     */
    static WasmFunction tailCall(long w, long at, long fp, GuestStack stack, GuestFunction f) {
        long args = a(w, fp);
        WasmFunction callee = switch (Code.op(w)) {
            case TAIL_CALL -> f.instance.functions[Code.imm(w)];
            case TAIL_CALL_INDIRECT -> callee(f.instance, Code.c(w), getLong(b(w, fp)), f.half(at + 12));
            default -> function(stack, b(w, fp));
        };
        int slots = callee.layout.paramSlots;
        for (int i = 0; i < slots; i++) {
            putLong(fp + 8L * i, getLong(args + 8L * i));
        }
        if (callee.layout.hasRefs()) {
            System.arraycopy(stack.refs, stack.index(args), stack.refs, stack.index(fp), slots);
        }
        return callee;
    }

    /** The function that call_indirect means. */
    static WasmFunction callee(Instance instance, int table, long element, int typeIndex) {
        WasmTable t = instance.tables[table];
        return callee(t, t.type().table64() ? element : element & 0xFFFFFFFFL, instance.module().types().def(typeIndex));
    }

    static WasmFunction callee(WasmTable table, long element, DefType type) {
        if (Long.compareUnsigned(element, table.size) >= 0) {
            throw new Trap(Trap.Kind.UNDEFINED_ELEMENT, Trap.Kind.UNDEFINED_ELEMENT + " "
                    + Long.toUnsignedString(element) + " of " + table.size);
        }
        if (!(table.elements[(int) element] instanceof WasmFunction function)) {
            throw new Trap(Trap.Kind.UNINITIALIZED_ELEMENT, Trap.Kind.UNINITIALIZED_ELEMENT + " "
                    + Long.toUnsignedString(element));
        }
        if (function.defType() != type && !function.defType().isSubtypeOf(type)) {
            throw new Trap(Trap.Kind.INDIRECT_CALL_TYPE, Trap.Kind.INDIRECT_CALL_TYPE + ": " + type.func()
                    + " wanted, element " + element + " is " + function.type());
        }
        return function;
    }

    static WasmFunction function(GuestStack stack, long address) {
        if (ref(stack, address) instanceof WasmFunction function) {
            return function;
        }
        throw new Trap(Trap.Kind.NULL_FUNCTION);
    }

    // One-byte codes

    private static long plain(int op, long w, long pc, long fp, GuestStack stack, GuestFunction f) {
        long a = a(w, fp);
        long b = b(w, fp);
        long c = c(w, fp);
        switch (op) {
            case OpBytes.UNREACHABLE -> throw new Trap(Trap.Kind.UNREACHABLE);
            case OpBytes.TABLE_GET -> {
                WasmTable table = f.instance.tables[f.half(pc)];
                putRef(stack, a, table.get(BulkOps.index(a, table.type().table64())));
                return pc + 8;
            }
            case OpBytes.TABLE_SET -> {
                WasmTable table = f.instance.tables[f.half(pc)];
                table.store(BulkOps.index(a, table.type().table64()), ref(stack, a + 8));
                return pc + 8;
            }
            case OpBytes.MEMORY_SIZE -> {
                putLong(a, f.instance.memories[f.half(pc)].sizePages());
                return pc + 8;
            }
            case OpBytes.MEMORY_GROW -> {
                LinearMemory memory = f.instance.memories[f.half(pc)];
                putLong(a, memory.grow(BulkOps.index(a, memory.type().memory64())));
                return pc + 8;
            }
            case OpBytes.REF_IS_NULL -> putLong(a, ref(stack, b) == null ? 1 : 0);
            case OpBytes.REF_FUNC -> {
                putRef(stack, a, f.instance.functions[f.half(pc)]);
                return pc + 8;
            }
            case OpBytes.REF_EQ -> putLong(a, References.same(ref(stack, b), ref(stack, c)) ? 1 : 0);
            case OpBytes.REF_AS_NON_NULL -> {
                Object value = ref(stack, b);
                if (value == null) {
                    throw new Trap(Trap.Kind.NULL_REFERENCE);
                }
                putRef(stack, a, value);
            }
            default -> {
                return MemoryOps.execute(op, w, pc, fp, f);
            }
        }
        return pc;
    }
}
