package wasmbpf.wasm.compile;

import java.util.List;

/** Where a vector on the operand stack is that is not on the JVM's stack. */
sealed interface Vector {
    /** Four slots for lanes, to be used again when nobody holds them. */
    final class Bank {
        final int first;
        int holders;

        Bank(int first) {
            this.first = first;
        }
    }

    /** A constant. */
    record Literal(long low, long high) implements Vector {
        long half(int i) {
            return i == 0 ? low : high;
        }

        int word(int i) {
            return (int) (half(i >> 1) >>> 32 * (i & 1));
        }
    }

    /** In memory, at an address that has been checked, until something may write there. */
    record Unread(int addressLocal, Bank bank) implements Vector {
    }

    /**
     * In JVM locals.
     *
     * @param lanes a local for each
     * @param guests the guest's locals that some of these are
     * @param banks the others' banks
     */
    record Held(LaneForm form, int[] lanes, List<Integer> guests, List<Bank> banks) implements Vector {
    }
}
