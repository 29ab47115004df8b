package wasmbpf.core;

import static wasmbpf.core.BpfOpcode.*;

import java.util.function.IntFunction;

/**
 * A line of text per instruction, as the kernel prints it (kernel/bpf/disasm.c, also what {@code bpftool prog dump
 * xlated} shows), so that a line of ours can be found in the verifier's log:
 *
 * <pre>
 *    0: (79) r6 = *(u64 *)(r1 +112)
 *    1: (18) r1 = map[fd:4]
 *    3: (85) call bpf_map_lookup_elem#1
 * </pre>
 */
public final class InsnPrinter {
    private static final String[] SIZE_NAMES = {"u32", "u16", "u8", "u64"};
    private static final String[] SIGNED_SIZE_NAMES = {"s32", "s16", "s8", "s64"};

    private InsnPrinter() {
    }

    /** All of it, helpers by number only. */
    public static String print(InsnBuffer code) {
        return print(code, number -> "");
    }

    /**
     * All of it, each line with its slot's index; an ldimm64 takes one line for its two slots.
     *
     * @param helperNames from number to the name to print before it, such as bpf_map_lookup_elem for 1
     */
    public static String print(InsnBuffer code, IntFunction<String> helperNames) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < code.count(); i += code.isLdimm64(i) ? 2 : 1) {
            String index = Integer.toString(i);
            out.append(" ".repeat(Math.max(0, 4 - index.length()))).append(index).append(": ")
                    .append(line(code, i, helperNames)).append('\n');
        }
        return out.toString();
    }

    /** The instruction that starts at slot {@code index}, without the index. Any bytes give a line. */
    public static String line(InsnBuffer code, int index) {
        return line(code, index, number -> "");
    }

    /** As {@link #line(InsnBuffer, int)}, with names for helpers. */
    public static String line(InsnBuffer code, int index, IntFunction<String> helperNames) {
        int opcode = code.opcode(index);
        String text = switch (classOf(opcode)) {
            case BPF_ALU, BPF_ALU64 -> arithmetic(code.insn(index));
            case BPF_LDX -> load(code.insn(index));
            case BPF_STX -> store(code.insn(index));
            case BPF_ST -> modeOf(opcode) == BPF_MEM
                    ? memory(code.insn(index)) + " = " + code.imm(index)
                    : "unknown store";
            case BPF_LD -> loadImmediateOrPacket(code, index);
            default -> jump(code.insn(index), helperNames);
        };
        return "(" + hexByte(opcode) + ") " + text;
    }

    private static String arithmetic(BpfInsn insn) {
        boolean wide = classOf(insn.opcode()) == BPF_ALU64;
        String dst = register(wide, insn.dst());
        String src = register(wide, insn.src());
        boolean fromRegister = sourceOf(insn.opcode()) == BPF_X;
        int op = opOf(insn.opcode());
        if (op == BPF_END) {
            String swap = wide ? "bswap" : fromRegister ? "be" : "le";
            return "r" + insn.dst() + " = " + swap + insn.imm() + " r" + insn.dst();
        }
        if (op == BPF_NEG) {
            return dst + " = -" + dst;
        }
        boolean move = op == BPF_MOV && fromRegister;
        if (move && wide && insn.off() == 1) {
            return dst + " = addr_space_cast(" + src + ", " + (insn.imm() >>> 16) + ", " + (insn.imm() & 0xffff) + ")";
        }
        if (move && wide && insn.off() == -1) {
            return dst + " = &(void __percpu *)(" + src + ")";
        }
        boolean signed = insn.off() == 1 && (op == BPF_DIV || op == BPF_MOD);
        String operator = (signed ? "s" : "") + arithmeticOperator(op);
        if (!fromRegister) {
            return dst + " " + operator + " " + insn.imm();
        }
        boolean extend = move && (insn.off() == 8 || insn.off() == 16 || insn.off() == 32);
        return dst + " " + operator + " " + (extend ? "(s" + insn.off() + ")" : "") + src;
    }

    private static String arithmeticOperator(int op) {
        return switch (op) {
            case BPF_ADD -> "+=";
            case BPF_SUB -> "-=";
            case BPF_MUL -> "*=";
            case BPF_DIV -> "/=";
            case BPF_OR -> "|=";
            case BPF_AND -> "&=";
            case BPF_LSH -> "<<=";
            case BPF_RSH -> ">>=";
            case BPF_MOD -> "%=";
            case BPF_XOR -> "^=";
            case BPF_MOV -> "=";
            case BPF_ARSH -> "s>>=";
            default -> "unknown";
        };
    }

    private static String load(BpfInsn insn) {
        int mode = modeOf(insn.opcode());
        if (mode != BPF_MEM && mode != BPF_MEMSX) {
            return "unknown load";
        }
        String[] names = mode == BPF_MEM ? SIZE_NAMES : SIGNED_SIZE_NAMES;
        return "r" + insn.dst() + " = *(" + names[sizeOf(insn.opcode()) >> 3] + " *)" + address(insn.src(), insn.off());
    }

    private static String store(BpfInsn insn) {
        int mode = modeOf(insn.opcode());
        if (mode == BPF_MEM) {
            return memory(insn) + " = r" + insn.src();
        }
        return mode == BPF_ATOMIC ? atomic(insn) : "unknown store";
    }

    private static String atomic(BpfInsn insn) {
        String size = SIZE_NAMES[sizeOf(insn.opcode()) >> 3];
        String wide = sizeOf(insn.opcode()) == BPF_DW ? "64" : "";
        String target = "(" + size + " *)" + address(insn.dst(), insn.off());
        String src = "r" + insn.src();
        return switch (insn.imm()) {
            case BPF_ADD, BPF_OR, BPF_AND, BPF_XOR ->
                "lock *" + target + " " + arithmeticOperator(insn.imm()) + " " + src;
            case BPF_ADD | BPF_FETCH -> src + " = atomic" + wide + "_fetch_add(" + target + ", " + src + ")";
            case BPF_OR | BPF_FETCH -> src + " = atomic" + wide + "_fetch_or(" + target + ", " + src + ")";
            case BPF_AND | BPF_FETCH -> src + " = atomic" + wide + "_fetch_and(" + target + ", " + src + ")";
            case BPF_XOR | BPF_FETCH -> src + " = atomic" + wide + "_fetch_xor(" + target + ", " + src + ")";
            case BPF_XCHG -> src + " = atomic" + wide + "_xchg(" + target + ", " + src + ")";
            case BPF_CMPXCHG -> "r0 = atomic" + wide + "_cmpxchg(" + target + ", r0, " + src + ")";
            case BPF_LOAD_ACQ ->
                "r" + insn.dst() + " = load_acquire((" + size + " *)" + address(insn.src(), insn.off()) + ")";
            case BPF_STORE_REL -> "store_release(" + target + ", " + src + ")";
            default -> "unknown atomic";
        };
    }

    private static String loadImmediateOrPacket(InsnBuffer code, int index) {
        int opcode = code.opcode(index);
        String size = SIZE_NAMES[sizeOf(opcode) >> 3];
        return switch (modeOf(opcode)) {
            case BPF_ABS -> "r0 = *(" + size + " *)skb[" + code.imm(index) + "]";
            case BPF_IND -> "r0 = *(" + size + " *)skb[r" + code.src(index) + " + " + code.imm(index) + "]";
            case BPF_IMM -> opcode == LDIMM64 ? "r" + code.dst(index) + " = " + immediate(code, index) : "unknown load";
            default -> "unknown load";
        };
    }

    /** The kernel prints addresses here, which we do not have: what they stand for instead. */
    private static String immediate(InsnBuffer code, int index) {
        if (index + 1 >= code.count()) {
            return "half of an ldimm64";
        }
        int low = code.imm(index);
        int high = code.imm(index + 1);
        return switch (code.src(index)) {
            case BPF_PSEUDO_MAP_FD -> "map[fd:" + low + "]";
            case BPF_PSEUDO_MAP_VALUE -> "map[fd:" + low + "][0]+" + high;
            case BPF_PSEUDO_MAP_IDX -> "map[idx:" + low + "]";
            case BPF_PSEUDO_MAP_IDX_VALUE -> "map[idx:" + low + "][0]+" + high;
            case BPF_PSEUDO_BTF_ID -> "btf_id[" + low + "]" + (high == 0 ? "" : " of btf fd " + high);
            case BPF_PSEUDO_FUNC -> "subprog[" + signed(low) + "]";
            default -> "0x" + Long.toHexString(code.imm64(index));
        };
    }

    private static String jump(BpfInsn insn, IntFunction<String> helperNames) {
        int opcode = insn.opcode();
        boolean wide = classOf(opcode) == BPF_JMP;
        int op = opOf(opcode);
        if (op == BPF_CALL) {
            return call(insn, helperNames);
        }
        if (opcode == EXIT) {
            return "exit";
        }
        if (op == BPF_JA) {
            if (wide && sourceOf(opcode) == BPF_X) {
                return "gotox r" + insn.dst();
            }
            return wide ? "goto pc" + signed(insn.off()) : "gotol pc" + signed(insn.imm());
        }
        if (opcode == (BPF_JMP | BPF_JCOND) && insn.src() == 0) {
            return "may_goto pc" + signed(insn.off());
        }
        String operand = sourceOf(opcode) == BPF_X
                ? register(wide, insn.src())
                : "0x" + Integer.toHexString(insn.imm());
        return "if " + register(wide, insn.dst()) + " " + comparison(op) + " " + operand
                + " goto pc" + signed(insn.off());
    }

    private static String call(BpfInsn insn, IntFunction<String> helperNames) {
        return switch (insn.src()) {
            case BPF_PSEUDO_CALL -> "call pc" + signed(insn.imm());
            case BPF_PSEUDO_KFUNC_CALL -> "call kernel-function#" + insn.imm();
            default -> "call " + helperNames.apply(insn.imm()) + "#" + insn.imm();
        };
    }

    private static String comparison(int op) {
        return switch (op) {
            case BPF_JEQ -> "==";
            case BPF_JGT -> ">";
            case BPF_JGE -> ">=";
            case BPF_JSET -> "&";
            case BPF_JNE -> "!=";
            case BPF_JSGT -> "s>";
            case BPF_JSGE -> "s>=";
            case BPF_JLT -> "<";
            case BPF_JLE -> "<=";
            case BPF_JSLT -> "s<";
            case BPF_JSLE -> "s<=";
            default -> "unknown";
        };
    }

    private static String memory(BpfInsn insn) {
        return "*(" + SIZE_NAMES[sizeOf(insn.opcode()) >> 3] + " *)" + address(insn.dst(), insn.off());
    }

    private static String address(int register, int off) {
        return "(r" + register + " " + signed(off) + ")";
    }

    private static String register(boolean wide, int number) {
        return (wide ? "r" : "w") + number;
    }

    private static String signed(int value) {
        return value < 0 ? Integer.toString(value) : "+" + value;
    }

    private static String hexByte(int value) {
        return (value < 16 ? "0" : "") + Integer.toHexString(value);
    }
}
