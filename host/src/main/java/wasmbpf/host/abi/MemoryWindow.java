package wasmbpf.host.abi;

import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.Linux;

/**
 * A map's memory in the place of pages of a guest's: what programs write there the guest reads, and the other way round,
 * without a call. Only ever readable and writable, so that no access of the guest's can fault; closing it leaves pages of
 * the guest's own there, with zeroes.
 */
final class MemoryWindow implements AutoCloseable {
    private final Kernel kernel;
    private final long address;
    private final long size;

    private MemoryWindow(Kernel kernel, long address, long size) {
        this.kernel = kernel;
        this.address = address;
        this.size = size;
    }

    /**
     * Puts a map there.
     *
     * @param address of whole pages of the guest's memory
     * @param result  receives the window
     * @return 0 or {@code -errno}; then the guest's memory is as it was
     */
    static int open(Kernel kernel, int mapFd, long address, long size, MemoryWindow[] result) {
        long mapped = kernel.mmap(address, size, Linux.PROT_READ | Linux.PROT_WRITE,
                Linux.MAP_SHARED | Linux.MAP_FIXED, mapFd, 0);
        if (mapped < 0) {
            return (int) mapped;
        }
        result[0] = new MemoryWindow(kernel, address, size);
        return 0;
    }

    long address() {
        return address;
    }

    @Override
    public void close() {
        long mapped = kernel.mmap(address, size, Linux.PROT_READ | Linux.PROT_WRITE,
                Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_FIXED | Linux.MAP_NORESERVE, -1, 0);
        if (mapped < 0) {
            throw new IllegalStateException("give guest memory back: " + Errno.name((int) -mapped));
        }
    }
}
