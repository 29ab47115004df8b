package wasmbpf.btf;

import java.nio.ByteOrder;

/**
 * An editable copy of a BTF. Ids stay what they are: types are changed in place or added at the end. Strings are only
 * added. Without an edit the bytes are those that were read.
 */
public final class BtfWriter {
    private BtfWriter() {
    }

    /** A copy of {@code btf} to edit; of a split BTF, its own types, on the same base. */
    public static BtfWriter of(Btf btf) {
        throw new UnsupportedOperationException("being written");
    }

    /** A BTF without types. */
    public static BtfWriter empty(ByteOrder order) {
        throw new UnsupportedOperationException("being written");
    }

    public BtfType type(int id) {
        throw new UnsupportedOperationException("being written");
    }

    public int typeCount() {
        throw new UnsupportedOperationException("being written");
    }

    /** The type that {@code id} shall be from now on; may be of another kind and length. */
    public void replace(int id, BtfType type) {
        throw new UnsupportedOperationException("being written");
    }

    /** Adds a type and returns its id. */
    public int add(BtfType type) {
        throw new UnsupportedOperationException("being written");
    }

    public void rename(int id, String name) {
        throw new UnsupportedOperationException("being written");
    }

    public byte[] toBytes() {
        throw new UnsupportedOperationException("being written");
    }

    public byte[] toBytes(ByteOrder order) {
        throw new UnsupportedOperationException("being written");
    }

    public Btf toBtf() {
        throw new UnsupportedOperationException("being written");
    }
}
