package wasmbpf.wasm;

import jdk.internal.misc.Unsafe;
import wasmbpf.wasm.compile.Linkage;

/**
 * Static methods that generated code calls. A frame is an address on the guest stack; while compiled code runs, {@code top} of
 * the stack is the first address past its own frame: there go the arguments of calls through memory, there come results back.
 */
final class CompiledSupport {
    /** Between {@link JvmTier} and the initialiser of a generated class. */
    private static Object[] constants;

    private CompiledSupport() {
    }

    static void giveConstants(Object[] values) {
        constants = values;
    }

    static Object[] takeConstants() {
        Object[] taken = constants;
        constants = null;
        return taken;
    }

    static Unsafe unsafe() {
        return RawMemory.unsafe();
    }

    // Traps

    /** From the calls that remain to a function to those that remain to one it calls. */
    static int deeper(int remaining) {
        return checkDepth(remaining) - 1;
    }

    /** The same in the copy of a function, where one of them is made already. */
    static int deeperThanCopy(int remaining) {
        if (remaining <= 1) {
            throw GuestStack.exhausted();
        }
        return remaining - 2;
    }

    /** The same from a copy to another. */
    static int deeperInCopies(int remaining) {
        if (remaining <= 1) {
            throw GuestStack.exhausted();
        }
        return remaining - 1;
    }

    static int checkDepth(int remaining) {
        if (remaining <= 0) {
            throw GuestStack.exhausted();
        }
        return remaining;
    }

    /** A divisor that is not 0; the place of the instruction in its function's body goes into the trap. */
    static int divisor(int divisor, int position) {
        if (divisor == 0) {
            throw divideByZero(position);
        }
        return divisor;
    }

    static long divisor(long divisor, int position) {
        if (divisor == 0) {
            throw divideByZero(position);
        }
        return divisor;
    }

    static int divide(int dividend, int divisor, int position) {
        if (divisor == 0) {
            throw divideByZero(position);
        }
        if (dividend == Integer.MIN_VALUE && divisor == -1) {
            throw at(position, Trap.Kind.INTEGER_OVERFLOW);
        }
        return dividend / divisor;
    }

    static long divide(long dividend, long divisor, int position) {
        if (divisor == 0) {
            throw divideByZero(position);
        }
        if (dividend == Long.MIN_VALUE && divisor == -1) {
            throw at(position, Trap.Kind.INTEGER_OVERFLOW);
        }
        return dividend / divisor;
    }

    private static Trap divideByZero(int position) {
        return at(position, Trap.Kind.DIVIDE_BY_ZERO);
    }

    private static Trap at(int position, Trap.Kind kind) {
        Trap trap = new Trap(kind);
        trap.position = position;
        return trap;
    }

    static Trap unreachable() {
        return new Trap(Trap.Kind.UNREACHABLE);
    }

    /**
     * @param end of the access
     * @param bytes of it
     * @param position of the instruction in its function's body
     */
    static void outOfBounds(long end, long size, int bytes, int position) {
        Trap trap = LinearMemory.outOfBounds(end - bytes, 0, bytes, size);
        trap.position = position;
        throw trap;
    }

    /**
     * The exact check of an access.
     *
     * @param extent where the access ends, in bytes past the address, and what it is wide: {@link Linkage#extent}
     */
    static long check(int address, int extent, int position, LinearMemory memory) {
        long at = address & 0xFFFFFFFFL;
        long end = at + Linkage.end(extent);
        if (end > memory.size) {
            outOfBounds(end, memory.size, Linkage.width(extent), position);
        }
        return at;
    }

    /** Where the bytes of an access to any memory lie in this process, from the address in it and the instruction's offset. */
    static long address(long address, long offset, int bytes, LinearMemory memory) {
        return MemoryOps.absolute(memory, address, offset, bytes);
    }

