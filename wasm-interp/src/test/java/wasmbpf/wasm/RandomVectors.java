package wasmbpf.wasm;

import static wasmbpf.wasm.OpBytes.*;

import java.util.List;
import java.util.Random;

/**
 * A function that works on vectors alone: long expressions, locals that change places, lanes in memory, numbers in between, a loop,
 * values left on the stack across branches. {@link RandomModule} has all kinds of instructions, and so few of these in a row.
 */
final class RandomVectors {
    private static final int PARAMS = 2;
    private static final int VECTORS = 7;
    /** The address that memory instructions begin with, a number from vectors, the loop's counter. */
    private static final int ADDRESS = VECTORS;
    private static final int NUMBER = VECTORS + 1;
    private static final int COUNTER = VECTORS + 2;
    private static final int MEMORY_BYTES = 65_536;

    private final Random random;
    private WasmEncoder.Code code;
    private int budget;

    RandomVectors(long seed) {
        random = new Random(seed);
    }

    /** Exports {@code f}, from two vectors and an address to a vector, and its memory. */
    WasmModule module() {
        WasmEncoder encoder = new WasmEncoder();
        encoder.export("memory", ExternKind.MEMORY, encoder.memory(1, 1));
        int identity = encoder.function("v:v", c -> c.op(LOCAL_GET, 0));
        encoder.export("f", ExternKind.FUNC, encoder.function("vvi:v", c -> body(c, identity)));
        return encoder.module("vectors.wasm");
    }

    private int pick(int bound) {
        return random.nextInt(bound);
    }

    private void body(WasmEncoder.Code c, int identity) {
        code = c;
        // The third parameter is the address: locals behind it.
        code.locals("vvvvviii");
        code.op(LOCAL_GET, PARAMS).op(LOCAL_SET, address());
        code.op(I32_CONST, 3).op(LOCAL_SET, counter()).op(LOOP, -64);
        for (int i = 0; i < 12; i++) {
            budget = 25;
            statement(identity);
        }
        code.op(LOCAL_GET, counter()).op(I32_CONST, 1).op(I32_SUB).op(LOCAL_TEE, counter()).op(BR_IF, 0).op(END);
        budget = 25;
        vector();
    }

    /** Vector locals are 0, 1 and those from 3 on. */
    private int vectorLocal() {
        int i = pick(VECTORS);
        return i < PARAMS ? i : i + 1;
    }

    private static int address() {
        return ADDRESS + 1;
    }

    private static int number() {
        return NUMBER + 1;
    }

    private static int counter() {
        return COUNTER + 1;
    }

    private void statement(int identity) {
        switch (pick(8)) {
            case 0 -> access(RandomOps.STORES.stream().filter(op -> op.signature().contains("v")).toList());
            case 1 -> {
                // Two change places.
                int a = vectorLocal();
                int b = vectorLocal();
                code.op(LOCAL_GET, a).op(LOCAL_GET, b).op(LOCAL_SET, a).op(LOCAL_SET, b);
            }
            case 2 -> {
                // Values wait on the stack while control branches.
                vector();
                code.op(LOCAL_GET, number()).op(IF, -64).op(LOCAL_GET, vectorLocal()).op(LOCAL_SET, vectorLocal()).op(END);
                code.op(LOCAL_SET, vectorLocal());
            }
            case 3 -> {
                vector();
                vector();
                code.op(CALL, identity).op(I32X4_ADD).op(LOCAL_SET, vectorLocal());
            }
            case 4 -> {
                number('i');
                code.op(LOCAL_SET, number());
            }
            default -> {
                vector();
                code.op(LOCAL_SET, vectorLocal());
            }
        }
    }

    private void operands(Opcode op) {
        String signature = op.signature();
        for (char type : signature.substring(0, signature.indexOf(':')).toCharArray()) {
            switch (type) {
                case 'a' -> code.op(LOCAL_GET, address());
                case 'v' -> vector();
                default -> number(type);
            }
        }
    }

    private void access(List<Opcode> ops) {
        Opcode op = ops.get(pick(ops.size()));
        operands(op);
        // Near the memory's end now and then: the address is near it too.
        long offset = pick(60) == 0 ? 5000 : pick(64);
        if (op.immediates() == Imm.MEMARG_LANE) {
            code.op(op.number(), 0, offset, pick(16 >> op.widthLog2()));
        } else {
            code.op(op.number(), 0, offset);
        }
    }

