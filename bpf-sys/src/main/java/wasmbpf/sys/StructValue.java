package wasmbpf.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A value of a {@link KernelStruct} in memory the kernel can read: fields are set and read by their constants.
 *
 * <p>Pointers are set with the length of what they point at, so that a recorder can read it; a pointer field that
 * declares a counting field sets that too. Memory handed in as an address or a segment stays the caller's; texts,
 * arrays and bytes handed in are copied and live until {@link #close()}.
 *
 * <p>Setting numbers and addresses allocates nothing, so a value kept and set anew, or {@link KernelStruct#borrow()
 * borrowed}, is good for hot paths. Used by one thread at a time; one that was allocated, by the thread that made it.
 * The memory is read through a {@link ByteBuffer}: its accessors are warm from the first call on, while the first
 * segment access costs milliseconds of start-up.
 */
public final class StructValue implements AutoCloseable {
    private final KernelStruct struct;
    private final boolean borrowed;
    private final Arena arena;
    private final MemorySegment segment;
    private final ByteBuffer bytes;
    private final long address;
    private boolean lent;
    private long set;
    private long[] pointedBytes;
    private Object[] pointed;

    /** @param borrowed to be given back on close, not freed */
    StructValue(KernelStruct struct, boolean borrowed) {
        this.struct = struct;
        this.borrowed = borrowed;
        this.arena = borrowed ? Arena.ofAuto() : Arena.ofConfined();
        // A multiple of 8, and never less than 8, so that every field is aligned and the kernel's copies are too.
        this.segment = arena.allocate((struct.sizeBytes() + 7) & -8, 8);
        this.bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
        this.address = segment.address();
    }

    public KernelStruct struct() {
        return struct;
    }

    public long address() {
        return address;
    }

    public int sizeBytes() {
        return struct.sizeBytes();
    }

    /** The struct's own bytes. */
    public MemorySegment segment() {
        return segment.asSlice(0, struct.sizeBytes());
    }

    /** Sets a VALUE or FD field to the low bits of {@code value}. */
    public StructValue set(StructField field, long value) {
        switch (field.sizeBytes()) {
            case 8 -> bytes.putLong(field.offset(), value);
            case 4 -> bytes.putInt(field.offset(), (int) value);
            case 2 -> bytes.putShort(field.offset(), (short) value);
            case 1 -> bytes.put(field.offset(), (byte) value);
            default -> throw new IllegalArgumentException(struct + "." + field + " is not a number");
        }
        set |= 1L << field.index();
        return this;
    }

    /** Sets a CHARS field to text, cut so that a final NUL fits, the rest zeroed. */
    public StructValue set(StructField field, String text) {
        if (field.role() != StructField.Role.CHARS) {
            throw new IllegalArgumentException(struct + "." + field + " is not a character array");
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < field.sizeBytes(); i++) {
            bytes.put(field.offset() + i, i < utf8.length && i < field.sizeBytes() - 1 ? utf8[i] : 0);
        }
        set |= 1L << field.index();
        return this;
    }

    /**
     * Points a field at {@code lengthBytes} bytes of the caller's memory, which must live until the call is done.
     * Also sets the counting field if the struct declares one.
     */
    public StructValue point(StructField field, long address, long lengthBytes) {
        return point(field, address, lengthBytes, null);
    }

    /** Points a field at the caller's memory. */
    public StructValue point(StructField field, MemorySegment memory) {
        return point(field, memory.address(), memory.byteSize(), memory);
    }

    /** Points a field at another struct, which must stay open until the call is done. */
    public StructValue point(StructField field, StructValue other) {
        return point(field, other.address, other.sizeBytes(), other);
    }

    /** Points a field at a NUL-terminated copy of {@code text}. */
    public StructValue point(StructField field, String text) {
        return pointCopy(field, text.getBytes(StandardCharsets.UTF_8), 1);
    }

    /** Points a field at a copy of {@code content}. */
    public StructValue point(StructField field, byte[] content) {
        return pointCopy(field, content, 0);
    }

    /** Points a field at a copy of an array of 64-bit numbers (offsets, cookies, addresses). */
    public StructValue point(StructField field, long[] numbers) {
        MemorySegment copy = room(8L * numbers.length);
        ByteBuffer view = copy.asByteBuffer().order(ByteOrder.nativeOrder());
        for (int i = 0; i < numbers.length; i++) {
            view.putLong(8 * i, numbers[i]);
        }
        return point(field, copy.address(), 8L * numbers.length, null);
    }

    /** Points a field at a copy of an array of 32-bit numbers (ids, descriptors). */
    public StructValue point(StructField field, int[] numbers) {
        MemorySegment copy = room(4L * numbers.length);
        ByteBuffer view = copy.asByteBuffer().order(ByteOrder.nativeOrder());
        for (int i = 0; i < numbers.length; i++) {
            view.putInt(4 * i, numbers[i]);
        }
        return point(field, copy.address(), 4L * numbers.length, null);
    }

    /** Points a field at an array of addresses of NUL-terminated copies of {@code texts}. */
    public StructValue point(StructField field, String[] texts) {
        long[] addresses = new long[texts.length];
        for (int i = 0; i < texts.length; i++) {
            addresses[i] = copy(texts[i].getBytes(StandardCharsets.UTF_8), 1).address();
        }
        return point(field, addresses);
    }

    private StructValue pointCopy(StructField field, byte[] content, int zeros) {
        return point(field, copy(content, zeros).address(), content.length + zeros, null);
    }

    private MemorySegment copy(byte[] content, int zeros) {
        MemorySegment copy = room((long) content.length + zeros);
        copy.asByteBuffer().put(content);
        return copy;
    }

    private MemorySegment room(long sizeBytes) {
        if (borrowed) {
            throw new IllegalStateException("a borrowed " + struct + " takes addresses, not copies");
        }
        return arena.allocate(Math.max(8, sizeBytes), 8);
    }

    private StructValue point(StructField field, long address, long lengthBytes, Object owner) {
        if (!field.isPointer()) {
            throw new IllegalArgumentException(struct + "." + field + " is not a pointer");
        }
        bytes.putLong(field.offset(), address);
        set |= 1L << field.index();
        if (pointedBytes == null) {
            pointedBytes = new long[struct.fieldCount()];
        }
        pointedBytes[field.index()] = lengthBytes;
        if (owner != null || pointed != null) {
            if (pointed == null) {
                pointed = new Object[struct.fieldCount()];
            }
            pointed[field.index()] = owner;
        }
        StructField length = field.lengthField();
        if (length != null) {
            set(length, lengthBytes / field.elementBytes());
        }
        return this;
    }

    /** A number, sign-extended if the field is signed, else zero-extended. */
    public long get(StructField field) {
        return switch (field.sizeBytes()) {
            case 8 -> bytes.getLong(field.offset());
            case 4 -> field.signed() ? bytes.getInt(field.offset()) : bytes.getInt(field.offset()) & 0xffff_ffffL;
            case 2 -> bytes.getShort(field.offset()) & 0xffffL;
            case 1 -> bytes.get(field.offset()) & 0xffL;
            default -> throw new IllegalArgumentException(struct + "." + field + " is not a number");
        };
    }

    /** The low 32 bits of a number. */
    public int getInt(StructField field) {
        return (int) get(field);
    }

    /** The text of a CHARS field up to its first NUL. */
    public String getString(StructField field) {
        byte[] raw = getBytes(field);
        int end = 0;
        while (end < raw.length && raw[end] != 0) {
            end++;
        }
        return new String(raw, 0, end, StandardCharsets.UTF_8);
    }

    /** The raw bytes of any field. */
    public byte[] getBytes(StructField field) {
        byte[] raw = new byte[field.sizeBytes()];
        bytes.get(field.offset(), raw);
        return raw;
    }

    /** Whether the field was set since the value was made or cleared. */
    public boolean isSet(StructField field) {
        return (set >>> field.index() & 1) != 0;
    }

    /** Length in bytes of what a pointer field points at, as it was set; 0 if it was not. */
    public long pointedBytes(StructField field) {
        return pointedBytes == null || !isSet(field) ? 0 : pointedBytes[field.index()];
    }

    /** The struct a pointer field points at, or null if it points at something else. */
    public StructValue pointedStruct(StructField field) {
        return pointed != null && isSet(field) && pointed[field.index()] instanceof StructValue value ? value : null;
    }

    /** Zeroes all fields; memory copied in stays until {@link #close()}. */
    public StructValue clear() {
        for (int offset = 0; offset < bytes.capacity(); offset += 8) {
            bytes.putLong(offset, 0);
        }
        set = 0;
        if (pointed != null) {
            Arrays.fill(pointed, null);
        }
        return this;
    }

    /** For the next borrower. */
    StructValue lend() {
        lent = true;
        return clear();
    }

    /** Returns the memory. Closing twice is an error, as it is for every arena. */
    @Override
    public void close() {
        if (borrowed) {
            if (!lent) {
                throw new IllegalStateException("a borrowed " + struct + " is given back twice");
            }
            lent = false;
            struct.giveBack(this);
        } else {
            arena.close();
        }
    }

    @Override
    public String toString() {
        return struct.name();
    }
}
