package wasmbpf.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random functions, run by the engine and by a walk over their syntax tree. They are made of what lowering plays with:
 * values that wait on the operand stack while locals change, constants, comparisons before branches, results of blocks.
 */
class RandomProgramsTest {
    private static final int LOCALS = 6;
    private static final int MEMORY_MASK = 0xFF;
    private static final int[] ARITHMETIC_32 = {OpBytes.I32_ADD, OpBytes.I32_SUB, OpBytes.I32_MUL, OpBytes.I32_AND,
        OpBytes.I32_OR, OpBytes.I32_XOR, OpBytes.I32_SHL, OpBytes.I32_SHR_S, OpBytes.I32_SHR_U, OpBytes.I32_ROTL,
        OpBytes.I32_ROTR};
    private static final int[] ARITHMETIC_64 = {OpBytes.I64_ADD, OpBytes.I64_SUB, OpBytes.I64_MUL, OpBytes.I64_AND,
        OpBytes.I64_OR, OpBytes.I64_XOR, OpBytes.I64_SHL, OpBytes.I64_SHR_S, OpBytes.I64_SHR_U, OpBytes.I64_ROTL,
        OpBytes.I64_ROTR};

    /** How instances of this test run; another tier overrides it. */
    InstanceOptions options() {
        return InstanceOptions.DEFAULT;
    }

    /** The state of the walk; locals 0 to 2 are i32, 3 to 5 i64, then come the counters of loops. */
    private static final class State {
        final long[] locals = new long[LOCALS + 64];
        final byte[] memory = new byte[MEMORY_MASK + 9];
    }

    /** Unwinds to a block. */
    private static final class Branch extends RuntimeException {
        private static final long serialVersionUID = 1;
        final Object target;
        final long value;

        Branch(Object target, long value) {
            super(null, null, false, false);
            this.target = target;
            this.value = value;
        }
    }

    private interface Node {
        long run(State state);

        /** @param depth open blocks inside the function */
        void emit(WasmEncoder.Code code, int depth);
    }

    private static final class Generator {
        private final Random random;
        private int budget = 120;
        private int loops;
        private int depth;

        Generator(long seed) {
            random = new Random(seed);
        }

        private boolean chance(int percent) {
            return random.nextInt(100) < percent;
        }

        private int local(boolean wide) {
            return random.nextInt(3) + (wide ? 3 : 0);
        }

        private long constant(boolean wide) {
            long value = switch (random.nextInt(5)) {
                case 0 -> random.nextInt(5) - 2;
                case 1 -> 1L << random.nextInt(64);
                case 2 -> (short) random.nextInt();
                case 3 -> random.nextInt(80_000) - 40_000;
                default -> random.nextLong();
            };
            return wide ? value : (int) value;
        }

        /** An expression that gives an i32, or an i64. */
        Node expression(boolean wide) {
            if (--budget < 0) {
                return leaf(wide);
            }
            return switch (random.nextInt(12)) {
                case 0, 1 -> leaf(wide);
                case 2 -> tee(wide);
                case 3 -> comparison(wide);
                case 4 -> select(wide);
                case 5 -> choose(wide);
                case 6 -> block(wide);
                case 7 -> load(wide);
                case 8 -> sequence(wide);
                case 9 -> convert(wide);
                default -> arithmetic(wide);
            };
        }

        private Node leaf(boolean wide) {
            if (chance(40)) {
                long value = constant(wide);
                return node(s -> value, (c, d) -> c.op(wide ? OpBytes.I64_CONST : OpBytes.I32_CONST, value));
            }
            int local = local(wide);
            return node(s -> s.locals[local], (c, d) -> c.op(OpBytes.LOCAL_GET, local));
        }

        private Node tee(boolean wide) {
            int local = local(wide);
            Node value = expression(wide);
            return node(s -> s.locals[local] = value.run(s), (c, d) -> {
                value.emit(c, d);
                c.op(OpBytes.LOCAL_TEE, local);
            });
        }