    private void vector() {
        if (--budget < 0 || pick(6) == 0) {
            if (pick(4) == 0) {
                RandomCode.constant(code, 'v', random);
            } else {
                code.op(LOCAL_GET, vectorLocal());
            }
            return;
        }
        switch (pick(10)) {
            case 0, 1 -> access(RandomOps.LOADS.get('v'));
            case 2 -> {
                vector();
                code.op(LOCAL_TEE, vectorLocal());
            }
            case 3 -> {
                vector();
                vector();
                number('i');
                code.op(SELECT);
            }
            default -> operation(RandomOps.VALUES.get('v'), 'v');
        }
    }

    private void operation(List<Opcode> ops, char type) {
        Opcode op = ops.get(pick(ops.size()));
        if (op == Opcode.I8X16_SHUFFLE || type == 'v' && pick(12) == 0) {
            shuffle();
            return;
        }
        operands(op);
        if (op.immediates() == Imm.LANE) {
            code.op(op.number(), pick(16 >> op.widthLog2()));
        } else {
            code.op(op.number());
        }
        if (type == 'v' && RandomOps.opensNan(op)) {
            RandomCode.closeVectorNan(code, vectorLocal(), op.mnemonic());
        }
    }

    /** Of bytes, or of whole lanes. */
    private void shuffle() {
        vector();
        vector();
        int bytes = 1 << pick(4);
        long[] lanes = new long[2];
        for (int i = 0; i < 16; i += bytes) {
            int from = bytes * pick(32 / bytes);
            for (int k = 0; k < bytes; k++) {
                lanes[i / 8 + (i % 8 + k) / 8] |= (long) (from + k) << 8 * ((i + k) % 8);
            }
        }
        code.op(I8X16_SHUFFLE, lanes);
    }

    /** A number, mostly from a vector. */
    private void number(char type) {
        List<Opcode> ops = RandomOps.VALUES.get(type).stream().filter(op -> op.signature().startsWith("v:")).toList();
        if (--budget < 0 || ops.isEmpty() || pick(3) == 0) {
            if (type == 'i' && pick(2) == 0) {
                code.op(LOCAL_GET, number());
            } else {
                RandomCode.constant(code, type, random);
            }
            return;
        }
        operation(ops, type);
    }

    // Running

    /** Throws AssertionError if a tier gives something else than the interpreter. */
    static void compare(long seed) {
        WasmModule module = new RandomVectors(seed).module();
        module.validate();
        String expected = run(module, null);
        for (Tier tier : List.of(JvmTier.always(), JvmTier.whenHot(Integer.MAX_VALUE, 0), JvmTier.alwaysCut(300),
                JvmTier.alwaysCutAnywhere(300))) {
            String actual = run(module, tier);
            if (!expected.equals(actual)) {
                throw new AssertionError("seed " + seed + ":\n  interpreted " + expected + "\n  compiled    " + actual);
            }
        }
    }

    private static String run(WasmModule module, Tier tier) {
        StringBuilder text = new StringBuilder();
        try (Instance instance = Instance.instantiate(module, new ImportLinker(), InstanceOptions.DEFAULT.withTier(tier))) {
            byte[] bytes = new byte[MEMORY_BYTES];
            new Random(1).nextBytes(bytes);
            instance.memory(0).write(0, bytes);
            for (int address : new int[] {16, 1000, MEMORY_BYTES - 120, MEMORY_BYTES - 40}) {
                try {
                    Object[] results = instance.exportedFunction("f").apply(new V128(address * 0x0123_4567_89ABL, -3),
                            new V128(0x3F80_0000_4000_0000L, 0x4040_0000_C080_0000L), address);
                    text.append(' ').append(RandomTiers.text(results[0]));
                } catch (Trap trap) {
                    text.append(' ').append(trap.kind()).append(trap.stack());
                }
                text.append('/').append(java.util.Arrays.hashCode(instance.memory(0).bytes(0, MEMORY_BYTES)));
            }
        }
        return text.toString();
    }

    /** {@code main FIRST-SEED COUNT}: goes on after differences. */
    public static void main(String[] args) {
        long first = Long.parseLong(args[0]);
        int failures = 0;
        for (long seed = first; seed < first + Long.parseLong(args[1]); seed++) {
            try {
                compare(seed);
            } catch (Throwable t) {
                System.out.println(t instanceof AssertionError ? t.getMessage() : "seed " + seed + ": " + t);
                failures++;
            }
        }
        System.out.println(args[1] + " modules, " + failures + " failures");
    }
}