    /** Notes a call that a trap or an exception passes. */
    static WasmException passing(WasmException e, GuestFunction function, int position) {
        if (e instanceof Trap trap) {
            int at = trap.position >= 0 ? trap.position : position;
            trap.position = -1;
            trap.addFrame(function, GuestFunction.ofBodyOffset(at));
        } else if (e instanceof GuestException exception) {
            int at = exception.position >= 0 ? exception.position : position;
            exception.position = -1;
            exception.addFrame(function, GuestFunction.ofBodyOffset(at));
        }
        return e;
    }

    /** Notes where in its function it passes the method of a region; the function's own method adds the call. */
    static WasmException inside(WasmException e, int position) {
        if (e instanceof Trap trap) {
            if (trap.position < 0) {
                trap.position = position;
            }
        } else if (e instanceof GuestException exception && exception.position < 0) {
            exception.position = position;
        }
        return e;
    }

    /** The function that an exception was thrown in catches it itself. */
    static void caught(GuestException exception) {
        exception.position = -1;
    }

    // For profilers

    static void entered(GuestFunction function, GuestStack stack, int remaining) {
        if (stack.marks != null) {
            stack.marks.enter(stack.maxDepth - remaining, function);
        }
    }

    /** The innermost call is the one with so many calls remaining. */
    static void innermost(GuestStack stack, int remaining) {
        if (stack.marks != null) {
            stack.marks.leave(stack.maxDepth - remaining);
        }
    }

    // Frames

    static long enterFrame(GuestStack stack, int bytes) {
        long frame = stack.top;
        long end = frame + bytes;
        if (end > stack.limit) {
            throw GuestStack.exhausted();
        }
        stack.reserveRefs(end);
        stack.top = end;
        return frame;
    }

    static void putI(int value, long frame, int offset) {
        RawMemory.putLong(frame + offset, value);
    }

    static void putJ(long value, long frame, int offset) {
        RawMemory.putLong(frame + offset, value);
    }

    static void putF(float value, long frame, int offset) {
        RawMemory.putLong(frame + offset, Float.floatToRawIntBits(value));
    }

    static void putD(double value, long frame, int offset) {
        RawMemory.putLong(frame + offset, Double.doubleToRawLongBits(value));
    }

    static void putA(Object value, GuestStack stack, long frame, int offset) {
        stack.reserveRefs(frame + offset + 8);
        stack.refs[stack.index(frame + offset)] = value;
    }

    static int getI(long frame, int offset) {
        return RawMemory.getInt(frame + offset);
    }

    static long getJ(long frame, int offset) {
        return RawMemory.getLong(frame + offset);
    }

    static float getF(long frame, int offset) {
        return RawMemory.getFloat(frame + offset);
    }

    static double getD(long frame, int offset) {
        return RawMemory.getDouble(frame + offset);
    }

    static Object getA(GuestStack stack, long frame, int offset) {
        return stack.refs[stack.index(frame + offset)];
    }

    // Calls through memory

    private static long argument(GuestStack stack, int offset) {
        long at = stack.top + offset;
        if (at + 8 > stack.limit) {
            throw GuestStack.exhausted();
        }
        return at;
    }

    static void argumentI(int value, GuestStack stack, int offset) {
        RawMemory.putLong(argument(stack, offset), value);
    }

    static void argumentJ(long value, GuestStack stack, int offset) {
        RawMemory.putLong(argument(stack, offset), value);
    }

    static void argumentF(float value, GuestStack stack, int offset) {
        RawMemory.putLong(argument(stack, offset), Float.floatToRawIntBits(value));
    }

    static void argumentD(double value, GuestStack stack, int offset) {
        RawMemory.putLong(argument(stack, offset), Double.doubleToRawLongBits(value));
    }

    static void argumentA(Object value, GuestStack stack, int offset) {
        putA(value, stack, argument(stack, offset), 0);
    }