        private Node arithmetic(boolean wide) {
            int which = random.nextInt(11);
            int op = (wide ? ARITHMETIC_64 : ARITHMETIC_32)[which];
            Node left = expression(wide);
            Node right = expression(wide);
            return node(s -> {
                long x = left.run(s);
                long y = right.run(s);
                return wide ? compute64(which, x, y) : compute32(which, (int) x, (int) y);
            }, (c, d) -> {
                left.emit(c, d);
                right.emit(c, d);
                c.op(op);
            });
        }

        private static long compute64(int which, long x, long y) {
            return switch (which) {
                case 0 -> x + y;
                case 1 -> x - y;
                case 2 -> x * y;
                case 3 -> x & y;
                case 4 -> x | y;
                case 5 -> x ^ y;
                case 6 -> x << y;
                case 7 -> x >> y;
                case 8 -> x >>> y;
                case 9 -> Long.rotateLeft(x, (int) y);
                default -> Long.rotateRight(x, (int) y);
            };
        }

        private static long compute32(int which, int x, int y) {
            return switch (which) {
                case 6 -> x << y;
                case 7 -> x >> y;
                case 8 -> x >>> y;
                case 9 -> Integer.rotateLeft(x, y);
                case 10 -> Integer.rotateRight(x, y);
                default -> (int) compute64(which, x, y);
            };
        }

        /** An i32; wide says what is compared, unless an i64 is wanted: then it is extended. */
        private Node comparison(boolean wide) {
            Node condition = condition();
            return wide ? node(condition::run, (c, d) -> {
                condition.emit(c, d);
                c.op(OpBytes.I64_EXTEND_I32_U);
            }) : condition;
        }

        private Node condition() {
            boolean wide = chance(50);
            if (chance(20)) {
                Node value = chance(50) && budget > 0 ? condition() : null;
                Node operand = value != null ? value : expression(wide);
                boolean wideOperand = value == null && wide;
                return node(s -> operand.run(s) == 0 ? 1 : 0, (c, d) -> {
                    operand.emit(c, d);
                    c.op(wideOperand ? OpBytes.I64_EQZ : OpBytes.I32_EQZ);
                });
            }
            int which = random.nextInt(10);
            Node left = expression(wide);
            Node right = expression(wide);
            return node(s -> {
                long x = left.run(s);
                long y = right.run(s);
                return compare(which, x, y) ? 1 : 0;
            }, (c, d) -> {
                left.emit(c, d);
                right.emit(c, d);
                c.op((wide ? OpBytes.I64_EQ : OpBytes.I32_EQ) + which);
            });
        }

        /** In the order of the opcodes; i32 operands are sign-extended, which keeps the unsigned order too. */
        private static boolean compare(int which, long x, long y) {
            return switch (which) {
                case 0 -> x == y;
                case 1 -> x != y;
                case 2 -> x < y;
                case 3 -> Long.compareUnsigned(x, y) < 0;
                case 4 -> x > y;
                case 5 -> Long.compareUnsigned(x, y) > 0;
                case 6 -> x <= y;
                case 7 -> Long.compareUnsigned(x, y) <= 0;
                case 8 -> x >= y;
                default -> Long.compareUnsigned(x, y) >= 0;
            };
        }

        private Node select(boolean wide) {
            Node first = expression(wide);
            Node second = expression(wide);
            Node condition = condition();
            return node(s -> {
                long x = first.run(s);
                long y = second.run(s);
                return condition.run(s) != 0 ? x : y;
            }, (c, d) -> {
                first.emit(c, d);
                second.emit(c, d);
                condition.emit(c, d);
                c.op(OpBytes.SELECT);
            });
        }

        private Node choose(boolean wide) {
            Node condition = condition();
            Node first = expression(wide);
            Node second = expression(wide);
            return node(s -> condition.run(s) != 0 ? first.run(s) : second.run(s), (c, d) -> {
                condition.emit(c, d);
                c.op(OpBytes.IF, wide ? -2 : -1);
                first.emit(c, d + 1);
                c.op(OpBytes.ELSE);
                second.emit(c, d + 1);
                c.op(OpBytes.END);
            });
        }

