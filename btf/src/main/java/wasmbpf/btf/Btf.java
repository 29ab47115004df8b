package wasmbpf.btf;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import wasmbpf.elf.FormatException;

/**
 * The types of one BTF blob: its bytes and an array of the places where types start. Records are made when asked for,
 * and nothing is kept of them; names are looked up without making any. A split BTF (kernel module) continues the ids and
 * string offsets of its base, which it holds.
 *
 * <pre>
 *  header   0 magic eb9f  2 version  3 flags  4 hdr_len  8 type_off 12 type_len 16 str_off 20 str_len [24 layout_off 28 layout_len]
 *  type     0 name_off    4 info = kflag:1 kind:7 vlen:24    8 size or type    then what its kind adds
 * </pre>
 *
 * Immutable, and safe to share between threads; the index of names is built by the first thread that needs it. Made by
 * {@link BtfReader} or {@link BtfWriter}.
 */
public final class Btf {
    static final int MAGIC = 0xeb9f;
    static final int HEADER_BYTES = 24;
    static final int HEADER_WITH_LAYOUT_BYTES = 32;
    static final int TYPE_BYTES = 12;

    private static final int MAX_STRING_BYTES = 1 << 16;

    private final String file;
    private final byte[] bytes;
    private final boolean littleEndian;
    private final Btf base;
    private final int startId;
    private final int[] offsets;
    private final int typeCount;
    private final int stringsAt;
    private final int stringBytes;
    private final int startString;
    private final int headerBytes;
    private final int typesAt;
    private final int typeBytes;
    private final int layoutAt;
    private final int layoutBytes;
    private final int pointerSize;
    private volatile NameIndex functionNames;
    private volatile NameIndex otherNames;
    /** Alignments of own composites found so far, by own index; a lost write by a race is found again. */
    private byte[] aligns;

    Btf(String file, byte[] bytes, BtfHeader header, int[] offsets, int ownTypes, Btf base) {
        this.file = file;
        this.bytes = bytes;
        this.littleEndian = header.littleEndian();
        this.base = base;
        this.startId = base == null ? 1 : base.typeCount;
        this.offsets = offsets;
        this.typeCount = startId + ownTypes;
        this.headerBytes = header.headerBytes();
        this.typesAt = header.typesAt();
        this.typeBytes = header.typeBytes();
        this.layoutAt = header.layoutAt();
        this.layoutBytes = header.layoutBytes();
        this.stringsAt = header.stringsAt();
        this.stringBytes = header.stringBytes();
        this.startString = base == null ? 0 : base.startString + base.stringBytes;
        this.pointerSize = base != null ? base.pointerSize : PointerSize.guess(this);
    }

    /** As given to the reader; used in messages. */
    public String file() {
        return file;
    }

    /** Number of ids, void and the base's types included: ids are 0 to {@code typeCount() - 1}. */
    public int typeCount() {
        return typeCount;
    }

    /** The first id that is this BTF's own: 1 without a base. */
    public int startId() {
        return startId;
    }

    /** The BTF that this one continues, or null. */
    public Btf base() {
        return base;
    }

