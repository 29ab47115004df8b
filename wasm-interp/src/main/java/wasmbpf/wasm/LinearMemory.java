package wasmbpf.wasm;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import wasmbpf.wasm.compile.Linkage;

/**
 * A linear memory, off-heap, at an address that never moves, so that a system call can read and write it in place.
 * Offsets and lengths are in bytes and unsigned; every access outside {@link #sizeBytes} is a {@link Trap}, never a
 * crash. Runs on one thread at a time. The instance that defines it closes it; without that it goes with the garbage.
 */
public final class LinearMemory implements Extern {
    static final Cleaner CLEANER = Cleaner.create();
    /** The lowest address: a page that no reservation holds, so that a memory without bytes has a base too. */
    private static final int SYSTEM_PAGE = 4096;

    private final MemoryType type;
    private final MemoryReservation reservation;
    private final Cleaner.Cleanable cleanable;
    /** Where byte 0 lies. */
    final long base;
    /**
     * Most bytes it may grow to: declared maximum, address space, reservation and the embedder's limit taken together.
     */
    private final long maxBytes;
    /** Bytes now; both tiers compare with it. 0 once closed. */
    long size;
    /**
     * At an address below it, taken as a positive int, an access whose offset and width come to at most {@link
     * Linkage#MARGIN} is in bounds.
     */
    int safe;
    /** The same for {@link Linkage#NEAR_MARGIN}. */
    int safeNear;
    private boolean closed;
    /** Whether code of another instance may hold its address: then only the collector can tell when nobody does. */
    boolean linked;

    /**
     * A memory of {@code type.min()} pages.
     *
     * @param maxMemoryBytes the embedder's limit
     * @throws Trap OUT_OF_MEMORY if the limit or the system refuses that many bytes
     */
    public LinearMemory(MemoryType type, MemoryReservation.Provider provider, long maxMemoryBytes) {
        this.type = type;
        long min = pagesToBytes(type.min());
        long max = Math.min(type.hasMax() ? pagesToBytes(type.max()) : Long.MAX_VALUE, maxMemoryBytes);
        if (!type.memory64()) {
            max = Math.min(max, 1L << 32);
        }
        if (min > max) {
            throw new Trap(Trap.Kind.OUT_OF_MEMORY, "out of memory: " + Long.toUnsignedString(min)
                    + " bytes wanted, the limit is " + max);
        }
        try {
            // Rounded up, without overflow: max is at most maxMemoryBytes rounded down to pages of the guest.
            long wanted = Math.max(SYSTEM_PAGE, max > Long.MAX_VALUE - SYSTEM_PAGE ? Long.MAX_VALUE & -SYSTEM_PAGE
                    : max + SYSTEM_PAGE - 1 & -SYSTEM_PAGE);
            reservation = provider.reserve(wanted);
            reservation.commit(min);
        } catch (OutOfMemoryError | java.io.UncheckedIOException e) {
            throw new Trap(Trap.Kind.OUT_OF_MEMORY, "out of memory: " + e.getMessage(), e);
        }
        cleanable = CLEANER.register(this, new Closer(reservation));
        base = reservation.address();
        maxBytes = Math.min(max, reservation.reservedBytes());
        setSize(min);
    }

    private record Closer(MemoryReservation reservation) implements Runnable {
        @Override
        public void run() {
            reservation.close();
        }
    }

    private long pagesToBytes(long pages) {
        int shift = type.pageSizeLog2();
        return Long.compareUnsigned(pages, Long.MAX_VALUE >>> shift) > 0 ? Long.MAX_VALUE : pages << shift;
    }

    public MemoryType type() {
        return type;
    }

    @Override
    public ExternType externType() {
        return new MemoryType(sizePages(), type.hasMax(), type.max(), type.memory64(), type.shared(),
                type.pageSizeLog2());
    }

    public long sizeBytes() {
        return size;
    }

    public long sizePages() {
        return size >>> type.pageSizeLog2();
    }

    /** The absolute address of byte 0; the same for the whole life of the memory. */
    public long address() {
        return base;
    }

    /** Adds pages and returns the size in pages before, or -1 if there is no room. */
    public long grow(long pages) {
        long before = sizePages();
        long bytes = pagesToBytes(pages);
        if (bytes > maxBytes - size || closed) {
            return -1;
        }
        try {
            reservation.commit(size + bytes);
        } catch (OutOfMemoryError e) {
            return -1;
        }
        setSize(size + bytes);
        return before;
    }

    /** Whether all of the range lies in the memory; true for an empty range at the very end. */
    public boolean inBounds(long offset, long length) {
        return length >= 0 && length <= size && offset >= 0 && offset <= size - length;
    }

