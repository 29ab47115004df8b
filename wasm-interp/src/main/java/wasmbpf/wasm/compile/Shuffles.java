package wasmbpf.wasm.compile;

import static wasmbpf.wasm.compile.LaneForm.DOUBLES;
import static wasmbpf.wasm.compile.LaneForm.FLOATS;
import static wasmbpf.wasm.compile.LaneForm.INTS;
import static wasmbpf.wasm.compile.LaneForm.LONGS;
import static wasmbpf.wasm.compile.Names.J;

import java.lang.classfile.CodeBuilder;

/** Bytes to other places: where whole lanes move, it costs nothing. */
final class Shuffles {
    /** In place of an index: the byte is zero. */
    private static final int ZERO = -1;

    private final CodeBuilder code;
    private final Vectors vectors;

    Shuffles(MethodCode m, Vectors vectors) {
        this.vectors = vectors;
        code = m.code;
    }

    /** Of two vectors from height h on, by indices from 0 to 31. */
    void shuffle(long low, long high, int h) {
        Vector b = vectors.pop(h + 1);
        Vector a = vectors.pop(h);
        int[] indices = bytes(low, high);
        int words = held(a, 4) + held(b, 4);
        int halves = held(a, 2) + held(b, 2);
        int[] lanes;
        if ((lanes = whole(indices, 4)) != null && (words > 0 || halves == 0 || whole(indices, 8) == null)) {
            LaneForm form = is(a, FLOATS) || is(b, FLOATS) ? FLOATS : INTS;
            arrange(vectors.hold(a, form), vectors.hold(b, form), lanes, h);
        } else if ((lanes = whole(indices, 8)) != null) {
            LaneForm form = is(a, DOUBLES) || is(b, DOUBLES) ? DOUBLES : LONGS;
            arrange(vectors.hold(a, form), vectors.hold(b, form), lanes, h);
        } else {
            move(indices, h, vectors.hold(a, LONGS), vectors.hold(b, LONGS));
        }
    }

    private static boolean is(Vector vector, LaneForm form) {
        return vector instanceof Vector.Held held && held.form() == form;
    }

    private static int held(Vector vector, int count) {
        return vector instanceof Vector.Held held && held.form().count == count ? 1 : 0;
    }

    private static int[] bytes(long low, long high) {
        int[] bytes = new int[16];
        for (int i = 0; i < 16; i++) {
            bytes[i] = (int) ((i < 8 ? low : high) >>> 8 * (i & 7)) & 0xFF;
        }
        return bytes;
    }

    /** Which lanes of so many bytes make the result, or null if it is not of whole ones. */
    private static int[] whole(int[] indices, int bytes) {
        int[] lanes = new int[16 / bytes];
        for (int i = 0; i < 16; i++) {
            if (i % bytes == 0) {
                if (indices[i] % bytes != 0) {
                    return null;
                }
                lanes[i / bytes] = indices[i] / bytes;
            } else if (indices[i] != indices[i - 1] + 1) {
                return null;
            }
        }
        return lanes;
    }

    private void arrange(Vector.Held a, Vector.Held b, int[] lanes, int h) {
        int count = lanes.length;
        int[] slots = new int[count];
        boolean[] used = new boolean[2];
        for (int i = 0; i < count; i++) {
            used[lanes[i] / count] = true;
            slots[i] = (lanes[i] < count ? a : b).lanes()[lanes[i] % count];
        }
        if (used[0] && used[1]) {
            vectors.push(h, vectors.arranged(a.form(), slots, a, b));
        } else {
            vectors.release(used[0] ? b : a);
            vectors.push(h, vectors.arranged(a.form(), slots, used[0] ? a : b));
        }
    }

    /** Bytes by their indices in vectors of longs; those that move equally far from one long move together. */
    private void move(int[] indices, int h, Vector.Held... from) {
        Vector.Held result = vectors.result(LONGS);
        for (int half = 0; half < 2; half++) {
            boolean first = true;
            for (int source = 0; source < 2 * from.length; source++) {
                for (int left = -7; left <= 7; left++) {
                    long mask = mask(indices, half, source, left);
                    if (mask != 0) {
                        code.lload(from[source / 2].lanes()[source % 2]);
                        shift(left);
                        if (mask != (left < 0 ? -1L >>> -8 * left : -1L << 8 * left)) {
                            code.loadConstant(mask).land();
                        }
                        if (!first) {
                            code.lor();
                        }
                        first = false;
                    }
                }
            }
            if (first) {
                code.lconst_0();
            }
            code.lstore(result.lanes()[half]);
        }
        for (Vector.Held held : from) {
            vectors.release(held);
        }
        vectors.push(h, result);
    }

    private static long mask(int[] indices, int half, int source, int left) {
        long mask = 0;
        for (int to = 0; to < 8; to++) {
            int index = indices[8 * half + to];
            if (index != ZERO && index >>> 3 == source && to - (index & 7) == left) {
                mask |= 0xFFL << 8 * to;
            }
        }
        return mask;
    }

    private void shift(int left) {
        if (left > 0) {
            code.loadConstant(8 * left).lshl();
        } else if (left < 0) {
            code.loadConstant(-8 * left).lushr();
        }
    }

    /** Of the vector at height h, by the indices in the one above; from 16 on they give 0. */
    void swizzle(int h) {
        Vector indices = vectors.pop(h + 1);
        Vector.Held from = vectors.hold(vectors.pop(h), LONGS);
        if (indices instanceof Vector.Literal literal) {
            int[] bytes = bytes(literal.low(), literal.high());
            for (int i = 0; i < 16; i++) {
                bytes[i] = bytes[i] < 16 ? bytes[i] : ZERO;
            }
            move(bytes, h, from);
            return;
        }
        Vector.Held result = vectors.result(LONGS);
        for (int half = 0; half < 2; half++) {
            code.lload(from.lanes()[0]).lload(from.lanes()[1]);
            vectors.moves.push(indices, LONGS, half);
            code.invokestatic(Names.LANES, "swizzle", Names.type(J, J, J, J)).lstore(result.lanes()[half]);
        }
        vectors.release(from);
        vectors.release(indices);
        vectors.push(h, result);
    }
}
