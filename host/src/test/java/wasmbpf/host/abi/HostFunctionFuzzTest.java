package wasmbpf.host.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wasmbpf.sys.Errno;
import wasmbpf.sys.Kernel;
import wasmbpf.sys.LinuxKernel;
import wasmbpf.sys.StructValue;
import wasmbpf.sys.SystemCall;
import wasmbpf.wasm.HostCode;
import wasmbpf.wasm.HostFunction;
import wasmbpf.wasm.ValType;

/** Host functions of version 2 with arguments no one means: an error number comes back, whatever they are. */
class HostFunctionFuzzTest {
    private static final int EFAULT = -14;
    private static final int EINVAL = -22;
    private static final int EBADF = -9;

    /** Does what touches nobody, and refuses all else. */
    private static final class Harmless implements Kernel {
        @Override
        public long call(SystemCall call, StructValue attr, long a, long b, long c, long d, long e, long f) {
            return switch (call) {
                case EPOLL_CREATE1, EPOLL_CTL, EPOLL_PWAIT, EVENTFD2, READ, WRITE, CLOSE, GETPID, GETTID, GETEUID ->
                        LinuxKernel.open().call(call, attr, a, b, c, d, e, f);
                default -> -Errno.EPERM;
            };
        }
    }

    private final AbiFixture f = new AbiFixture(new Harmless());
    private long object;

    @BeforeEach
    void open() {
        byte[] elf = AbiFixture.resource("abi.bpf.o");
        f.guest.memory(0).write(0x20000, elf);
        object = call(WasmBpfFunction.OPEN, 0x20000, elf.length, 0);
        assertTrue(object > 0);
        // Whatever waits comes back at once.
        f.bpf.interrupt();
    }

    @AfterEach
    void close() {
        f.close();
    }

    private long call(WasmBpfFunction function, long... args) {
        HostFunction found = f.bpf.resolve(WasmBpfFunction.MODULE, function.wasmName(), function.type());
        HostCode code = found.code();
        long result = code.call(f.guest, args);
        return function.type().results().getFirst() == ValType.I32 ? (int) result : result;
    }

    @ParameterizedTest
    @EnumSource(WasmBpfFunction.class)
    void noArgumentsBreakAFunction(WasmBpfFunction function) {
        if (!function.isNew()) {
            return;
        }
        long[] interesting = {0, 1, 2, 3, 4, 5, 8, 14, 15, 16, 20, 21, -1, 100, 0x8000, 0x10000, 0x20000,
            AbiFixture.MEMORY_SIZE - 1, AbiFixture.MEMORY_SIZE, Integer.MAX_VALUE, Integer.MIN_VALUE, 4096, 64, 36, 104};
        Random random = new Random(function.ordinal());
        int count = function.type().params().size();
        for (int i = 0; i < (function == WasmBpfFunction.BUFFERS_POLL ? 50 : 500); i++) {
            // Memory that looks like a struct now and then, and like texts at other times.
            for (int at = 0x8000; at < 0x8100; at += 4) {
                f.put(at, random.nextInt(3) == 0 ? random.nextInt() : (int) interesting[random.nextInt(interesting.length)]);
            }
            f.put(0x8000, random.nextBoolean() ? 200 : random.nextInt(220));
            long[] args = new long[count];
            for (int k = 0; k < count; k++) {
                args[k] = random.nextInt(8) == 0 ? random.nextLong() : interesting[random.nextInt(interesting.length)];
                if (function.type().params().get(k) == ValType.I32) {
                    args[k] = (int) args[k];
                } else if (random.nextBoolean()) {
                    args[k] = object;
                }
            }
            try {
                call(function, args);
            } catch (RuntimeException | Error e) {
                fail(function + Arrays.toString(args) + ": " + e, e);
            }
        }
        f.said();
    }

