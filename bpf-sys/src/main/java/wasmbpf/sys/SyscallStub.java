package wasmbpf.sys;

import static jdk.internal.foreign.abi.x64.X86_64Architecture.Regs.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteOrder;
import java.util.Optional;
import jdk.internal.access.SharedSecrets;
import jdk.internal.foreign.CABI;
import jdk.internal.foreign.SystemLookup;
import jdk.internal.foreign.abi.ABIDescriptor;
import jdk.internal.foreign.abi.NativeEntryPoint;
import jdk.internal.foreign.abi.VMStorage;
import jdk.internal.foreign.abi.x64.X86_64Architecture;

/**
 * {@code syscall} of the C library by the stub that JDK 25's own linker makes, without the method handles it puts around a
 * stub to convert arguments: ours are longs in registers already, and making those costs half of what a hello world does.
 * Only where the JDK's packages are exported to this class; elsewhere {@link LinuxKernel} asks the linker.
 *
 * <p>Source: the System V ABI for x86-64, section 3.2.3; {@code jdk.internal.foreign.abi.DowncallLinker} and
 * {@code x64.sysv.CallArranger} of JDK 25.
 */
final class SyscallStub {
    /** Where {@code syscall} is. */
    private static final long ADDRESS;
    /** (address, where errno goes, number, six arguments) to result; null if calls cannot be made in this way. */
    private static final MethodHandle HANDLE;
    /** {@code jdk.internal.foreign.abi.CapturableState}: errno. */
    private static final int CAPTURE_ERRNO = 1 << 2;
    private static final short STACK_SLOT = 8;

    static {
        MethodHandle handle = null;
        long address = 0;
        // The packages are not part of Java: what another JDK has in them is not known. And who denies native access is to get the
        // linker's answer.
        if (Runtime.version().feature() == 25 && System.getProperty("os.arch", "").equals("amd64")
                && SyscallStub.class.getModule().isNativeAccessEnabled() && !Boolean.getBoolean("wasmbpf.publicLinker")) {
            try {
                Optional<MemorySegment> syscall = SystemLookup.getInstance().find("syscall");
                // A JVM without stubs has its linker call through libffi.
                if (syscall.isPresent() && CABI.current() == CABI.SYS_V) {
                    address = syscall.get().address();
                    handle = link();
                    handle = refusesAsTheKernelDoes(handle, address) ? handle : null;
                }
            } catch (LinkageError | RuntimeException | AssertionError | OutOfMemoryError notExportedOrNoRoom) {
                handle = null;
            }
        }
        HANDLE = handle;
        ADDRESS = address;
    }

    private SyscallStub() {}

    static boolean isThere() {
        return HANDLE != null;
    }

    /** @param errno the address of an int that the call's errno is written to */
    static long call(long errno, long number, long a, long b, long c, long d, long e, long f) throws Throwable {
        return (long) HANDLE.invokeExact(ADDRESS, errno, number, a, b, c, d, e, f);
    }

    /** A call that fails: the number goes in, the result comes out, and errno lies where it is looked for. */
    private static boolean refusesAsTheKernelDoes(MethodHandle handle, long address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Integer.BYTES, Integer.BYTES);
            long result = (long) handle.invokeExact(address, errno.address(), (long) SystemCall.CLOSE.x86Number(), -1L, 0L, 0L, 0L,
                    0L, 0L);
            return result == -1 && errno.asByteBuffer().order(ByteOrder.nativeOrder()).getInt(0) == Errno.EBADF;
        } catch (Throwable impossible) {
            return false;
        }
    }

    private static MethodHandle link() {
        ABIDescriptor abi = X86_64Architecture.abiFor(
                new VMStorage[] {rdi, rsi, rdx, rcx, r8, r9, rax},
                new VMStorage[] {xmm0, xmm1, xmm2, xmm3, xmm4, xmm5, xmm6, xmm7},
                new VMStorage[] {rax, rdx}, new VMStorage[] {xmm0, xmm1}, 2, new VMStorage[] {r10, r11},
                new VMStorage[] {xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15, xmm16, xmm17, xmm18, xmm19, xmm20, xmm21,
                        xmm22, xmm23, xmm24, xmm25, xmm26, xmm27, xmm28, xmm29, xmm30, xmm31},
                16, 0, r10, r11);
        VMStorage[] arguments = {abi.targetAddrStorage(), abi.capturedStateStorage(), rdi, rsi, rdx, rcx, r8, r9,
                X86_64Architecture.stackStorage(STACK_SLOT, 0)};
        MethodType type = MethodType.methodType(long.class, long.class, long.class, long.class, long.class, long.class,
                long.class, long.class, long.class, long.class);
        return SharedSecrets.getJavaLangInvokeAccess().nativeMethodHandle(
                NativeEntryPoint.make(abi, arguments, new VMStorage[] {rax}, type, false, CAPTURE_ERRNO, true, false));
    }
}
