package wasmbpf.host.inspect;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;

/**
 * Bytes of the running machine as the BTF type they are of, for {@link Json}: bpftool's btf_dumper.c, whose plain form has
 * pointers, bit fields and unprintable characters as numbers in hex where JSON has decimal numbers and strings.
 */
final class BtfValue {
    /** Types within types; real ones nest 15 deep. */
    private static final int MAX_NESTING = 128;
    /** Values shown of one, beside those that its bytes have room for: hostile types have members of no size, within each other. */
    private static final long MAX_VALUES = 1 << 16;
    private static final String TOO_MANY = "(too many values)";
    private static final String OUTSIDE = "(outside the value)";

    private final Btf btf;
    private final ByteBuffer bytes;
    private final boolean plain;
    private int nesting;
    /** Values, and characters of names, that may still be shown. */
    private long left;

    private BtfValue(Btf btf, byte[] bytes, boolean plain) {
        left = MAX_VALUES + 32L * bytes.length;
        this.btf = btf;
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        this.plain = plain;
    }

    /**
     * @param plain the form for people
     * @throws wasmbpf.elf.FormatException if the types are damaged
     */
    static Object of(Btf btf, int typeId, byte[] bytes, boolean plain) {
        return new BtfValue(btf, bytes, plain).value(typeId, 0);
    }

    private Object value(int typeId, long offset) {
        int id = TypeChain.skipModsAndTypedefs(btf, typeId);
        if (id == 0 || nesting >= MAX_NESTING) {
            return "(invalid)";
        }
        if (left-- <= 0) {
            return TOO_MANY;
        }
        nesting++;
        try {
            BtfKind kind = btf.kind(id);
            long size = kind == BtfKind.DATASEC || kind == BtfKind.FUNC || kind == BtfKind.FUNC_PROTO || kind == BtfKind.FWD
                    ? 0 : kind == BtfKind.VAR ? 0 : BtfLayout.sizeOf(btf, id);
            boolean scalar = kind == BtfKind.INT || kind == BtfKind.ENUM || kind == BtfKind.ENUM64;
            if (offset < 0 || size > bytes.capacity() - offset || scalar && size == 0) {
                return OUTSIDE;
            }
            int at = (int) offset;
            return switch (kind) {
                case INT -> integer(id, at);
                case PTR -> {
                    long address = size == 4 ? Integer.toUnsignedLong(bytes.getInt(at)) : bytes.getLong(at);
                    yield plain ? new Json.Raw(address == 0 ? "(nil)" : "0x" + Long.toHexString(address))
                            : new Json.Raw(Long.toUnsignedString(address));
                }
                case ARRAY -> array(id, at);
                case STRUCT, UNION -> composite(id, at);
                case ENUM, ENUM64 -> enumerator(id, at);
                case VAR -> new Json.Members(List.of(Map.entry(btf.name(id), value(btf.sizeOrType(id), offset))));
                case DATASEC -> section(id);
                case FLOAT -> size == 4 ? new Json.Raw(Float.toString(bytes.getFloat(at)))
                        : size == 8 ? new Json.Raw(Double.toString(bytes.getDouble(at))) : "(unsupported)";
                default -> "(unsupported-kind)";
            };
        } finally {
            nesting--;
        }
    }

    private Object integer(int id, int at) {
        int size = btf.sizeOrType(id);
        int bits = bitsOf(id);
        if (bits > 8 * size) {
            return OUTSIDE;
        }
        if (btf.intBitOffset(id) != 0 || bits % 8 != 0) {
            return bits(at * 8L + btf.intBitOffset(id), bits);
        }
        int encoding = btf.intEncoding(id);
        if (bits == 128) {
            long low = bytes.getLong(at + (bytes.order() == ByteOrder.LITTLE_ENDIAN ? 0 : 8));
            long high = bytes.getLong(at + (bytes.order() == ByteOrder.LITTLE_ENDIAN ? 8 : 0));
            return hex(high == 0 ? Long.toHexString(low) : String.format("%x%016x", high, low));
        }
        return switch (encoding) {
            case BtfType.Int.CHAR -> character(bytes.get(at));
            case BtfType.Int.BOOL -> bytes.get(at) != 0;
            default -> number(at, size, encoding == BtfType.Int.SIGNED);
        };
    }

    private int bitsOf(int id) {
        return id != 0 && btf.type(id) instanceof BtfType.Int integer ? integer.bits() : 0;
    }

    private Json.Raw number(int at, int size, boolean signed) {
        return new Json.Raw(switch (size) {
            case 8 -> signed ? Long.toString(bytes.getLong(at)) : Long.toUnsignedString(bytes.getLong(at));
            case 4 -> signed ? Integer.toString(bytes.getInt(at)) : Integer.toUnsignedString(bytes.getInt(at));
            case 2 -> Integer.toString(signed ? bytes.getShort(at) : Short.toUnsignedInt(bytes.getShort(at)));
            default -> Integer.toString(signed ? bytes.get(at) : Byte.toUnsignedInt(bytes.get(at)));
        });
    }