    public ByteOrder order() {
        return littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    /** 4 or 8: the size of the first type named as a {@code long}, else 8. libbpf {@code btf__pointer_size}. */
    public int pointerSize() {
        return pointerSize;
    }

    /** The blob as it was read or written, in {@link #order()}; must not be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether a layout section describes the kinds (libbpf 1.8, Linux 7.x). */
    public boolean hasLayout() {
        return layoutBytes != 0;
    }

    /** The kind of a type, without making it; UNKN for void. */
    public BtfKind kind(int id) {
        return id == 0 ? BtfKind.UNKN : BtfKind.of(kindNumber(id));
    }

    /** The name of a type, without making it; "" if it has none. */
    public String name(int id) {
        return id == 0 ? "" : string(nameOffset(id));
    }

    /** Elements of a type: members, enumerators, parameters, variables. A FUNC has its linkage here. */
    public int vlen(int id) {
        return id == 0 ? 0 : info(id) & 0xffffff;
    }

    public boolean kindFlag(int id) {
        return id != 0 && info(id) < 0;
    }

    /** The third word of a type: a size or a type id (unchecked), as its kind has it. */
    public int sizeOrType(int id) {
        return id == 0 ? 0 : owner(id).wordOf(id, 8);
    }

    /** The offset of a type's name, for {@link #string}; 0 if it has none. Equal offsets are equal names. */
    public int nameOffset(int id) {
        return id == 0 ? 0 : owner(id).wordOf(id, 0);
    }

    /** Whether the type is named exactly so; makes no object if {@code name} comes from {@link #encodeName}. */
    public boolean nameEquals(int id, byte[] name) {
        return stringEquals(nameOffset(id), name);
    }

    // Elements of a type one by one, for code that looks at many and keeps none (CO-RE). Ids and name offsets come
    // unchecked, as every method that takes one checks it.

    /** The name offset of member {@code index} of a STRUCT or UNION; 0 or the offset of "" if it is anonymous. */
    public int memberNameOffset(int id, int index) {
        return elementWord(id, index, 12, 0);
    }

    public int memberTypeId(int id, int index) {
        return elementWord(id, index, 12, 4);
    }

    /**
     * The first member from index {@code from} on that bears that name (see {@link #encodeName}) or none, which is to
     * say an anonymous struct or union that may have it; -1 if there is no such member. CO-RE's innermost loop, run a few
     * thousand times before anything is compiled: so it calls nothing for a member that is not it.
     *
     * @param id of a STRUCT or UNION
     */
    public int nextMemberNamedOrAnonymous(int id, int from, byte[] name) {
        Btf owner = owner(id);
        byte[] b = owner.bytes;
        int stringsEnd = owner.stringsAt + owner.stringBytes;
        int toString = owner.stringsAt - owner.startString;
        int first = name.length == 0 ? 0 : name[0];
        int at = owner.offsets[id - owner.startId];
        int n = owner.word(at + 4) & 0xffffff;
        at += TYPE_BYTES + from * 12;
        for (int i = from; i < n; i++, at += 12) {
            int nameOffset = owner.littleEndian
                    ? b[at] & 0xff | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff) << 16 | b[at + 3] << 24
                    : b[at] << 24 | (b[at + 1] & 0xff) << 16 | (b[at + 2] & 0xff) << 8 | b[at + 3] & 0xff;
            if (nameOffset == 0) {
                return i;
            }
            if (nameOffset < owner.startString || nameOffset - owner.startString >= owner.stringBytes) {
                // In the base's strings, or nowhere.
                if (stringEquals(nameOffset, name) || string(nameOffset).isEmpty()) {
                    return i;
                }
                continue;
            }
            int start = toString + nameOffset;
            int c = b[start];
            if (c == 0 || c == first && name.length < stringsEnd - start && b[start + name.length] == 0
                    && Arrays.equals(b, start, start + name.length, name, 0, name.length)) {
                return i;
            }
        }
        return -1;
    }

    /** Bits from the start of the composite, a u32. */
    public long memberBitOffset(int id, int index) {
        int offset = elementWord(id, index, 12, 8);
        return kindFlag(id) ? offset & 0xffffff : offset & 0xffffffffL;
    }

    /** Bits of a bit field, 0 if the member is none. */
    public int memberBitfieldSize(int id, int index) {
        return kindFlag(id) ? elementWord(id, index, 12, 8) >>> 24 : 0;
    }

    /** The name offset of value {@code index} of an ENUM or ENUM64. */
    public int enumeratorNameOffset(int id, int index) {
        return elementWord(id, index, kind(id).elementBytes(), 0);
    }

    /** The value, extended as {@link BtfType.Enumerator} has it. */
    public long enumeratorValue(int id, int index) {
        if (kind(id) == BtfKind.ENUM64) {
            return elementWord(id, index, 12, 4) & 0xffffffffL | (long) elementWord(id, index, 12, 8) << 32;
        }
        int value = elementWord(id, index, 8, 4);
        return kindFlag(id) ? value : value & 0xffffffffL;
    }

    /** The type of parameter {@code index} of a FUNC_PROTO. */
    public int paramTypeId(int id, int index) {
        return elementWord(id, index, 8, 4);
    }

    /** The name offset of parameter {@code index} of a FUNC_PROTO. */
    public int paramNameOffset(int id, int index) {
        return elementWord(id, index, 8, 0);
    }

    public int arrayElementTypeId(int id) {
        return owner(id).wordOf(id, 12);
    }

    public int arrayIndexTypeId(int id) {
        return owner(id).wordOf(id, 16);
    }

