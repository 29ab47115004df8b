package wasmbpf.host.abi;

import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;
import wasmbpf.wasm.MemoryReservation;

/**
 * Address space for a guest's memory: reserved without access, made usable from the front. Costs no memory until touched
 * and never moves. Behind what was asked for lie 4 GiB more without access where the system allows it, so that no 32-bit
 * address plus 32-bit offset reaches anything of ours even if a bounds check were wrong.
 */
public final class MappedReservation implements MemoryReservation {
    private static final long GUARD = 1L << 32;
    /** A page of WebAssembly: less than that holds no guest. */
    private static final long LEAST = 1 << 16;
    private static final int FLAGS = Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_NORESERVE;

    private final Kernel kernel;
    private final long address;
    private final long mapped;
    private final long reserved;
    private long committed;

    private MappedReservation(Kernel kernel, long address, long mapped, long reserved) {
        this.kernel = kernel;
        this.address = address;
        this.mapped = mapped;
        this.reserved = reserved;
    }

    /** Gives reservations of the running kernel's address space. */
    public static final class Provider implements MemoryReservation.Provider {
        private final Kernel kernel;

        public Provider(Kernel kernel) {
            this.kernel = kernel;
        }

        /** Takes less than wanted where a limit on address space (ulimit -v) leaves no more. */
        @Override
        public MemoryReservation reserve(long bytes) {
            long mapped = bytes > Long.MAX_VALUE - GUARD ? bytes : bytes + GUARD;
            long result = map(mapped);
            if (result < 0) {
                mapped = bytes;
                result = map(mapped);
            }
            while (result < 0 && mapped / 2 >= LEAST) {
                mapped = mapped / 2 & -LEAST;
                result = map(mapped);
            }
            if (result < 0) {
                throw new OutOfMemoryError("reserve " + bytes + " bytes of address space: " + Errno.name((int) -result));
            }
            return new MappedReservation(kernel, result, mapped, Math.min(bytes, mapped));
        }

        private long map(long bytes) {
            return kernel.mmap(0, bytes, Linux.PROT_NONE, FLAGS, -1, 0);
        }
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public long reservedBytes() {
        return reserved;
    }

    @Override
    public void commit(long bytes) {
        if (bytes <= committed) {
            return;
        }
        long end = bytes + 4095 & -4096;
        int result = bytes > reserved ? -Errno.ENOMEM
                : kernel.mprotect(address, end, Linux.PROT_READ | Linux.PROT_WRITE);
        if (result < 0) {
            throw new OutOfMemoryError("grow guest memory to " + bytes + " bytes: " + Errno.name(-result));
        }
        if (committed > 0 && end - committed <= SMALL_GROWTH) {
            // What fails, as before Linux 5.14, is left to page faults.
            kernel.madvise(address + committed, end - committed, Linux.MADV_POPULATE_WRITE);
        }
        committed = end;
    }

    @Override
    public void close() {
        kernel.munmap(address, mapped);
    }
}
