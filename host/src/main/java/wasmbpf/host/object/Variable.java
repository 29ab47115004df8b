package wasmbpf.host.object;

import java.util.Arrays;

/**
 * A global variable of an object, seen as bytes of its map's image.
 *
 * @param name      as in C
 * @param map       the data section map that holds it
 * @param typeId    BTF id of its type
 * @param offset    bytes from the start of the map's value
 * @param sizeBytes its size
 * @param global    not static and not hidden: part of the object's interface
 */
public record Variable(String name, MapSpec map, int typeId, int offset, int sizeBytes, boolean global) {
    /** A copy of its bytes in the map's image. */
    public byte[] bytes() {
        return Arrays.copyOfRange(map.initialValue(), offset, offset + sizeBytes);
    }

    /**
     * Sets it before the object is loaded.
     *
     * @param value exactly {@link #sizeBytes} bytes in the object's byte order
     */
    public void set(byte[] value) {
        if (value.length != sizeBytes) {
            throw new IllegalArgumentException("variable \"" + name + "\" has " + sizeBytes + " bytes, not "
                    + value.length);
        }
        System.arraycopy(value, 0, map.initialValue(), offset, sizeBytes);
    }
}
