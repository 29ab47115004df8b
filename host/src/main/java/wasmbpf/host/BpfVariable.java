package wasmbpf.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;
import wasmbpf.host.load.LoadedMap;
import wasmbpf.host.object.MapSpec;
import wasmbpf.host.object.Variable;

/**
 * A global variable of a {@link BpfObject}, or a part of one, by its BTF type. Until the object is loaded it is a place in
 * the image its map will be filled with; from then on, the running program's own memory.
 *
 * <pre>{@code
 * object.variable("min_duration_ns").set(1_000_000);
 * object.variable("config").member("limits[2].burst").set(10);
 * object.load();
 * long seen = object.variable("events").get();
 * }</pre>
 */
public final class BpfVariable {
    private final BpfObject object;
    private final MapSpec map;
    private final String path;
    private final int typeId;
    private final int offset;
    private final int sizeBytes;

    private BpfVariable(BpfObject object, MapSpec map, String path, int typeId, int offset, int sizeBytes) {
        this.object = object;
        this.map = map;
        this.path = path;
        this.typeId = typeId;
        this.offset = offset;
        this.sizeBytes = sizeBytes;
    }

    static BpfVariable of(BpfObject object, Variable variable) {
        return new BpfVariable(object, variable.map(), variable.name(), variable.typeId(), variable.offset(),
                variable.sizeBytes());
    }

    /** As in C, with the members and elements that led here: {@code config.limits[2].burst}. */
    public String name() {
        return path;
    }

    /** Its type in the object's BTF. */
    public int typeId() {
        return typeId;
    }

    /** Bytes. */
    public int sizeBytes() {
        return sizeBytes;
    }

    private Btf btf() {
        return object.spec().btf();
    }

    /** The type without const, volatile and typedefs. */
    private int plainType() {
        return TypeChain.skipModsAndTypedefs(btf(), typeId);
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("variable \"" + path + "\" of object \"" + object.name() + "\" " + why);
    }

    // ---- parts ----

    /**
     * A member, or something further in: {@code a}, {@code a.b}, {@code a[1].b}, {@code [2]}. Members of anonymous structs and
     * unions are found as in C.
     *
     * @throws IllegalArgumentException if there is none, or it is a bit field
     */
    public BpfVariable member(String parts) {
        BpfVariable at = this;
        int from = 0;
        while (from < parts.length()) {
            char c = parts.charAt(from);
            if (c == '[') {
                int end = parts.indexOf(']', from);
                try {
                    at = at.element(Integer.parseInt(parts, from + 1, Math.max(from + 1, end), 10));
                } catch (NumberFormatException e) {
                    throw at.wrong("has no element \"" + parts.substring(from) + "\"");
                }
                from = end + 1;
            } else {
                from = c == '.' ? from + 1 : from;
                int end = from;
                while (end < parts.length() && parts.charAt(end) != '.' && parts.charAt(end) != '[') {
                    end++;
                }
                at = at.named(parts.substring(from, end));
                from = end;
            }
        }
        return at;
    }

    /** An element of an array. @throws IllegalArgumentException if it is no array, or has none of that index */
    public BpfVariable element(int index) {
        int id = plainType();
        if (id == 0 || btf().kind(id) != BtfKind.ARRAY) {
            throw wrong("is no array but " + describe());
        }
        int element = btf().arrayElementTypeId(id);
        long size = BtfLayout.sizeOf(btf(), element);
        // An array at the end may have been given more elements than its type says: MapSpec.valueSize.
        long count = size == 0 ? btf().arrayCount(id) : Math.max(btf().arrayCount(id), sizeBytes / size);
        if (index < 0 || index >= count || size > Integer.MAX_VALUE) {
            throw wrong("has no element " + index + " but " + count + " elements");
        }
        return new BpfVariable(object, map, path + "[" + index + "]", element, Math.toIntExact(offset + index * size), (int) size);
    }

    private BpfVariable named(String name) {
        int id = plainType();
        if (id == 0 || btf().kind(id) != BtfKind.STRUCT && btf().kind(id) != BtfKind.UNION) {
            throw wrong("has no members: it is " + describe());
        }
        for (BtfLayout.Field field : BtfLayout.fields(btf(), id)) {
            if (!field.name().equals(name)) {
                continue;
            }
            if (field.isBitfield()) {
                throw wrong("has \"" + name + "\" as a bit field of " + field.bitfieldSize()
                        + " bits, which has no address: set the bytes of the whole");
            }
            return new BpfVariable(object, map, path + "." + name, field.typeId(), offset + field.byteOffset(),
                    Math.toIntExact(field.sizeBytes()));
        }
        throw wrong("has no member \"" + name + "\": it is " + describe());
    }

    private String describe() {
        int id = plainType();
        return id == 0 ? "void" : btf().kind(id).name().toLowerCase(java.util.Locale.ROOT)
                + (btf().name(id).isEmpty() ? "" : " " + btf().name(id)) + " of " + sizeBytes + " bytes";
    }

    // ---- numbers ----