    /** The VAR or FUNC of variable {@code index} of a DATASEC. */
    public int variableTypeId(int id, int index) {
        return elementWord(id, index, 12, 0);
    }

    /** Elements of an ARRAY, a u32. */
    public long arrayCount(int id) {
        return owner(id).wordOf(id, 20) & 0xffffffffL;
    }

    /** The encoding of an INT: {@link BtfType.Int#SIGNED} and the others. */
    public int intEncoding(int id) {
        return owner(id).wordOf(id, 12) >>> 24 & 15;
    }

    /** The first bit used by an INT, not 0 only for bit fields of old compilers. */
    public int intBitOffset(int id) {
        return owner(id).wordOf(id, 12) >>> 16 & 0xff;
    }

    private int elementWord(int id, int index, int elementBytes, int field) {
        Btf owner = owner(id);
        int vlen = owner.wordOf(id, 4) & 0xffffff;
        if (index < 0 || index >= vlen) {
            throw error(id, "has no element " + index + ", it has " + vlen);
        }
        return owner.wordOf(id, TYPE_BYTES + index * elementBytes + field);
    }

    /** Whether the string at an offset is {@code text}, see {@link #encodeName}. */
    public boolean stringEquals(int offset, byte[] text) {
        Btf owner = stringOwner(offset);
        int from = owner.stringsAt + (offset - owner.startString);
        int end = owner.stringsAt + owner.stringBytes;
        return text.length < end - from && owner.bytes[from + text.length] == 0
                && Arrays.equals(owner.bytes, from, from + text.length, text, 0, text.length);
    }

