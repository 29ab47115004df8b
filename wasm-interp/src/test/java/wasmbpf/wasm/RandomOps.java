package wasmbpf.wasm;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The instructions whose stack signature the table of opcodes gives, by what they do for a generator of programs. */
final class RandomOps {
    /** Instructions without a memory, by their result: {@code i l f d v}. */
    static final Map<Character, List<Opcode>> VALUES = new HashMap<>();
    /** Loads and atomics, by their result. */
    static final Map<Character, List<Opcode>> LOADS = new HashMap<>();
    /** Stores. */
    static final List<Opcode> STORES = new ArrayList<>();
    /** Which of them give a float whose NaN bits the specification leaves open. */
    private static final Map<Opcode, Boolean> OPEN_NAN = new EnumMap<>(Opcode.class);

    static {
        for (Opcode op : Opcode.values()) {
            String signature = op.signature();
            // A wait would wait.
            if (signature == null || !signature.matches("[ailfdv]*:[ilfdv]?") || op.mnemonic().contains("wait")) {
                continue;
            }
            switch (op.immediates()) {
                case NONE, LANE, SHUFFLE -> {
                    if (!signature.endsWith(":")) {
                        VALUES.computeIfAbsent(signature.charAt(signature.length() - 1), k -> new ArrayList<>()).add(op);
                    }
                    OPEN_NAN.put(op, opensNan(op.mnemonic()));
                }
                case MEMARG, MEMARG_LANE -> {
                    if (signature.endsWith(":")) {
                        STORES.add(op);
                    } else {
                        LOADS.computeIfAbsent(signature.charAt(signature.length() - 1), k -> new ArrayList<>()).add(op);
                    }
                }
                default -> {
                }
            }
        }
    }

    private RandomOps() {
    }

    private static boolean opensNan(String mnemonic) {
        boolean isFloat = mnemonic.matches("f(32|64|32x4|64x2)\\..*");
        return isFloat && !mnemonic.matches(".*\\.(eq|ne|lt|gt|le|ge|abs|neg|copysign|reinterpret_.*|splat|replace_lane|"
                + "extract_lane|convert_.*)");
    }

    static boolean opensNan(Opcode op) {
        return OPEN_NAN.get(op);
    }

    static boolean mayTrap(Opcode op) {
        return op.mnemonic().matches("i(32|64)\\.(div|rem|trunc_f).*");
    }

    static boolean isAtomic(Opcode op) {
        return op.prefix() == Opcode.ATOMIC_PREFIX;
    }
}
