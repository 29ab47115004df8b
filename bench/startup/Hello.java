import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;

/** The least a Java program with one system call costs: {@code getpid} through one handle of seven longs and errno. */
public final class Hello {
    private Hello() {
    }

    public static void main(String[] args) throws Throwable {
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        Linker linker = Linker.nativeLinker();
        MethodHandle syscall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                Linker.Option.captureCallState("errno"));
        MemorySegment errno = Arena.ofAuto().allocate(4, 4);
        long pid = (long) syscall.invokeExact(errno, 39L, 0L, 0L, 0L, 0L, 0L, 0L);
        System.out.println(pid > 0 ? "hello" : "no such call");
    }
}
