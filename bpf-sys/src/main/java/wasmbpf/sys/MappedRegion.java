package wasmbpf.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import jdk.internal.misc.Unsafe;

/**
 * Memory mapped by {@link Kernel#mmap}, unmapped once on close. Accessors take byte offsets from its start and check
 * them.
 *
 * <p>After {@link #close()} the accessors throw IllegalStateException; closing while another thread is in one of them
 * is the owner's error to avoid.
 */
public final class MappedRegion implements AutoCloseable {
    /** Whether {@code jdk.internal.misc} is exported to us; if not, VarHandles do the same after 10 ms of start-up. */
    private static final boolean UNSAFE =
            Object.class.getModule().isExported("jdk.internal.misc", MappedRegion.class.getModule());

    /** Loaded only where the package is exported. */
    private static final class U {
        static final Unsafe UNSAFE = Unsafe.getUnsafe();
    }

    /** Loaded only where it is not. */
    private static final class Handles {
        static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
        static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    }

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

    /** The address of {@code size} bytes in here. */
    private long at(long offset, int size) {
        open();
        if (offset < 0 || offset > sizeBytes - size) {
            throw new IndexOutOfBoundsException(what + " has " + sizeBytes + " bytes, no " + size + " at " + offset);
        }
        if ((offset & size - 1) != 0) {
            throw new IllegalArgumentException(what + ": " + size + " bytes at " + offset + " are not aligned");
        }
        return address + offset;
    }

    /** A load that later loads and stores of this thread stay behind: smp_load_acquire. */
    public long getLongAcquire(long offset) {
        long at = at(offset, Long.BYTES);
        return UNSAFE ? U.UNSAFE.getLongAcquire(null, at) : (long) Handles.LONG.getAcquire(segment, offset);
    }

    /** A store that earlier loads and stores of this thread stay before: smp_store_release. */
    public void setLongRelease(long offset, long value) {
        long at = at(offset, Long.BYTES);
        if (UNSAFE) {
            U.UNSAFE.putLongRelease(null, at, value);
        } else {
            Handles.LONG.setRelease(segment, offset, value);
        }
    }

    public int getIntAcquire(long offset) {
        long at = at(offset, Integer.BYTES);
        return UNSAFE ? U.UNSAFE.getIntAcquire(null, at) : (int) Handles.INT.getAcquire(segment, offset);
    }

    public void setIntRelease(long offset, int value) {
        long at = at(offset, Integer.BYTES);
        if (UNSAFE) {
            U.UNSAFE.putIntRelease(null, at, value);
        } else {
            Handles.INT.setRelease(segment, offset, value);
        }
    }

    /** Exchanges with full ordering, as the kernel's xchg: the user ring buffer commits a record with it. */
    public int getAndSetInt(long offset, int value) {
        long at = at(offset, Integer.BYTES);
        return UNSAFE ? U.UNSAFE.getAndSetInt(null, at, value) : (int) Handles.INT.getAndSet(segment, offset, value);
    }

    public long getLong(long offset) {
        long at = at(offset, Long.BYTES);
        return UNSAFE ? U.UNSAFE.getLong(at) : (long) Handles.LONG.get(segment, offset);
    }

    public int getInt(long offset) {
        long at = at(offset, Integer.BYTES);
        return UNSAFE ? U.UNSAFE.getInt(at) : (int) Handles.INT.get(segment, offset);
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