    @Test
    void badPointersAreEfault() {
        long end = AbiFixture.MEMORY_SIZE;
        for (long pointer : new long[] {end, -1, Integer.MIN_VALUE}) {
            assertEquals(EFAULT, call(WasmBpfFunction.OPEN, pointer, 10, 0));
            assertEquals(EFAULT, call(WasmBpfFunction.OPEN, 0x20000, 10, pointer));
            assertEquals(EFAULT, call(WasmBpfFunction.FIND, object, 1, pointer));
            assertEquals(EFAULT, call(WasmBpfFunction.GET_TEXT, object, 1, 0, 1, pointer, 8));
            assertEquals(EFAULT, call(WasmBpfFunction.SET_TEXT, object, 1, 0, 3, pointer));
            assertEquals(EFAULT, call(WasmBpfFunction.BUFFERS_ADD, call(WasmBpfFunction.BUFFERS_NEW), pointer));
            assertEquals(EFAULT, call(WasmBpfFunction.BPF, 0, pointer, 72));
            assertEquals(EFAULT, call(WasmBpfFunction.NETLINK, 0, pointer));
            assertEquals(EFAULT, call(WasmBpfFunction.PERF_EVENT_OPEN, pointer, -1, 0, -1, 0));
            assertEquals(EFAULT, call(WasmBpfFunction.IF_NAMETOINDEX, pointer));
            assertEquals(EFAULT, call(WasmBpfFunction.IF_INDEXTONAME, 1, pointer));
            assertEquals(EFAULT, call(WasmBpfFunction.MESSAGE, 2, pointer, 8));
        }
    }

    @Test
    void handlesAndNumbersThatAreNoneAreSaidToBe() {
        for (long handle : new long[] {0, -1, 99, Long.MIN_VALUE}) {
            assertEquals(EINVAL, call(WasmBpfFunction.LOAD_OPENED, handle));
            assertEquals(EINVAL, call(WasmBpfFunction.GET, handle, 1, 0, 1));
            assertEquals(EINVAL, call(WasmBpfFunction.ATTACH_AS, handle, 0, 0, 0));
            assertEquals(EBADF, call(WasmBpfFunction.LINK, (int) handle, 0, 0));
            assertEquals(EINVAL, call(WasmBpfFunction.BUFFERS_POLL, (int) handle, 0));
            assertEquals(EINVAL, call(WasmBpfFunction.BUFFERS_FREE, (int) handle));
            assertEquals(EINVAL, call(WasmBpfFunction.USER_RING_FREE, (int) handle));
            assertEquals(EBADF, call(WasmBpfFunction.USER_RING_NEW, (int) handle));
        }
        assertEquals(EINVAL, call(WasmBpfFunction.GET, object, 1, 999, 1));
        assertEquals(EINVAL, call(WasmBpfFunction.GET, object, 2, -1, 1));
        assertEquals(EINVAL, call(WasmBpfFunction.GET, object, 1, 0, 999));
        assertEquals(EINVAL, call(WasmBpfFunction.SET, object, 3, 0, 1, 1));
        assertEquals(EINVAL, call(WasmBpfFunction.QUERY, 999));
        assertEquals(EBADF, call(WasmBpfFunction.IOCTL, 77, 0x2400, 0));
        assertEquals(-Errno.ENOTTY, call(WasmBpfFunction.IOCTL, 1, 0x5401, 0));
        assertEquals(EBADF, call(WasmBpfFunction.SETSOCKOPT, 77, 1, 50, 0x8000, 4));
    }

    /** What was asked of an object that is not loaded, or was refused, is an error and no crash. */
    @Test
    void anObjectThatIsNotLoadedAttachesNothing() {
        assertEquals(EINVAL, call(WasmBpfFunction.ATTACH_AS, object, 0, 0, 0));
        assertEquals(-Errno.ENOENT, call(WasmBpfFunction.GET, object, 1, 0, 13));
        assertEquals(-Errno.ENOENT, call(WasmBpfFunction.MAP_VALUE, object, 0, 2, 0x10000, 4096));
        assertTrue(call(WasmBpfFunction.LOAD_OPENED, object) < 0, "the kernel refuses everything");
        assertEquals(EINVAL, call(WasmBpfFunction.LOAD_OPENED, object), "and there is no second try");
        assertEquals(-Errno.EBUSY, call(WasmBpfFunction.SET, object, 1, 0, 4, 8));
    }
}
