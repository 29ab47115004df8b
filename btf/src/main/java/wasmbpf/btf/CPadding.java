package wasmbpf.btf;

/**
 * Unnamed bit fields that move the next member to where BTF says it is: {@code int: 32;}, or {@code long: 0;} to go on
 * to the next multiple. What the compiler pads by itself gets none. The choices are those of libbpf
 * {@code btf_dump_emit_bit_padding}, so that headers can be compared.
 */
final class CPadding {
    private static final String[] NAMES = {"long", "int", "short", "char"};

    private final int[] bits;

    CPadding(int pointerSize) {
        this.bits = new int[] {pointerSize * 8, 32, 16, 8};
    }

    /**
     * Appends the padding between two members.
     *
     * @param from      first free bit
     * @param to        where the next member starts, or the struct ends
     * @param nextAlign alignment in bytes of what comes next
     * @param inBitfield bit fields stand on both sides, so nothing is padded by itself
     * @param indent    new line and tabs
     */
    void append(StringBuilder out, long from, long to, int nextAlign, boolean inBitfield, String indent) {
        if (from >= to) {
            return;
        }
        // The widest type that has a boundary within the gap.
        int unit = 0;
        long boundary = roundUp(from, bits[0]);
        while (unit < bits.length - 1 && boundary > to) {
            unit++;
            boundary = roundUp(from, bits[unit]);
        }
        long at = from;
        if (boundary > from && boundary <= to) {
            boolean compilerStopsShort = boundary == to && roundUp(from, nextAlign * 8L) != boundary;
            boolean restFitsBefore = boundary != to && to - boundary <= boundary - from;
            if (inBitfield || compilerStopsShort || restFitsBefore) {
                line(out, indent, unit, inBitfield ? boundary - from : 0);
            }
            at = boundary;
        }
        while (to - at >= bits[unit]) {
            line(out, indent, unit, bits[unit]);
            at += bits[unit];
        }
        if (at < to) {
            int smallest = bits.length - 1;
            while (bits[smallest] < to - at) {
                smallest--;
            }
            line(out, indent, smallest, to - at);
        }
    }

    private static void line(StringBuilder out, String indent, int unit, long width) {
        out.append(indent).append(NAMES[unit]).append(": ").append(width).append(';');
    }

    private static long roundUp(long value, long multiple) {
        return (value + multiple - 1) / multiple * multiple;
    }
}
