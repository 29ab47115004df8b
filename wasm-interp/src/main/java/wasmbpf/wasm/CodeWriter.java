package wasmbpf.wasm;

import static wasmbpf.wasm.Code.*;

import java.util.Arrays;

/**
 * The words of one function while it is lowered. It remembers what the last instructions computed, so that the next one
 * can take them back and do their work as well, and which of them compute an operand that may go elsewhere instead.
 */
final class CodeWriter {
    /** What the buffer keeps from one function to the next. */
    private static final int KEPT_WORDS = 1 << 14;

    private final FuncValidator at;
    private long[] words = new long[256];
    private int count;
    private IntList positions;
    /**
     * The last instruction, if it computes entry {@code producerEntry} and nothing can enter between it and here; else
     * -1.
     */
    private int producer = -1;
    private int producerEntry;
    /** The instructions of one word before the producer, while nothing can enter between them; else -1. */
    private int previous = -1;
    private int earlier = -1;
    /** The last instruction that computed a local in place of an operand. */
    private int increment = -1;

    CodeWriter(FuncValidator at) {
        this.at = at;
    }

    /** Starts anew. @param withPositions whether to note where instructions come from */
    void begin(boolean withPositions) {
        count = 0;
        if (words.length > KEPT_WORDS) {
            words = new long[KEPT_WORDS];
        }
        producer = -1;
        previous = -1;
        earlier = -1;
        increment = -1;
        positions = withPositions ? new IntList() : null;
    }

    /** How many words there are: the index of the next. */
    int count() {
        return count;
    }

    /** The buffer itself, good until the next {@link #begin}. */
    long[] words() {
        return words;
    }

    /** Pairs of word index and offset in the module; null unless asked for. */
    int[] positions() {
        return positions == null ? null : positions.toArray();
    }

    long word(int index) {
        return words[index];
    }

    void setWord(int index, long word) {
        words[index] = word;
    }

    /** Thrown if a valid function needs more than this engine allows. */
    InvalidException limit(String message) {
        WasmModule module = at.module();
        return new InvalidException(module.name() + ": function " + module.functionLabel(at.function())
                + " at 0x" + Integer.toHexString(at.offset()) + ": " + message, at.offset());
    }

    /** What is emitted from here on comes from the current instruction. */
    void notePosition() {
        if (positions != null) {
            positions.add(count);
            positions.add(at.offset());
        }
    }

    void emit(long word) {
        if (count == words.length) {
            if (count >= Lowered.MAX_WORDS) {
                throw limit("its code would need more than " + Lowered.MAX_WORDS + " instructions");
            }
            words = Arrays.copyOf(words, 2 * count);
        }
        words[count++] = word;
        earlier = producer == count - 2 ? previous : -1;
        previous = producer == count - 2 ? producer : -1;
        producer = -1;
    }

    /** An instruction whose a is the own slot of an entry and the only thing it writes. */
    void emitResult(int entry, long word) {
        emit(word);
        markResult(entry, count - 1);
    }

    /** The same of two words. */
    void emitResult(int entry, long word, long second) {
        emit(word);
        emit(second);
        markResult(entry, count - 2);
    }

    /** Says of an instruction just emitted, from {@code start} on, that it is one that {@link #emitResult} emits. */
    void markResult(int entry, int start) {
        producer = start;
        producerEntry = entry;
    }

    void emitCopy(int type, int to, int from) {
        if (to == from) {
            return;
        }
        emit(Code.word(type == TypeCode.V128 ? COPY_V128 : TypeCode.isRef(type) ? COPY_REF : COPY, to, from, 0));
    }

    void emitConst(int type, int to, long value) {
        if (TypeCode.isRef(type)) {
            emit(Code.word(NULL_REF, to, 0));
        } else if (value == (int) value) {
            emit(Code.word(CONST, to, (int) value));
        } else {
            emit(Code.word(CONST64, to, 0));
            emit(value);
        }
    }

    // The last instructions

    /** A label is here: what lies before it has to stay. */
    void forgetProducer() {
        producer = -1;
    }

    /** Whether the last instruction computes an operand and nothing can enter behind it. */
    boolean hasProducer() {
        return producer >= 0;
    }

    /** Whether the last instruction computes this operand, and nothing can enter behind it. */
    boolean isProducer(int entry) {
        return producer >= 0 && producerEntry == entry;
    }

    /** Whether the last instruction is this one, of one word, and computed this slot, and nothing can enter behind it. */
    boolean isLast(int op, int slot) {
        return producer >= 0 && producer == count - 1 && Code.op(words[producer]) == op
                && Code.a(words[producer]) == slot;
    }

    /** Whether the last instruction is a comparison that computes this operand, and nothing can enter behind it. */
    boolean isComparison(int entry) {
        if (producer < 0 || producer != count - 1 || producerEntry != entry) {
            return false;
        }
        int op = Code.op(words[producer]);
        return op >= EQ && op < COMPARE_END;
    }

    /** Whether that comparison asks whether a number is zero, or is not. */
    boolean isTestOfZero(int entry) {
        return isComparison(entry) && Code.op(last() & ~1L) == EQ + K && Code.c(last()) == 0;
    }

    /** The last word: the last instruction, where that is known to have one. */
    long last() {
        return words[count - 1];
    }

    /** Makes the last instruction, a comparison, its opposite. */
    void negateComparison() {
        words[count - 1] ^= 1;
    }

    /** Removes the last instruction, of one word; the one before it can be taken back next. */
    void takeBack() {
        count--;
        producer = previous;
        previous = earlier;
        earlier = -1;
        // What follows begins a word earlier now: the word that may trap belongs to the access.
        for (int i = positions == null ? 0 : positions.size() - 2; i > 0 && positions.get(i) > count; i -= 2) {
            positions.set(i, count);
        }
    }

    /** Removes the last instruction, of one word, which cannot trap; the one before it is to stay. */
    void removeLast() {
        count--;
        producer = -1;
    }

    /** Lets the producer compute a local instead. */
    void retarget(int localSlot) {
        words[producer] = words[producer] & ~(0xFFFFL << 16) | (long) localSlot << 16;
        increment = producer;
        producer = -1;
    }

    /** Whether the last word is an instruction that {@link #retarget} changed. */
    boolean isLastRetargeted() {
        return increment == count - 1;
    }
}