        /** A block that may be left early with another value, by br_if or br_table. */
        private Node block(boolean wide) {
            Object label = new Object();
            List<Node> before = statements();
            Node early = expression(wide);
            Node condition = condition();
            Node late = expression(wide);
            boolean table = chance(30);
            return node(s -> {
                try {
                    before.forEach(n -> n.run(s));
                    long value = early.run(s);
                    if (condition.run(s) != 0 || table) {
                        throw new Branch(label, value);
                    }
                    return late.run(s);
                } catch (Branch b) {
                    if (b.target != label) {
                        throw b;
                    }
                    return b.value;
                }
            }, (c, d) -> {
                c.op(OpBytes.BLOCK, wide ? -2 : -1);
                before.forEach(n -> n.emit(c, d + 1));
                early.emit(c, d + 1);
                condition.emit(c, d + 1);
                if (table) {
                    c.op(OpBytes.BR_TABLE, 0, 0);
                } else {
                    c.op(OpBytes.BR_IF, 0).op(OpBytes.DROP);
                }
                late.emit(c, d + 1);
                c.op(OpBytes.END);
            });
        }

        private Node load(boolean wide) {
            Node address = address();
            int offset = chance(20) ? 70_000 : random.nextInt(4);
            return node(s -> {
                int at = (int) address.run(s);
                long value = 0;
                for (int i = 0; offset < 70_000 && i < (wide ? 8 : 4); i++) {
                    value |= (s.memory[at + offset + i] & 0xFFL) << 8 * i;
                }
                return wide ? value : (int) value;
            }, (c, d) -> {
                address.emit(c, d);
                c.op(wide ? OpBytes.I64_LOAD : OpBytes.I32_LOAD, 0, offset);
            });
        }

        /** An address below 248: masked, a constant, or a sum. */
        private Node address() {
            Node value = expression(false);
            int mask = chance(30) ? 0 : 0x3F;
            int constant = random.nextInt(64);
            boolean sum = chance(40);
            return node(s -> ((int) value.run(s) & mask) + (sum ? ((int) s.locals[0] & 0x3F) : constant), (c, d) -> {
                if (mask == 0) {
                    // The value is computed for its side effects.
                    value.emit(c, d);
                    c.op(OpBytes.DROP).op(OpBytes.I32_CONST, 0);
                } else {
                    value.emit(c, d);
                    c.op(OpBytes.I32_CONST, mask).op(OpBytes.I32_AND);
                }
                if (sum) {
                    c.op(OpBytes.LOCAL_GET, 0).op(OpBytes.I32_CONST, 0x3F).op(OpBytes.I32_AND);
                } else {
                    c.op(OpBytes.I32_CONST, constant);
                }
                c.op(OpBytes.I32_ADD);
            });
        }

        private Node convert(boolean wide) {
            Node value = expression(!wide);
            int which = random.nextInt(2);
            return wide ? node(s -> which == 0 ? value.run(s) : value.run(s) & 0xFFFFFFFFL, (c, d) -> {
                value.emit(c, d);
                c.op(which == 0 ? OpBytes.I64_EXTEND_I32_S : OpBytes.I64_EXTEND_I32_U);
            }) : node(s -> (int) value.run(s), (c, d) -> {
                value.emit(c, d);
                c.op(OpBytes.I32_WRAP_I64);
            });
        }

        /** Statements, then a value, all above whatever is on the stack already. */
        private Node sequence(boolean wide) {
            List<Node> statements = statements();
            Node value = expression(wide);
            return node(s -> {
                statements.forEach(n -> n.run(s));
                return value.run(s);
            }, (c, d) -> {
                statements.forEach(n -> n.emit(c, d));
                value.emit(c, d);
            });
        }

        private List<Node> statements() {
            List<Node> statements = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0 && budget > 0; i--) {
                statements.add(statement());
            }
            return statements;
        }

        Node statement() {
            return switch (random.nextInt(6)) {
                case 0 -> store();
                case 1 -> loop();
                case 2 -> conditional();
                default -> assign();
            };
        }

        private Node assign() {
            boolean wide = chance(50);
            int local = local(wide);
            Node value = expression(wide);
            return node(s -> s.locals[local] = value.run(s), (c, d) -> {
                value.emit(c, d);
                c.op(OpBytes.LOCAL_SET, local);
            });
        }