    static void call(WasmFunction function, GuestStack stack, int remaining) {
        long frame = stack.top;
        if (frame + 8L * Math.max(function.layout.paramSlots, function.layout.resultSlots) > stack.limit) {
            throw GuestStack.exhausted();
        }
        function.run(stack, frame, stack.maxDepth - remaining + 1);
    }

    static int resultI(GuestStack stack, int offset) {
        return RawMemory.getInt(stack.top + offset);
    }

    static long resultJ(GuestStack stack, int offset) {
        return RawMemory.getLong(stack.top + offset);
    }

    static float resultF(GuestStack stack, int offset) {
        return RawMemory.getFloat(stack.top + offset);
    }

    static double resultD(GuestStack stack, int offset) {
        return RawMemory.getDouble(stack.top + offset);
    }

    static Object resultA(GuestStack stack, int offset) {
        return stack.refs[stack.index(stack.top + offset)];
    }

    static WasmFunction callee(long element, WasmTable table, DefType type) {
        return ColdOps.callee(table, element, type);
    }

    static WasmFunction function(Object reference) {
        if (reference instanceof WasmFunction function) {
            return function;
        }
        throw new Trap(Trap.Kind.NULL_FUNCTION);
    }

    /** The compiled code of a function that can be called by its shape, or null. */
    static CompiledClass shaped(WasmFunction function) {
        return function instanceof GuestFunction guest ? guest.shaped : null;
    }

    /** A host function over numbers, or null. */
    static HostBinding host(WasmFunction function) {
        return function instanceof HostBinding host && host.host().code() != null ? host : null;
    }

    /** Runs an instruction as the interpreter does. */
    static void cold(long word, long words, long frame, GuestStack stack, GuestFunction function) {
        ColdOps.next(word, words, frame, stack, function);
    }

    // Memories and tables

    static void copy(int to, int from, int length, LinearMemory target, LinearMemory source) {
        long bytes = length & 0xFFFFFFFFL;
        long at = target.address(to & 0xFFFFFFFFL, bytes);
        RawMemory.copy(source.address(from & 0xFFFFFFFFL, bytes), at, bytes);
    }

    static void fill(int to, int value, int length, LinearMemory memory) {
        memory.fill(to & 0xFFFFFFFFL, length & 0xFFFFFFFFL, (byte) value);
    }

    static Object tableGet(int index, WasmTable table) {
        return table.get(index & 0xFFFFFFFFL);
    }

    static void tableSet(int index, Object value, WasmTable table) {
        table.store(index & 0xFFFFFFFFL, value);
    }

    // References and exceptions

    static int same(Object a, Object b) {
        return References.same(a, b) ? 1 : 0;
    }

    static Object nonNull(Object reference) {
        if (reference == null) {
            throw new Trap(Trap.Kind.NULL_REFERENCE);
        }
        return reference;
    }

    static int isInstance(Object reference, GuestFunction function, int type) {
        return GcOps.isInstance(function, type, reference) ? 1 : 0;
    }

    static Object cast(Object reference, GuestFunction function, int type) {
        if (!GcOps.isInstance(function, type, reference)) {
            throw References.castFailure(function, type, reference);
        }
        return reference;
    }

    static GuestException exception(WasmTag tag, GuestStack stack, long frame) {
        return ColdOps.newException(tag, stack, frame);
    }

    static GuestException throwable(Object reference) {
        if (reference instanceof GuestException exception) {
            return exception;
        }
        throw new Trap(Trap.Kind.NULL_EXCEPTION);
    }

    static int payloadI(GuestException exception, int slot) {
        return (int) exception.slots[slot];
    }

    static long payloadJ(GuestException exception, int slot) {
        return exception.slots[slot];
    }

    static float payloadF(GuestException exception, int slot) {
        return Float.intBitsToFloat((int) exception.slots[slot]);
    }

    static double payloadD(GuestException exception, int slot) {
        return Double.longBitsToDouble(exception.slots[slot]);
    }

    static Object payloadA(GuestException exception, int slot) {
        return exception.refs[slot];
    }
}
