package wasmbpf.wasm;

import java.util.Arrays;
import java.util.TreeMap;

/**
 * The lowered code of an instance. One array, so that a call is a jump; on the heap, as HotSpot folds {@code array + pc + 4}
 * into one address where it copies an address that is a number before each use. A pc is what Unsafe adds to the array: the
 * offset in bytes, header included. Filled by appending; code never moves or changes.
 */
final class CodeSpace {
    private static final int FIRST_WORDS = 512;
    /** Past it a pc would no longer be an int, and there is no larger array. */
    private static final int MAX_WORDS = (Integer.MAX_VALUE >>> 3) - 16;

    private long[] words = new long[FIRST_WORDS];
    private int count;
    /** The functions by the pc of their first instruction. */
    private final TreeMap<Long, GuestFunction> functions = new TreeMap<>();

    CodeSpace() {
        words[count++] = Code.EXIT;
    }

    /** The pc of an EXIT. */
    static long exit() {
        return RawMemory.WORDS_OFFSET;
    }

    /** All of it, and more; another array after the next {@link #append}. */
    long[] words() {
        return words;
    }

    /**
     * Appends a function.
     *
     * @param start instructions that are not of the function's body
     * @param body of this, {@code bodyCount} words
     * @return the pc of the first
     * @throws InvalidException if the instance has too much code
     */
    long append(long[] start, long[] body, int bodyCount, GuestFunction function) {
        int first = count;
        makeRoom(start.length + bodyCount);
        System.arraycopy(start, 0, words, first, start.length);
        System.arraycopy(body, 0, words, first + start.length, bodyCount);
        count += start.length + bodyCount;
        functions.put(pc(first), function);
        return pc(first);
    }

    /** Appends operands of an instruction that is run alone; returns the pc of the first word. */
    long append(long[] operands) {
        int first = count;
        makeRoom(operands.length);
        System.arraycopy(operands, 0, words, first, operands.length);
        count += operands.length;
        return pc(first);
    }

    private void makeRoom(int more) {
        int end = count + more;
        if (end > words.length) {
            if (end > MAX_WORDS) {
                throw new InvalidException("the module needs more than " + MAX_WORDS + " instructions", 0);
            }
            words = Arrays.copyOf(words, Math.min(MAX_WORDS, Math.max(end, 2 * words.length)));
        }
    }

    private static long pc(int index) {
        return RawMemory.WORDS_OFFSET + 8L * index;
    }

    /** The function that an instruction belongs to. */
    GuestFunction functionAt(long pc) {
        return functions.floorEntry(pc).getValue();
    }

    long word(long pc) {
        return words[(int) (pc - RawMemory.WORDS_OFFSET >>> 3)];
    }

    /** The low or the high half of a word. */
    int half(long pc) {
        return (int) (word(pc) >>> ((pc - RawMemory.WORDS_OFFSET & 4) << 3));
    }
}