    /** A name as {@link #nameEquals} compares it. */
    public static byte[] encodeName(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The string at an offset, of the base if the offset lies there.
     *
     * @throws FormatException if it lies in neither, or is longer than 64 KiB
     */
    public String string(int offset) {
        if (offset == 0) {
            return "";
        }
        Btf owner = stringOwner(offset);
        int from = owner.stringsAt + (offset - owner.startString);
        int length = owner.lengthAt(from);
        return new String(owner.bytes, from, length, StandardCharsets.UTF_8);
    }

    /** A hash of the essential name at an offset; 0 for a string that cannot be read, as nobody can look it up. */
    int essentialHash(int offset) {
        if (offset < 0 || offset >= startString + stringBytes) {
            return 0;
        }
        Btf owner = stringOwner(offset);
        int from = owner.stringsAt + (offset - owner.startString);
        return EssentialName.hash(owner.bytes, from, owner.stringsAt + owner.stringBytes);
    }

    /** Whether the {@linkplain EssentialName essential} part of the string at an offset is {@code name}. */
    public boolean essentialNameEquals(int offset, byte[] name) {
        Btf owner = stringOwner(offset);
        int from = owner.stringsAt + (offset - owner.startString);
        byte[] b = owner.bytes;
        if (name.length >= owner.stringsAt + owner.stringBytes - from
                || !Arrays.equals(b, from, from + name.length, name, 0, name.length)) {
            return false;
        }
        int nul = from + name.length;
        while (b[nul] != 0) {
            nul++;
        }
        return EssentialName.length(b, from, nul) == name.length;
    }

    /**
     * The lowest id of that kind and name, base first, or -1. "void" is 0, as in libbpf
     * {@code btf__find_by_name_kind}. The first call builds the index of names.
     */
    public int find(BtfKind kind, String name) {
        if (kind == BtfKind.UNKN || name.equals("void")) {
            return 0;
        }
        if (base != null) {
            int id = base.find(kind, name);
            if (id >= 0) {
                return id;
            }
        }
        return findOwn(kind, name);
    }

    /** As {@link #find}, among this BTF's own types only. */
    public int findOwn(BtfKind kind, String name) {
        return nameIndex(kind == BtfKind.FUNC).find(kind, encodeName(name));
    }

    /** The ids of all types named exactly so, base first, ascending. */
    public int[] idsNamed(String name) {
        return ids(name, false);
    }

    /**
     * The ids of all types but functions whose {@linkplain EssentialName essential name} is {@code essentialName}: what
     * CO-RE takes for candidates. Base first, ascending.
     */
    public int[] idsOfEssentialName(String essentialName) {
        return ids(essentialName, true);
    }

    private int[] ids(String name, boolean essential) {
        byte[] encoded = encodeName(name);
        int[] own = nameIndex(false).ids(encoded, essential);
        if (!essential) {
            own = concat(own, nameIndex(true).ids(encoded, false));
            Arrays.sort(own);
        }
        return base == null ? own : concat(base.ids(name, essential), own);
    }

    private static int[] concat(int[] first, int[] second) {
        int[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private NameIndex nameIndex(boolean functions) {
        NameIndex index = functions ? functionNames : otherNames;
        if (index == null) {
            index = NameIndex.of(this, functions);
            if (functions) {
                functionNames = index;
            } else {
                otherNames = index;
            }
        }
        return index;
    }

    /**
     * The type as a record, made anew by each call.
     *
     * @throws FormatException if there is no such id, or the type names an id or string that does not exist
     */
    public BtfType type(int id) {
        return id == 0 ? TypeRecords.VOID : TypeRecords.of(owner(id), id);
    }

    FormatException error(int id, String message) {
        String kind = id > 0 && id < typeCount ? " " + kind(id) : "";
        return new FormatException(file + ": BTF type " + id + kind + ": " + message);
    }

    // Raw access for this package. Offsets are into bytes().

    private int info(int id) {
        return owner(id).wordOf(id, 4);
    }

    private int kindNumber(int id) {
        return info(id) >>> 24 & 0x7f;
    }

    private Btf owner(int id) {
        if (id <= 0 || id >= typeCount) {
            throw new FormatException(file + ": BTF type " + Integer.toUnsignedString(id) + " of " + typeCount
                    + " does not exist");
        }
        Btf owner = this;
        while (id < owner.startId) {
            owner = owner.base;
        }
        return owner;
    }

    private Btf stringOwner(int offset) {
        Btf owner = this;
        while (offset >= 0 && offset < owner.startString) {
            owner = owner.base;
        }
        // An empty table still has its "" at 0: libbpf lets a split BTF be without strings.
        if (offset < 0 || offset - owner.startString >= owner.stringBytes) {
            throw new FormatException(file + ": BTF string at offset 0x" + Integer.toHexString(offset)
                    + " lies outside the " + (owner.startString + owner.stringBytes) + " bytes of strings");
        }
        return owner;
    }

    private int lengthAt(int from) {
        byte[] b = bytes;
        int nul = from;
        // The last byte of the strings is a NUL: checked by the reader.
        while (b[nul] != 0) {
            nul++;
        }
        if (nul - from > MAX_STRING_BYTES) {
            throw new FormatException(file + ": BTF string at offset 0x" + Integer.toHexString(from - stringsAt)
                    + " has " + (nul - from) + " bytes");
        }
        return nul - from;
    }

    private int wordOf(int id, int field) {
        return word(offsets[id - startId] + field);
    }

    int word(int at) {
        byte[] b = bytes;
        return littleEndian
                ? b[at] & 0xff | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff) << 16 | b[at + 3] << 24
                : b[at] << 24 | (b[at + 1] & 0xff) << 16 | (b[at + 2] & 0xff) << 8 | b[at + 3] & 0xff;
    }

    int cachedAlign(int compositeId) {
        Btf owner = owner(compositeId);
        byte[] known = owner.aligns;
        return known == null ? 0 : known[compositeId - owner.startId];
    }

    void cacheAlign(int compositeId, int align) {
        Btf owner = owner(compositeId);
        byte[] known = owner.aligns;
        if (known == null) {
            known = new byte[owner.typeCount - owner.startId];
            owner.aligns = known;
        }
        known[compositeId - owner.startId] = (byte) align;
    }

    /** Where an own type starts in {@link #bytes()}. */
    int offsetOf(int ownId) {
        return offsets[ownId - startId];
    }

    int headerBytes() {
        return headerBytes;
    }

    int typesAt() {
        return typesAt;
    }

    int typeBytes() {
        return typeBytes;
    }

    int layoutAt() {
        return layoutAt;
    }

    int layoutBytes() {
        return layoutBytes;
    }

    int stringsAt() {
        return stringsAt;
    }

    int stringBytes() {
        return stringBytes;
    }

    /** The offset of this BTF's own first string, the length of all strings of its bases. */
    int startString() {
        return startString;
    }

    boolean littleEndian() {
        return littleEndian;
    }
}
