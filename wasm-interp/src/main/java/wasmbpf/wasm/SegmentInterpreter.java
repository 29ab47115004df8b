package wasmbpf.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The dispatch loop where {@code jdk.internal.misc} is not exported to us: {@link Interpreter}'s own bytecode, in
 * which each call of Unsafe goes to a static method of this class instead. So there is one loop to read and to test,
 * and the usual case pays nothing for the other.
 */
final class SegmentInterpreter {
    private static final MethodHandle RUN = define();

    private SegmentInterpreter() {
    }

    static long run(long[] code, long[] globals, long pc, long base, long limit, long state) {
        try {
            return (long) RUN.invokeExact(code, globals, pc, base, limit, state);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle define() {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try (InputStream in = Interpreter.class.getResourceAsStream("Interpreter.class")) {
            ClassFile context = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                    ClassHierarchyResolver.ofClassLoading(lookup)));
            byte[] bytes = context.transformClass(context.parse(in.readAllBytes()),
                    ClassTransform.transformingMethodBodies(withoutUnsafe()));
            MethodHandles.Lookup hidden = lookup.defineHiddenClass(bytes, true);
            return hidden.findStatic(hidden.lookupClass(), "run", MethodType.methodType(long.class,
                    long[].class, long[].class, long.class, long.class, long.class, long.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CodeTransform withoutUnsafe() {
        ClassDesc self = SegmentInterpreter.class.describeConstable().orElseThrow();
        return (code, element) -> {
            if (element instanceof InvokeInstruction call) {
                if (call.owner().asInternalName().equals("jdk/internal/misc/Unsafe")) {
                    // The receiver becomes the first argument.
                    MethodTypeDesc type = call.typeSymbol().insertParameterTypes(0, ConstantDescs.CD_Object);
                    code.invokestatic(self, call.name().stringValue(), type);
                    return;
                }
                if (call.name().equalsString("unsafe")) {
                    code.aconst_null();
                    return;
                }
            }
            code.with(element);
        };
    }

    static char getChar(Object unused, Object base, long address) {
        return base == null ? (char) RawMemory.getShort(address) : (char) word(base, address);
    }

    static byte getByte(Object unused, Object base, long address) {
        return RawMemory.getByte(address);
    }

    static short getShort(Object unused, Object base, long address) {
        return base == null ? RawMemory.getShort(address) : (short) word(base, address);
    }

    static int getInt(Object unused, Object base, long address) {
        return base == null ? RawMemory.getInt(address) : (int) word(base, address);
    }

    static long getLong(Object unused, Object base, long address) {
        return base == null ? RawMemory.getLong(address) : word(base, address);
    }

    static float getFloat(Object unused, Object base, long address) {
        return RawMemory.getFloat(address);
    }

    static double getDouble(Object unused, Object base, long address) {
        return RawMemory.getDouble(address);
    }

    static void putByte(Object unused, Object base, long address, byte value) {
        RawMemory.putByte(address, value);
    }

    static void putShort(Object unused, Object base, long address, short value) {
        RawMemory.putShort(address, value);
    }

    static void putInt(Object unused, Object base, long address, int value) {
        RawMemory.putInt(address, value);
    }

    static void putLong(Object unused, Object base, long address, long value) {
        RawMemory.putLong(address, value);
    }

    static void putDouble(Object unused, Object base, long address, double value) {
        RawMemory.putLong(address, Double.doubleToRawLongBits(value));
    }

    /** What begins at an offset in the code, as far as its word goes. */
    private static long word(Object code, long offset) {
        long at = offset - RawMemory.WORDS_OFFSET;
        return ((long[]) code)[(int) (at >>> 3)] >>> ((at & 7) << 3);
    }
}
