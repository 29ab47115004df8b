package wasmbpf.host.wasi;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.SystemCall;

/** A pipe of the kernel for tests. */
final class Pipe implements AutoCloseable {
    private final Kernel kernel = LinuxKernel.open();
    private int readEnd;
    private final int writeEnd;

    private Pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(8, 4);
            long result = kernel.call(SystemCall.PIPE2, null, fds.address(), FileCalls.O_CLOEXEC, 0, 0, 0, 0);
            if (result < 0) {
                throw new AssertionError("pipe: " + result);
            }
            readEnd = fds.get(ValueLayout.JAVA_INT, 0);
            writeEnd = fds.get(ValueLayout.JAVA_INT, 4);
        }
    }

    static Pipe open() {
        return new Pipe();
    }

    int readEnd() {
        return readEnd;
    }

    int writeEnd() {
        return writeEnd;
    }

    /** The read end, which the caller closes. */
    int takeReadEnd() {
        int fd = readEnd;
        readEnd = -1;
        return fd;
    }

    /** Gives the guest one end as if it were a standard stream; returns the guest's number. */
    int asStream(WasiFixture f, int end) {
        return f.wasi.descriptors().addAboveStreams(StandardStream.of(f.files, new Scratch(), end, false));
    }

    byte[] readAll(int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(4096);
            while (out.size() < length) {
                long n = kernel.read(readEnd, buffer);
                if (n <= 0) {
                    throw new AssertionError("read: " + n);
                }
                out.writeBytes(buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
            }
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        if (readEnd >= 0) {
            kernel.close(readEnd);
        }
        kernel.close(writeEnd);
    }
}
