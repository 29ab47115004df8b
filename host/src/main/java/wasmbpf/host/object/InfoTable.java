package wasmbpf.host.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import wasmbpf.btf.BtfExt;
import wasmbpf.core.InsnBuffer;

/**
 * The func_info or the line_info of an object, cut to functions: libbpf {@code adjust_prog_btf_ext_info}. The file
 * counts bytes from the start of a section, the kernel instructions from the start of a program.
 */
final class InfoTable {
    static final InfoTable NONE = new InfoTable(0, ByteOrder.nativeOrder(), Map.of());

    private final int recordSize;
    private final ByteOrder order;
    private final Map<Integer, Section> sections;

    /** The records of one section as bytes, and the instruction each is about. */
    private record Section(byte[] records, int[] insns, boolean ascending) {
    }

    private InfoTable(int recordSize, ByteOrder order, Map<Integer, Section> sections) {
        this.recordSize = recordSize;
        this.order = order;
        this.sections = sections;
    }

    static InfoTable functions(ObjectSpec spec) {
        BtfExt ext = spec.btfExt();
        return of(spec, ext.funcInfoRecordSize(), name -> ext.funcInfoBytes(name, spec.byteOrder()));
    }

    static InfoTable lines(ObjectSpec spec) {
        BtfExt ext = spec.btfExt();
        return of(spec, ext.lineInfoRecordSize(), name -> ext.lineInfoBytes(name, spec.byteOrder()));
    }

    private static InfoTable of(ObjectSpec spec, int recordSize, java.util.function.Function<String, byte[]> bytes) {
        if (recordSize == 0) {
            return NONE;
        }
        Map<Integer, Section> sections = new HashMap<>();
        for (ProgramSpec program : spec.programs()) {
            String name = spec.codeSectionName(program.sectionIndex());
            if (name != null && !sections.containsKey(program.sectionIndex())) {
                sections.put(program.sectionIndex(), section(bytes.apply(name), recordSize, spec.byteOrder()));
            }
        }
        return new InfoTable(recordSize, spec.byteOrder(), sections);
    }

    private static Section section(byte[] records, int recordSize, ByteOrder order) {
        ByteBuffer buffer = ByteBuffer.wrap(records).order(order);
        int[] insns = new int[records.length / recordSize];
        boolean ascending = true;
        for (int i = 0; i < insns.length; i++) {
            insns[i] = Integer.divideUnsigned(buffer.getInt(i * recordSize), InsnBuffer.SLOT_BYTES);
            ascending &= i == 0 || insns[i - 1] <= insns[i];
        }
        return new Section(records, insns, ascending);
    }

    /** Records of one program while it grows. */
    static final class Records {
        private byte[] bytes = new byte[0];
        private int length;

        boolean isEmpty() {
            return length == 0;
        }

        /** Room for that many more bytes; where they start. */
        private int extend(int more) {
            int at = length;
            length = Math.addExact(length, more);
            if (length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
            }
            return at;
        }
    }

    /**
     * Adds the records of a function that starts {@code base} instructions into the program.
     *
     * @return whether it has any
     */
    boolean copy(ProgramSpec function, int base, Records to) {
        Section section = sections.get(function.sectionIndex());
        if (section == null) {
            return false;
        }
        int from = function.sectionInsnOffset();
        int end = from + function.insnCount();
        int[] insns = section.insns();
        // From the first record of the function to the last before one beyond its end.
        int first = -1;
        int last = -1;
        for (int i = section.ascending() ? lowerBound(insns, from) : 0; i < insns.length && insns[i] < end; i++) {
            if (insns[i] >= from) {
                first = first < 0 ? i : first;
                last = i;
            }
        }
        if (first < 0) {
            return false;
        }
        int at = to.extend((last + 1 - first) * recordSize);
        System.arraycopy(section.records(), first * recordSize, to.bytes, at, (last + 1 - first) * recordSize);
        ByteBuffer buffer = ByteBuffer.wrap(to.bytes).order(order);
        for (int i = first; i <= last; i++, at += recordSize) {
            buffer.putInt(at, insns[i] - from + base);
        }
        return true;
    }

    /** The first index whose element is at least {@code value}. */
    private static int lowerBound(int[] ascending, int value) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    LinkedProgram.InfoRecords finish(Records records) {
        if (records.isEmpty()) {
            return LinkedProgram.InfoRecords.NONE;
        }
        return new LinkedProgram.InfoRecords(recordSize, records.length / recordSize,
                Arrays.copyOf(records.bytes, records.length));
    }
}