    /** Bytes and sign of an integer, enum, bool or pointer. */
    private boolean signed() {
        int id = plainType();
        BtfType type = id == 0 ? null : btf().type(id);
        boolean signed = switch (type) {
            case BtfType.Int integer when integer.bits() == integer.sizeBytes() * 8 && integer.sizeBytes() <= 8 ->
                    integer.isSigned();
            case BtfType.Enum _, BtfType.Enum64 _ -> btf().kindFlag(id);
            case BtfType.Ptr _ -> false;
            case null, default -> throw wrong("is no number but " + describe());
        };
        return signed;
    }

    /** An integer, enum, bool, char or pointer; unsigned 64-bit numbers as their bits. */
    public long get() {
        boolean signed = signed();
        ByteBuffer value = ByteBuffer.wrap(bytes()).order(object.spec().byteOrder());
        return switch (sizeBytes) {
            case 8 -> value.getLong();
            case 4 -> signed ? value.getInt() : Integer.toUnsignedLong(value.getInt());
            case 2 -> signed ? value.getShort() : Short.toUnsignedLong(value.getShort());
            default -> signed ? value.get() : Byte.toUnsignedLong(value.get());
        };
    }

    /**
     * Sets an integer, enum, bool, char or pointer.
     *
     * @throws IllegalArgumentException if it is of another type, or the number does not fit it
     * @throws IllegalStateException if the object is loaded and programs' constants ({@code .rodata}, {@code .kconfig}) hold it
     */
    public void set(long value) {
        boolean signed = signed();
        int bits = sizeBytes * 8;
        if (bits < 64 && (signed ? value != value << 64 - bits >> 64 - bits : value >>> bits != 0)) {
            throw wrong("cannot hold " + value + ": it is " + (signed ? "a signed " : "an unsigned ") + "number of " + bits
                    + " bits");
        }
        BtfType type = btf().type(plainType());
        if (type instanceof BtfType.Int integer && integer.isBool() && (value & ~1L) != 0) {
            throw wrong("cannot hold " + value + ": it is a bool");
        }
        ByteBuffer bytes = ByteBuffer.allocate(sizeBytes).order(object.spec().byteOrder());
        switch (sizeBytes) {
            case 8 -> bytes.putLong(value);
            case 4 -> bytes.putInt((int) value);
            case 2 -> bytes.putShort((short) value);
            default -> bytes.put((byte) value);
        }
        set(bytes.array());
    }

    /** Sets a bool. */
    public void set(boolean value) {
        set(value ? 1 : 0);
    }

    // ---- text ----

    private void requireText() {
        int id = plainType();
        int element = id != 0 && btf().kind(id) == BtfKind.ARRAY
                ? TypeChain.skipModsAndTypedefs(btf(), btf().arrayElementTypeId(id)) : 0;
        if (element == 0 || btf().kind(element) != BtfKind.INT || btf().sizeOrType(element) != 1) {
            throw wrong("is no char[] but " + describe());
        }
    }

    /** The text of a {@code char[]} up to its first NUL. */
    public String getText() {
        requireText();
        byte[] bytes = bytes();
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** Sets a {@code char[]}, the rest zeroed. @throws IllegalArgumentException if it has no room for the text and a NUL */
    public void set(String text) {
        requireText();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length >= sizeBytes) {
            throw wrong("has " + sizeBytes + " bytes, \"" + text + "\" needs " + (utf8.length + 1));
        }
        set(Arrays.copyOf(utf8, sizeBytes));
    }

    // ---- bytes ----

    /** A copy of its bytes. */
    public byte[] bytes() {
        if (!object.isLoaded()) {
            return Arrays.copyOfRange(map.initialValue(), offset, offset + sizeBytes);
        }
        LoadedMap loaded = object.loaded(map);
        if (loaded.memory() != null) {
            return loaded.memory().segment().asSlice(offset, sizeBytes).toArray(ValueLayout.JAVA_BYTE);
        }
        return Arrays.copyOfRange(loaded.lookup(new byte[4]), offset, offset + sizeBytes);
    }

    /**
     * Sets all of it.
     *
     * @param value exactly {@link #sizeBytes} bytes in the object's byte order
     */
    public void set(byte[] value) {
        if (value.length != sizeBytes) {
            throw wrong("has " + sizeBytes + " bytes, not " + value.length);
        }
        if (!object.isLoaded()) {
            System.arraycopy(value, 0, map.initialValue(), offset, sizeBytes);
            return;
        }
        if (map.kind() == MapSpec.Kind.RODATA || map.kind() == MapSpec.Kind.KCONFIG) {
            throw new IllegalStateException("variable \"" + path + "\" is a constant of the loaded programs (" + map.realName()
                    + "): set it before load()");
        }
        LoadedMap loaded = object.loaded(map);
        if (loaded.memory() != null) {
            MemorySegment.copy(value, 0, loaded.memory().segment(), ValueLayout.JAVA_BYTE, offset, sizeBytes);
            return;
        }
        // Old kernels map no arrays: the whole section is read and written, which loses what programs write meanwhile.
        byte[] all = loaded.lookup(new byte[4]);
        System.arraycopy(value, 0, all, offset, sizeBytes);
        loaded.update(new byte[4], all);
    }

    @Override
    public String toString() {
        return path;
    }
}
