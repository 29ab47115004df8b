package wasmbpf.wasm;

/**
 * Evaluates the constant expressions of a module, which validation has checked, for an instance. The result of the
 * last one is read from it.
 */
final class ConstEvaluator {
    private final Instance instance;
    private final WasmReader in;
    private long[] numbers = new long[16];
    private Object[] refs = new Object[16];
    private int height;

    ConstEvaluator(Instance instance) {
        this.instance = instance;
        this.in = new WasmReader(instance.name(), instance.module().bytes());
    }

    ConstEvaluator evaluate(ConstExpr expr) {
        in.pos = expr.offset();
        in.end = expr.offset() + expr.length();
        height = 0;
        while (true) {
            int op = in.u8();
            switch (op) {
                case OpBytes.END -> {
                    return this;
                }
                case OpBytes.I32_CONST -> push(in.s32());
                case OpBytes.I64_CONST -> push(in.s64());
                case OpBytes.F32_CONST -> push(in.fixed32());
                case OpBytes.F64_CONST -> push(in.fixed64());
                case OpBytes.I32_ADD -> push((int) pop() + (int) pop());
                case OpBytes.I32_SUB -> push(-(int) pop() + (int) pop());
                case OpBytes.I32_MUL -> push((int) pop() * (int) pop());
                case OpBytes.I64_ADD -> push(pop() + pop());
                case OpBytes.I64_SUB -> push(-pop() + pop());
                case OpBytes.I64_MUL -> push(pop() * pop());
                case OpBytes.GLOBAL_GET -> {
                    WasmGlobal global = instance.globals[in.index()];
                    if (global.type().type().isRef()) {
                        push(global.ref);
                    } else {
                        pushVector(global.low(), global.high(), global.type().type() == ValType.V128);
                    }
                }
                case OpBytes.REF_NULL -> {
                    in.s33();
                    push(null);
                }
                case OpBytes.REF_FUNC -> push(instance.functions[in.index()]);
                case 0xFB -> collected(OpBytes.GC + in.index());
                case 0xFD -> {
                    in.index();
                    pushVector(in.fixed64(), in.fixed64(), true);
                }
                default -> throw new IllegalStateException("constant instruction " + op);
            }
        }
    }

    private void collected(int op) {
        ModuleTypes types = instance.module().types();
        switch (op) {
            case OpBytes.STRUCT_NEW, OpBytes.STRUCT_NEW_DEFAULT -> {
                int type = in.index();
                int[] fields = types.fields(type);
                WasmStruct struct = GcOps.newStruct(types, type);
                if (op == OpBytes.STRUCT_NEW) {
                    height -= GcOps.slots(fields);
                    int at = height;
                    for (int i = 0; i < fields.length; i++) {
                        int slot = FieldLayout.slot(fields, i);
                        if (TypeCode.isRef(fields[i])) {
                            struct.refs[slot] = refs[at++];
                        } else {
                            struct.slots[slot] = numbers[at++];
                            if (FieldLayout.isVector(fields[i])) {
                                struct.slots[slot + 1] = numbers[at++];
                            }
                        }
                    }
                }
                push(struct);
            }
            case OpBytes.ARRAY_NEW -> {
                int type = in.index();
                int length = (int) pop();
                WasmArray array = GcOps.newArray(types, type, length);
                height -= GcOps.slots(types.fields(type));
                array.fill(0, length, numbers[height], numbers[height + 1], refs[height]);
                push(array);
            }
            case OpBytes.ARRAY_NEW_DEFAULT -> push(GcOps.newArray(types, in.index(), (int) pop()));
            case OpBytes.ARRAY_NEW_FIXED -> {
                int type = in.index();
                int length = in.index();
                int slots = GcOps.slots(types.fields(type));
                WasmArray array = GcOps.newArray(types, type, length);
                height -= slots * length;
                for (int i = 0; i < length; i++) {
                    int at = height + slots * i;
                    array.fill(i, 1, numbers[at], slots == 2 ? numbers[at + 1] : 0, refs[at]);
                }
                push(array);
            }
            case OpBytes.REF_I31 -> push(I31.of((int) pop()));
            case OpBytes.ANY_CONVERT_EXTERN, OpBytes.EXTERN_CONVERT_ANY -> {
            }
            default -> throw new IllegalStateException("constant instruction " + op);
        }
    }

    private void reserve() {
        if (height + 2 >= numbers.length) {
            numbers = java.util.Arrays.copyOf(numbers, 2 * numbers.length);
            refs = java.util.Arrays.copyOf(refs, 2 * refs.length);
        }
    }

    private void push(long number) {
        reserve();
        numbers[height++] = number;
    }

    private void pushVector(long low, long high, boolean vector) {
        push(low);
        numbers[height] = high;
        height += vector ? 1 : 0;
    }

    private void push(Object ref) {
        reserve();
        refs[height++] = ref;
    }

    private long pop() {
        return numbers[--height];
    }

    long low() {
        return numbers[0];
    }

    long high() {
        return height == 2 ? numbers[1] : 0;
    }

    Object ref() {
        return refs[0];
    }

    /** The result as an unsigned offset or index. */
    long index(boolean is64) {
        return is64 ? low() : low() & 0xFFFFFFFFL;
    }
}
