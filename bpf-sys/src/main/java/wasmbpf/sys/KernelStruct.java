package wasmbpf.sys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The declared layout of a struct that crosses into the kernel: one list of fields from which values are written,
 * printed, recorded and replayed, and which a test compares with the kernel's own BTF.
 *
 * <p>Declared once, as constants:
 * <pre>{@code
 * private static final Builder S = KernelStruct.declare("LINK_DETACH", "union bpf_attr", "link_detach");
 * public static final StructField LINK_FD = S.fd(0, "link_fd");
 * public static final KernelStruct STRUCT = S.done();
 * }</pre>
 */
public final class KernelStruct {
    private final String name;
    private final String kernelType;
    private final String member;
    private final int sizeBytes;
    private final StructField[] fields;
    private final AtomicReference<StructValue> spare = new AtomicReference<>();

    private KernelStruct(Builder builder, int sizeBytes) {
        this.name = builder.name;
        this.kernelType = builder.kernelType;
        this.member = builder.member;
        this.sizeBytes = sizeBytes;
        this.fields = Arrays.copyOf(builder.fields, builder.count);
    }

    /**
     * Begins a declaration.
     * @param name what the struct is called in messages and traces
     * @param kernelType the C type, {@code "union bpf_attr"}
     * @param member the member of that type the fields lie in, {@code ""} if they lie in the type itself (or in an
     *     anonymous member of it)
     */
    public static Builder declare(String name, String kernelType, String member) {
        return new Builder(name, kernelType, member);
    }

    public String name() {
        return name;
    }

    /** The C type this is, or is a member of. */
    public String kernelType() {
        return kernelType;
    }

    /** The member of {@link #kernelType()} whose fields these are; empty for the type itself. */
    public String member() {
        return member;
    }

    /** Bytes up to the end of the last field, as libbpf's {@code offsetofend} gives it. */
    public int sizeBytes() {
        return sizeBytes;
    }

    public List<StructField> fields() {
        return Collections.unmodifiableList(Arrays.asList(fields));
    }

    int fieldCount() {
        return fields.length;
    }

    StructField field(int index) {
        return fields[index];
    }

    /** A zeroed value in memory of its own, to be closed. */
    public StructValue allocate() {
        return new StructValue(this, false);
    }

    /**
     * A zeroed value for a hot path: closing it gives it back for the next one, so that a call in a loop allocates
     * nothing. It takes addresses only, no copies. Any thread may borrow; one value is kept, those beyond are left to
     * the garbage collector.
     */
    public StructValue borrow() {
        StructValue kept = spare.getAndSet(null);
        return (kept == null ? new StructValue(this, true) : kept).lend();
    }

    void giveBack(StructValue value) {
        spare.setRelease(value);
    }

    @Override
    public String toString() {
        return name;
    }

    /** Collects the fields of one struct; used in static initialisers only. */
    public static final class Builder {
        private final String name;
        private final String kernelType;
        private final String member;
        private StructField[] fields = new StructField[8];
        private int count;
        private int end;

        private Builder(String name, String kernelType, String member) {
            this.name = name;
            this.kernelType = kernelType;
            this.member = member;
        }

        private StructField add(String field, int offset, int size, StructField.Role role, StructField.Content content,
                                Shown shown, boolean signed, boolean written, StructField length, int elementBytes) {
            if (count == Long.SIZE) {
                throw new IllegalStateException(name + ": more than 64 fields: " + field);
            }
            if (count == fields.length) {
                fields = Arrays.copyOf(fields, count * 2);
            }
            StructField made = new StructField(field, count, offset, size, role, content, shown, signed, written,
                    length, elementBytes);
            fields[count++] = made;
            end = Math.max(end, offset + size);
            return made;
        }

        private StructField value(int offset, int size, String field, Shown shown, boolean signed, boolean written) {
            return add(field, offset, size, StructField.Role.VALUE, StructField.Content.NONE, shown, signed, written,
                    null, 0);
        }

        public StructField u16(int offset, String field) {
            return value(offset, 2, field, Shown.DECIMAL, false, false);
        }

        public StructField u32(int offset, String field) {
            return value(offset, 4, field, Shown.DECIMAL, false, false);
        }

        public StructField u32(int offset, String field, Shown shown) {
            return value(offset, 4, field, shown, false, false);
        }

        public StructField s32(int offset, String field) {
            return value(offset, 4, field, Shown.DECIMAL, true, false);
        }

        public StructField u64(int offset, String field) {
            return value(offset, 8, field, Shown.DECIMAL, false, false);
        }

        public StructField u64(int offset, String field, Shown shown) {
            return value(offset, 8, field, shown, false, false);
        }

        /** A number the kernel writes (and may read first). */
        public StructField u32Out(int offset, String field) {
            return value(offset, 4, field, Shown.DECIMAL, false, true);
        }

        public StructField u32Out(int offset, String field, Shown shown) {
            return value(offset, 4, field, shown, false, true);
        }

        public StructField s32Out(int offset, String field) {
            return value(offset, 4, field, Shown.DECIMAL, true, true);
        }

        public StructField u64Out(int offset, String field) {
            return value(offset, 8, field, Shown.DECIMAL, false, true);
        }

        public StructField u64Out(int offset, String field, Shown shown) {
            return value(offset, 8, field, shown, false, true);
        }

        public StructField fd(int offset, String field) {
            return add(field, offset, 4, StructField.Role.FD, StructField.Content.NONE, Shown.DECIMAL, true, false,
                    null, 0);
        }

        public StructField chars(int offset, int size, String field) {
            return add(field, offset, size, StructField.Role.CHARS, StructField.Content.TEXT, Shown.DECIMAL, false,
                    false, null, 0);
        }

        /** Text, or raw bytes if {@code content} says so, that the kernel writes. */
        public StructField charsOut(int offset, int size, String field, StructField.Content content) {
            return add(field, offset, size, StructField.Role.CHARS, content, Shown.DECIMAL, false, true, null, 0);
        }

        public StructField in(int offset, String field, StructField.Content content) {
            return in(offset, field, content, null, 0);
        }

        public StructField in(int offset, String field, StructField.Content content, StructField length,
                              int elementBytes) {
            return add(field, offset, 8, StructField.Role.POINTER_IN, content, Shown.DECIMAL, false, false, length,
                    elementBytes);
        }

        public StructField out(int offset, String field, StructField.Content content) {
            return out(offset, field, content, null, 0);
        }

        public StructField out(int offset, String field, StructField.Content content, StructField length,
                               int elementBytes) {
            return add(field, offset, 8, StructField.Role.POINTER_OUT, content, Shown.DECIMAL, false, false, length,
                    elementBytes);
        }

        /** Ends the declaration; the struct ends where its last field does. */
        public KernelStruct done() {
            return new KernelStruct(this, end);
        }

        /** Ends the declaration of a struct with padding behind its last field. */
        public KernelStruct done(int sizeBytes) {
            return new KernelStruct(this, sizeBytes);
        }

        /** The names declared so far, for messages. */
        @Override
        public String toString() {
            return name + new ArrayList<>(Arrays.asList(fields).subList(0, count));
        }
    }
}
