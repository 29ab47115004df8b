package wasmbpf.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** BTF blobs written word by word, for tests: the expected values are those of btf.h, not of our own writer. */
final class BtfBytes {
    private final ByteOrder order;
    private final List<int[]> types = new ArrayList<>();
    private final StringBuilder strings = new StringBuilder("\0");
    private byte[] layout = new byte[0];
    private int startString;

    BtfBytes(ByteOrder order) {
        this.order = order;
    }

    static BtfBytes little() {
        return new BtfBytes(ByteOrder.LITTLE_ENDIAN);
    }

    /** Strings start where those of a base end, and have no "" of their own. */
    BtfBytes continuing(Btf base) {
        startString = base.startString() + base.stringBytes();
        strings.setLength(0);
        return this;
    }

    int string(String text) {
        int offset = startString + strings.length();
        strings.append(text).append('\0');
        return offset;
    }

    /** Adds one type and returns its index, from 1. */
    int type(int... words) {
        types.add(words);
        return types.size();
    }

    static int info(int kind, int vlen) {
        return kind << 24 | vlen;
    }

    static int infoWithFlag(int kind, int vlen) {
        return 1 << 31 | kind << 24 | vlen;
    }

    /** A layout section: info size and element size for each kind from 0. */
    BtfBytes layout(int... sizes) {
        ByteBuffer out = ByteBuffer.allocate(sizes.length / 2 * 4);
        for (int i = 0; i < sizes.length; i += 2) {
            out.put((byte) sizes[i]).put((byte) sizes[i + 1]).putShort((short) 0);
        }
        layout = out.array();
        return this;
    }

    byte[] build() {
        return build(layout.length == 0 ? 24 : 32);
    }

    byte[] build(int headerBytes) {
        int typeBytes = types.stream().mapToInt(words -> words.length * 4).sum();
        byte[] text = strings.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(headerBytes + typeBytes + layout.length + text.length).order(order);
        out.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(headerBytes).putInt(0).putInt(typeBytes)
                .putInt(typeBytes + layout.length).putInt(text.length);
        if (headerBytes >= 32) {
            out.putInt(layout.length == 0 ? 0 : typeBytes).putInt(layout.length);
        }
        out.position(headerBytes);
        for (int[] words : types) {
            for (int word : words) {
                out.putInt(word);
            }
        }
        return out.put(layout).put(text).array();
    }

    Btf read() {
        return BtfReader.read("test.btf", build());
    }
}
