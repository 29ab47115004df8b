package wasmbpf.host.gen;

import java.util.ArrayList;
import java.util.List;

/**
 * How to spell a struct or union in C so that clang for wasm32 lays it out exactly as the kernel side has it: which
 * padding to write between the members and whether the struct must be packed.
 *
 * <p>Wasm32 follows the generic Itanium rules: a member lies at a multiple of its type's alignment; a bit-field takes
 * the next bits unless it would straddle a boundary of its declared type. {@link #of} replays those rules over the
 * members as they will be printed. Where the result differs from the wanted offsets it adds padding, and where padding
 * cannot help (a member lies at an offset that its type's alignment forbids) it packs the struct.
 */
final class StructLayout {
    /**
     * One member as it will be printed.
     *
     * @param name "" for an anonymous struct or union
     * @param prefix what stands before the name: {@code uint32_t}
     * @param suffix what stands behind it: {@code [4]}
     * @param bitOffset where the kernel side has it, from the start of the struct
     * @param bitWidth its width in bits if it is a bit-field, else 0
     * @param sizeBytes size of the printed type (of a bit-field: of its declared type)
     * @param align alignment of the printed type on wasm32
     */
    record Field(String name, String prefix, String suffix, long bitOffset, int bitWidth, long sizeBytes, int align) {}

    private final List<String> lines;
    private final boolean packed;
    private final int align;

    private final int gaps;

    private StructLayout(List<String> lines, boolean packed, int align, int gaps) {
        this.lines = lines;
        this.packed = packed;
        this.align = align;
        this.gaps = gaps;
    }

    /** The members and the padding between them, a declaration without indentation or trailing newline each. */
    List<String> lines() {
        return lines;
    }

    /** Whether the struct needs {@code __attribute__((packed))}. */
    boolean packed() {
        return packed;
    }

    /** The alignment that the printed struct has on wasm32. */
    int align() {
        return align;
    }

    /** The number of the next padding member, for a struct that this one stands in without a name of its own. */
    int gaps() {
        return gaps;
    }

    /**
     * Lays the fields out over {@code sizeBytes} bytes; a union where {@code union} is set.
     *
     * @param gaps the number of the first padding member, {@code __gap0}
     */
    static StructLayout of(List<Field> fields, long sizeBytes, boolean union, int gaps) {
        for (boolean packed : new boolean[] {false, true}) {
            Attempt attempt = new Attempt(fields, packed, gaps);
            if (union ? attempt.union(sizeBytes) : attempt.struct(sizeBytes)) {
                return new StructLayout(attempt.lines, packed, attempt.align, attempt.gaps);
            }
        }
        // Members that overlap without being a union: BTF that no C compiler wrote.
        return new StructLayout(List.of("unsigned char __opaque" + gaps + "[" + sizeBytes + "];"), false, 1, gaps + 1);
    }

    /** One replay of the layout rules, with or without packing. */
    private static final class Attempt {
        final List<String> lines = new ArrayList<>();
        final List<Field> fields;
        final boolean packed;
        int align = 1;
        long position; // in bits: where the compiler is
        int gaps;

        Attempt(List<Field> fields, boolean packed, int gaps) {
            this.fields = fields;
            this.packed = packed;
            this.gaps = gaps;
        }

        boolean struct(long sizeBytes) {
            for (Field field : fields) {
                if (!place(field)) {
                    return false;
                }
            }
            return finish(sizeBytes);
        }

        boolean union(long sizeBytes) {
            long largest = 0;
            for (Field field : fields) {
                position = 0;
                if (field.bitOffset() != 0 || !place(field)) {
                    return false;
                }
                largest = Math.max(largest, roundUp(position, 8));
            }
            position = largest;
            if (roundUp(position, 8L * align) == sizeBytes * 8) {
                return true;
            }
            if (position < sizeBytes * 8 && sizeBytes % align == 0) {
                lines.add("char " + "__gap" + gaps++ + "[" + sizeBytes + "];");
                return true;
            }
            return false;
        }

        private boolean place(Field field) {
            long target = field.bitOffset();
            int fieldAlign = packed ? 1 : field.align();
            if (field.bitWidth() > 0) {
                long unit = field.sizeBytes() * 8;
                if (field.bitWidth() > unit) {
                    return false;
                }
                if (bitFieldPosition(position, field, unit) != target) {
                    if (!padTo(target) || bitFieldPosition(position, field, unit) != target) {
                        return false;
                    }
                }
                lines.add(field.prefix() + " " + field.name() + " : " + field.bitWidth() + ";");
                position = target + field.bitWidth();
            } else {
                if (target % 8 != 0) {
                    return false;
                }
                if (roundUp(roundUp(position, 8), 8L * fieldAlign) != target) {
                    if (!padTo(target) || target % (8L * fieldAlign) != 0) {
                        return false;
                    }
                }
                lines.add(field.prefix() + (field.name().isEmpty() ? "" : " " + field.name()) + field.suffix() + ";");
                position = target + field.sizeBytes() * 8;
            }
            align = Math.max(align, fieldAlign);
            return true;
        }

        private long bitFieldPosition(long at, Field field, long unit) {
            long alignBits = field.align() * 8L;
            return !packed && at % alignBits + field.bitWidth() > unit ? roundUp(at, alignBits) : at;
        }

        private boolean finish(long sizeBytes) {
            if (roundUp(roundUp(position, 8), 8L * align) == sizeBytes * 8) {
                return true;
            }
            return padTo(sizeBytes * 8) && sizeBytes % align == 0;
        }

        /** Fills up to {@code target}: bits to the next byte, whole bytes, the bits that remain. */
        private boolean padTo(long target) {
            if (position > target) {
                return false;
            }
            long byteEnd = Math.min(roundUp(position, 8), target);
            if (byteEnd > position) {
                lines.add("uint8_t : " + (byteEnd - position) + ";");
            }
            position = byteEnd;
            long bytes = (target - position) / 8;
            if (bytes > 0) {
                lines.add("char " + "__gap" + gaps++ + "[" + bytes + "];");
                position += bytes * 8;
            }
            if (position < target) {
                lines.add("uint8_t : " + (target - position) + ";");
                position = target;
            }
            return true;
        }
    }

    private static long roundUp(long n, long to) {
        return (n + to - 1) / to * to;
    }
}
