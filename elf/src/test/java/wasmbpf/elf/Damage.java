package wasmbpf.elf;

import java.util.Arrays;
import java.util.Random;

/** Damaged copies of valid files: cut, bits turned, words replaced by telling values, parts put elsewhere. */
final class Damage {
    private static final int[] WORDS = {0, 1, 2, 7, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, -1, -8, 0xffffff};

    private Damage() {
    }

    static byte[] of(byte[] valid, byte[] other, Random random) {
        byte[] bytes = valid.clone();
        int rounds = 1 + random.nextInt(4);
        for (int i = 0; i < rounds && bytes.length > 8; i++) {
            // Half of the damage goes where headers are: the first bytes, and for ELF the last.
            int span = switch (random.nextInt(4)) {
                case 0 -> Math.min(64, bytes.length);
                default -> bytes.length;
            };
            int at = random.nextInt(4) == 1 ? bytes.length - 1 - random.nextInt(Math.min(2048, bytes.length))
                    : random.nextInt(span);
            switch (random.nextInt(6)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1, 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 3, 4 -> word(bytes, at & ~3, WORDS[random.nextInt(WORDS.length)], random.nextBoolean());
                default -> {
                    int from = random.nextInt(other.length);
                    int length = Math.min(1 + random.nextInt(256), Math.min(other.length - from, bytes.length - at));
                    System.arraycopy(other, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }

    private static void word(byte[] bytes, int at, int value, boolean little) {
        for (int i = 0; i < 4 && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >>> 8 * (little ? i : 3 - i));
        }
    }
}