    /** The absolute address of a range. @throws Trap if it is not all in the memory */
    public long address(long offset, long length) {
        if (!inBounds(offset, length)) {
            throw outOfBounds(offset, length);
        }
        return base + offset;
    }

    private Trap outOfBounds(long offset, long length) {
        return outOfBounds(Long.toHexString(offset), length, size);
    }

    /** @param offset in hexadecimal, as it may be past 2^64 */
    private static Trap outOfBounds(String offset, long length, long size) {
        return new Trap(Trap.Kind.MEMORY_OUT_OF_BOUNDS, Trap.Kind.MEMORY_OUT_OF_BOUNDS + ": "
                + Long.toUnsignedString(length) + " bytes at 0x" + offset + " of " + size);
    }

    /** The trap of an access to a memory of so many bytes, the same in both tiers. */
    static Trap outOfBounds(long address, long offset, int bytes, long size) {
        long sum = address + offset;
        boolean wraps = Long.compareUnsigned(sum, address) < 0;
        return outOfBounds(wraps ? String.format("1%016x", sum) : Long.toHexString(sum), bytes, size);
    }

    /**
     * A view of a range, valid while the memory is open; it sees and makes changes.
     *
     * @throws Trap if it is not all in the memory
     */
    public MemorySegment segment(long offset, long length) {
        return MemorySegment.ofAddress(address(offset, length)).reinterpret(length);
    }

    public byte getByte(long offset) {
        return RawMemory.getByte(address(offset, 1));
    }

    public short getShort(long offset) {
        return RawMemory.getShort(address(offset, 2));
    }

    public int getInt(long offset) {
        return RawMemory.getInt(address(offset, 4));
    }

    public long getLong(long offset) {
        return RawMemory.getLong(address(offset, 8));
    }

    public void putByte(long offset, byte value) {
        RawMemory.putByte(address(offset, 1), value);
    }

    public void putShort(long offset, short value) {
        RawMemory.putShort(address(offset, 2), value);
    }

    public void putInt(long offset, int value) {
        RawMemory.putInt(address(offset, 4), value);
    }

    public void putLong(long offset, long value) {
        RawMemory.putLong(address(offset, 8), value);
    }

    /** A copy of a range. @throws Trap if it is not all in the memory */
    public byte[] bytes(long offset, int length) {
        long from = address(offset, length);
        byte[] copy = new byte[length];
        RawMemory.copy(from, copy, 0, length);
        return copy;
    }

    /** Copies a range out. @throws Trap if it is not all in the memory */
    public void read(long offset, byte[] to, int start, int length) {
        Objects.checkFromIndexSize(start, length, to.length);
        RawMemory.copy(address(offset, length), to, start, length);
    }

    /** Copies a range in. @throws Trap if it is not all in the memory; then nothing is written */
    public void write(long offset, byte[] from, int start, int length) {
        Objects.checkFromIndexSize(start, length, from.length);
        RawMemory.copy(from, start, address(offset, length), length);
    }

    public void write(long offset, byte[] from) {
        write(offset, from, 0, from.length);
    }

    /**
     * Copies in from an absolute address, which the caller vouches for; the ranges may overlap.
     *
     * @throws Trap if the range is not all in the memory; then nothing is written
     */
    public void writeFrom(long offset, long from, long length) {
        RawMemory.copy(from, address(offset, length), length);
    }

    /** Fills a range. @throws Trap if it is not all in the memory; then nothing is written */
    public void fill(long offset, long length, byte value) {
        RawMemory.fill(address(offset, length), length, value);
    }

    /**
     * How long the C string at {@code offset} is, without its NUL; -1 if none of the next {@code maxBytes} bytes of the
     * memory is NUL or {@code offset} lies outside.
     */
    public int cStringLength(long offset, int maxBytes) {
        if (offset < 0 || offset >= size) {
            return -1;
        }
        long end = Math.min(size - offset, maxBytes);
        for (int i = 0; i < end; i++) {
            if (RawMemory.getByte(base + offset + i) == 0) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The C string at {@code offset} as UTF-8 (malformed parts become U+FFFD), or null where {@link #cStringLength} is
     * -1.
     */
    public String cString(long offset, int maxBytes) {
        int length = cStringLength(offset, maxBytes);
        return length < 0 ? null : new String(bytes(offset, length), StandardCharsets.UTF_8);
    }

    private void setSize(long bytes) {
        size = bytes;
        safe = below(bytes, Linkage.MARGIN);
        safeNear = below(bytes, Linkage.NEAR_MARGIN);
    }

    private static int below(long bytes, int margin) {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, bytes - margin));
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Gives the addresses back, at once unless another instance has imported the memory. Later accesses trap; views made
     * before must not be used any more.
     */
    public void close() {
        closed = true;
        setSize(0);
        if (!linked) {
            cleanable.clean();
        }
    }
}