    private Object character(byte c) {
        if (c >= ' ' && c < 0x7f) {
            return String.valueOf((char) c);
        }
        return plain ? new Json.Raw("0x" + Integer.toHexString(Byte.toUnsignedInt(c))) : String.valueOf((char) (c & 0xff));
    }

    private Object hex(String digits) {
        return plain ? new Json.Raw("0x" + digits) : "0x" + digits;
    }

    /** @param bitOffset from the start of the value; as the machine counts bits */
    private Object bits(long bitOffset, int count) {
        if (count <= 0 || count > 64 || bitOffset + count > bytes.capacity() * 8L) {
            return OUTSIDE;
        }
        long value = 0;
        boolean little = bytes.order() == ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < count; i++) {
            long bit = bitOffset + (little ? count - 1 - i : i);
            int octet = bytes.get((int) (bit >> 3));
            int shift = (int) (little ? bit & 7 : 7 - (bit & 7));
            value = value << 1 | octet >> shift & 1;
        }
        return hex(Long.toHexString(value));
    }

    private Object array(int id, int at) {
        int element = btf.arrayElementTypeId(id);
        long count = btf.arrayCount(id);
        String text = text(element, at, count);
        if (text != null) {
            return text;
        }
        long size = BtfLayout.sizeOf(btf, element);
        List<Object> values = new ArrayList<>();
        // An element of no size could be there any number of times.
        for (long i = 0; i < count && (size > 0 || i == 0); i++) {
            Object value = value(element, at + i * size);
            values.add(value);
            if (value == TOO_MANY) {
                break;
            }
        }
        return values;
    }

    /** An array of char that holds a printable NUL-terminated text, as that text; else null: bpftool's is_str_array. */
    private String text(int elementId, int at, long count) {
        int id = TypeChain.skipMods(btf, elementId);
        if (id == 0 || btf.kind(id) != BtfKind.INT || btf.sizeOrType(id) != 1
                || btf.intEncoding(id) != BtfType.Int.CHAR && !btf.name(id).equals("char")) {
            return null;
        }
        for (int end = at; end < at + count; end++) {
            byte c = bytes.get(end);
            if (c == 0) {
                return new String(bytes.array(), at, end - at, StandardCharsets.US_ASCII);
            }
            if (c <= 0x1f || c == 0x7f) {
                return null;
            }
        }
        return null;
    }

    private Object composite(int id, int at) {
        List<Map.Entry<String, Object>> members = new ArrayList<>();
        for (int i = 0; i < btf.vlen(id); i++) {
            long bit = at * 8L + btf.memberBitOffset(id, i);
            int width = btf.memberBitfieldSize(id, i);
            Object value = width != 0 ? bits(bit, width) : (bit & 7) != 0
                    ? bits(bit, bitsOf(TypeChain.skipModsAndTypedefs(btf, btf.memberTypeId(id, i))))
                    : value(btf.memberTypeId(id, i), bit >> 3);
            String name = btf.string(btf.memberNameOffset(id, i));
            left -= name.length() >> 4;
            members.add(Map.entry(name, value));
            if (value == TOO_MANY) {
                break;
            }
        }
        return new Json.Members(members);
    }

    private Object enumerator(int id, int at) {
        boolean wide = btf.kind(id) == BtfKind.ENUM64;
        boolean signed = btf.kindFlag(id);
        int size = btf.sizeOrType(id);
        long value = switch (size) {
            case 8 -> bytes.getLong(at);
            case 4 -> signed || !wide ? bytes.getInt(at) : Integer.toUnsignedLong(bytes.getInt(at));
            case 2 -> signed ? bytes.getShort(at) : Short.toUnsignedLong(bytes.getShort(at));
            default -> signed ? bytes.get(at) : Byte.toUnsignedLong(bytes.get(at));
        };
        for (int i = 0; i < btf.vlen(id); i++) {
            long candidate = btf.enumeratorValue(id, i);
            if (candidate == value || !wide && (int) candidate == (int) value) {
                return btf.string(btf.enumeratorNameOffset(id, i));
            }
        }
        return new Json.Raw(wide && !signed ? Long.toUnsignedString(value) : Long.toString(value));
    }

    private Object section(int id) {
        List<Object> variables = new ArrayList<>();
        BtfType.DataSec section = (BtfType.DataSec) btf.type(id);
        for (BtfType.VarInfo variable : section.vars()) {
            Object value = value(variable.typeId(), Integer.toUnsignedLong(variable.offset()));
            variables.add(value);
            if (value == TOO_MANY) {
                break;
            }
        }
        return new Json.Members(List.of(Map.entry(btf.name(id), variables)));
    }
}
