package wasmbpf.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The running kernel, and the only native code of the project: {@code long syscall(long number, long x 6)} of the C
 * library, through one handle, or {@link SyscallStub} where there can be one. One shape serves every call because an address is
 * a long too; each further shape would cost 10 to 60 ms of start-up. The handle is made at the first call.
 *
 * <p>EINTR: the JVM uses signals of its own, so every call is begun again, with what is left of its timeout. Two do
 * not: {@code close} (the descriptor is gone, the result is 0) and {@code connect} (it goes on in the background, the
 * caller sees EINTR). A wait is ended on purpose with {@link Wakeup}.
 */
public final class LinuxKernel implements Kernel {
    private static final LinuxKernel INSTANCE = new LinuxKernel();
    private static final boolean X86 = System.getProperty("os.arch", "").equals("amd64");

    private LinuxKernel() {}

    /** @throws UnsupportedOperationException on a machine whose numbers {@link SystemCall} does not have */
    public static LinuxKernel open() {
        String arch = System.getProperty("os.arch", "");
        if (!arch.equals("amd64") && !arch.equals("aarch64") && !arch.equals("riscv64")
                || !System.getProperty("os.name", "").equals("Linux")) {
            throw new UnsupportedOperationException("needs Linux on x86-64, aarch64 or riscv64, this is "
                    + System.getProperty("os.name") + " on " + arch);
        }
        return INSTANCE;
    }

    @Override
    public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
        int number = X86 ? call.x86Number() : call.genericNumber();
        if (number < 0) {
            return -Errno.ENOSYS;
        }
        Capture capture = Capture.OF_THREAD.get();
        long deadline = call == SystemCall.EPOLL_PWAIT && (int) d > 0 ? System.nanoTime() + (int) d * 1_000_000L : 0;
        while (true) {
            long result = invoke(capture, number, a, b, c, d, e, f);
            if (result != -1) {
                return call == SystemCall.BPF && result < 3 && result >= 0 ? aboveStandard((int) a, (int) result)
                        : result;
            }
            int errno = capture.bytes.getInt(0);
            if (errno != Errno.EINTR || call == SystemCall.CONNECT) {
                return -errno;
            }
            if (call == SystemCall.CLOSE) {
                return 0;
            }
            if (deadline != 0) {
                // Rounded up: a wait may be late, not early.
                d = Math.max(0, (deadline - System.nanoTime() + 999_999) / 1_000_000);
            }
        }
    }

    /**
     * Moves a descriptor off 0, 1 and 2, which are free only if whoever started this process closed them: the kernel
     * takes descriptor 0 in an attr for "none" (libbpf: ensure_good_fd).
     */
    private int aboveStandard(int command, int result) {
        BpfCommand known = BpfCommand.of(command);
        if (known == null || !known.returnsFd()) {
            return result;
        }
        int moved = fcntl(result, Linux.F_DUPFD_CLOEXEC, 3);
        close(result);
        return moved;
    }

    private static long invoke(Capture capture, long number, long a, long b, long c, long d, long e, long f) {
        try {
            return SyscallStub.isThere() ? SyscallStub.call(capture.address, number, a, b, c, d, e, f)
                    : (long) Native.SYSCALL.invokeExact(capture.segment, number, a, b, c, d, e, f);
        } catch (ExceptionInInitializerError | NoClassDefFoundError refused) {
            throw new UnsupportedOperationException("system calls cannot be made: " + refused.getCause()
                    + "; run java with --enable-native-access=ALL-UNNAMED", refused);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Where the linker stores errno right after the call, before the JVM can overwrite it: one for each thread. */
    private static final class Capture {
        static final ThreadLocal<Capture> OF_THREAD = new ThreadLocal<>() {
            @Override
            protected Capture initialValue() {
                return new Capture();
            }
        };

        // On Linux the captured state is one int, errno; asking Linker.Option.captureStateLayout() for that costs 10 ms
        // of start-up, so a test asks it instead.
        final MemorySegment segment = Arena.ofAuto().allocate(4, 4);
        final long address = segment.address();
        final ByteBuffer bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    private static final class Native {
        static final MethodHandle SYSCALL = link();

        private static MethodHandle link() {
            Linker linker = Linker.nativeLinker();
            ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
            return linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                    Linker.Option.captureCallState("errno"));
        }
    }
}
