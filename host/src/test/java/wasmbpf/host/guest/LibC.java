package wasmbpf.host.guest;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;

/** Functions of the C library that checks call to make happen what is watched. */
final class LibC {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SYSCALL = function("syscall", FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final Map<String, MethodHandle> ON_TEXT = new HashMap<>();

    private LibC() {
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), type);
    }

    /** A system call by its number on x86-64; -1 is all that is said of an error. */
    static long syscall(long number, long... arguments) {
        long[] all = new long[6];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        try {
            return (long) SYSCALL.invokeExact(number, all[0], all[1], all[2], all[3], all[4], all[5]);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** As {@link #syscall} of a path as first argument. */
    static long syscall(long number, String path, long... more) {
        try (Arena arena = Arena.ofConfined()) {
            long[] all = new long[more.length + 1];
            all[0] = arena.allocateFrom(path).address();
            System.arraycopy(more, 0, all, 1, more.length);
            return syscall(number, all);
        }
    }

    /** {@code long function(const char *text)}, as a64l and atol. */
    static long ofText(String name, String text) {
        MethodHandle function = ON_TEXT.computeIfAbsent(name, unknown -> function(unknown,
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS)));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(text);
            return (long) function.invokeExact(memory);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static long getpgid(long pid) {
        return syscall(121, pid);
    }

    static long rmdir(String path) {
        return syscall(84, path);
    }
}
