package wasmbpf.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Memory mapped by {@link Kernel#mmap}, unmapped once on close. Accessors take byte offsets from its start and check
 * them.
 *
 * <p>After {@link #close()} the accessors throw IllegalStateException; closing while another thread is in one of them
 * is the owner's error to avoid.
 */
public final class MappedRegion implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final Kernel kernel;
    private final String what;
    private final long address;
    private final long sizeBytes;
    private MemorySegment segment;

    private MappedRegion(Kernel kernel, String what, long address, long sizeBytes) {
        this.kernel = kernel;
        this.what = what;
        this.address = address;
        this.sizeBytes = sizeBytes;
        this.segment = MemorySegment.ofAddress(address).reinterpret(sizeBytes);
    }

    /**
     * Maps.
     * @param what what it is, for messages: {@code ring buffer "rb" data}
     * @param fd -1 with MAP_ANONYMOUS
     * @throws SysException if the kernel refuses
     */
    public static MappedRegion map(Kernel kernel, String what, long sizeBytes, int protection, int flags, int fd,
                                   long offset) {
        return mapAt(kernel, what, 0, sizeBytes, protection, flags, fd, offset);
    }

    /**
     * Maps at an address, where nothing may be mapped yet.
     * @param address 0: wherever there is room
     * @throws SysException if the kernel refuses; EEXIST if something is mapped there
     */
    public static MappedRegion mapAt(Kernel kernel, String what, long address, long sizeBytes, int protection,
                                     int flags, int fd, long offset) {
        int placed = address == 0 ? flags : flags | Linux.MAP_FIXED_NOREPLACE;
        long result = SysException.check("mmap " + what,
                kernel.mmap(address, sizeBytes, protection, placed, fd, offset));
        return new MappedRegion(kernel, what, result, sizeBytes);
    }

    public long address() {
        return address;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** The memory itself. It does not know when it is unmapped: keep it no longer than this region is open. */
    public MemorySegment segment() {
        return open();
    }

    private MemorySegment open() {
        MemorySegment memory = segment;
        if (memory == null) {
            throw new IllegalStateException(what + " is unmapped");
        }
        return memory;
    }

    /** A load that later loads and stores of this thread stay behind: smp_load_acquire. */
    public long getLongAcquire(long offset) {
        return (long) LONG.getAcquire(open(), offset);
    }

    /** A store that earlier loads and stores of this thread stay before: smp_store_release. */
    public void setLongRelease(long offset, long value) {
        LONG.setRelease(open(), offset, value);
    }

    public int getIntAcquire(long offset) {
        return (int) INT.getAcquire(open(), offset);
    }

    public void setIntRelease(long offset, int value) {
        INT.setRelease(open(), offset, value);
    }

    /** Exchanges with full ordering, as the kernel's xchg: the user ring buffer commits a record with it. */
    public int getAndSetInt(long offset, int value) {
        return (int) INT.getAndSet(open(), offset, value);
    }

    public long getLong(long offset) {
        return (long) LONG.get(open(), offset);
    }

    public int getInt(long offset) {
        return (int) INT.get(open(), offset);
    }

    @Override
    public void close() {
        open();
        segment = null;
        kernel.munmap(address, sizeBytes);
    }

    @Override
    public String toString() {
        return what;
    }
}