        private Node store() {
            boolean wide = chance(50);
            Node address = address();
            Node value = expression(wide);
            return node(s -> {
                int at = (int) address.run(s);
                long v = value.run(s);
                for (int i = 0; i < (wide ? 8 : 4); i++) {
                    s.memory[at + i] = (byte) (v >>> 8 * i);
                }
                return 0;
            }, (c, d) -> {
                address.emit(c, d);
                value.emit(c, d);
                c.op(wide ? OpBytes.I64_STORE : OpBytes.I32_STORE, 0, 0);
            });
        }

        private Node conditional() {
            Node condition = condition();
            List<Node> then = statements();
            return node(s -> {
                if (condition.run(s) != 0) {
                    then.forEach(n -> n.run(s));
                }
                return 0;
            }, (c, d) -> {
                condition.emit(c, d);
                c.op(OpBytes.IF, -0x40);
                then.forEach(n -> n.emit(c, d + 1));
                c.op(OpBytes.END);
            });
        }

        /** Counts down from 3 in a local of its own; may be left early. */
        private Node loop() {
            if (depth > 2 || loops == 60) {
                return assign();
            }
            int counter = LOCALS + loops++;
            depth++;
            List<Node> body = statements();
            Node leave = condition();
            depth--;
            return node(s -> {
                s.locals[counter] = 3;
                do {
                    body.forEach(n -> n.run(s));
                    if (leave.run(s) != 0) {
                        break;
                    }
                    s.locals[counter]--;
                } while (s.locals[counter] > 0);
                return 0;
            }, (c, d) -> {
                c.op(OpBytes.I32_CONST, 3).op(OpBytes.LOCAL_SET, counter);
                c.op(OpBytes.BLOCK, -0x40).op(OpBytes.LOOP, -0x40);
                body.forEach(n -> n.emit(c, d + 2));
                leave.emit(c, d + 2);
                c.op(OpBytes.BR_IF, 1);
                c.op(OpBytes.LOCAL_GET, counter).op(OpBytes.I32_CONST, 1).op(OpBytes.I32_SUB)
                        .op(OpBytes.LOCAL_TEE, counter).op(OpBytes.I32_CONST, 0).op(OpBytes.I32_GT_S)
                        .op(OpBytes.BR_IF, 0).op(OpBytes.END).op(OpBytes.END);
            });
        }
    }

    private interface Run {
        long run(State state);
    }

    private interface Emit {
        void emit(WasmEncoder.Code code, int depth);
    }

    private static Node node(Run run, Emit emit) {
        return new Node() {
            @Override
            public long run(State state) {
                return run.run(state);
            }

            @Override
            public void emit(WasmEncoder.Code code, int depth) {
                emit.emit(code, depth);
            }
        };
    }

    @Property(tries = 3000)
    void computesWhatTheSyntaxTreeSays(@ForAll long seed) {
        Generator generator = new Generator(seed);
        List<Node> statements = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            statements.add(generator.statement());
        }
        Node result = generator.expression(true);
        WasmEncoder module = new WasmEncoder();
        int memory = module.memory(2, 2);
        module.export("memory", ExternKind.MEMORY, memory);
        module.export("f", ExternKind.FUNC, module.function("iiilll:l", code -> {
            code.locals("i".repeat(64));
            statements.forEach(n -> n.emit(code, 0));
            result.emit(code, 0);
        }));
        State state = new State();
        long[] args = {1, -2, 70_000, 3, -40_000_000_000L, Long.MIN_VALUE};
        System.arraycopy(args, 0, state.locals, 0, args.length);
        statements.forEach(n -> n.run(state));
        long expected = result.run(state);
        try (Instance instance = Instance.instantiate(module.module("random.wasm"), new ImportLinker(), options())) {
            assertEquals(expected, instance.exportedFunction("f").invoke(args)[0]);
            assertEquals(new String(state.memory, 0, 200, StandardCharsets.ISO_8859_1),
                    new String(instance.memory(0).bytes(0, 200), StandardCharsets.ISO_8859_1));
        }
    }
}
