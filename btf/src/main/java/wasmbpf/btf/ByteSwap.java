package wasmbpf.btf;

/** Turns 4-byte words in place: types, func_info and line_info consist of nothing else. */
final class ByteSwap {
    private ByteSwap() {
    }

    static void words(byte[] bytes, int from, int to) {
        for (int i = from; i + 4 <= to; i += 4) {
            swap(bytes, i, i + 3);
            swap(bytes, i + 1, i + 2);
        }
    }

    static void halves(byte[] bytes, int from, int to) {
        for (int i = from; i + 2 <= to; i += 2) {
            swap(bytes, i, i + 1);
        }
    }

    private static void swap(byte[] bytes, int i, int j) {
        byte b = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = b;
    }
}
