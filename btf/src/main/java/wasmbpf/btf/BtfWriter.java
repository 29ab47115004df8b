package wasmbpf.btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import wasmbpf.elf.FormatException;

/**
 * An editable copy of a BTF. Type ids and string offsets stay what they are: types are changed in place or added at the
 * end, strings are only added. Types that are not edited keep their very bytes, and without any edit the blob is the one
 * that was read. Ids that edited types name are checked when the result is read ({@link #toBtf}), not here: types may be
 * added in any order.
 */
public final class BtfWriter {
    private final Btf source;
    /** By own index: null for a type as it was read, else its words. */
    private final List<int[]> edited;
    private final ByteArrayOutputStream newStrings = new ByteArrayOutputStream();
    private Map<String, Integer> stringOffsets;
    private boolean dropLayout;
    private boolean changed;

    private BtfWriter(Btf source) {
        this.source = source;
        this.edited = new ArrayList<>(Arrays.asList(new int[source.typeCount() - source.startId()][]));
    }

    /** A copy of {@code btf} to edit; of a split BTF, its own types, on the same base. */
    public static BtfWriter of(Btf btf) {
        return new BtfWriter(btf);
    }

    /** A BTF without types. */
    public static BtfWriter empty(ByteOrder order) {
        return emptySplit(order, null);
    }

    /** A BTF without types of its own, to continue {@code base}. */
    public static BtfWriter emptySplit(ByteOrder order, Btf base) {
        byte[] blob = new byte[Btf.HEADER_BYTES + (base == null ? 1 : 0)];
        ByteBuffer.wrap(blob).order(order).putShort((short) Btf.MAGIC).put((byte) 1).put((byte) 0)
                .putInt(Btf.HEADER_BYTES).putInt(0).putInt(0).putInt(0).putInt(base == null ? 1 : 0);
        return new BtfWriter(BtfReader.readSplit("new BTF", blob, base));
    }

    /** As {@link Btf#typeCount}, added types included. */
    public int typeCount() {
        return source.startId() + edited.size();
    }

    /**
     * The type as it stands now. Of an edited or added type this costs as much as {@link #toBtf}.
     *
     * @throws FormatException if it cannot be read
     */
    public BtfType type(int id) {
        if (id >= source.typeCount() || id >= source.startId() && edited.get(id - source.startId()) != null) {
            return toBtf().type(id);
        }
        return source.type(id);
    }

    /** Makes {@code id} another type, of any kind and length. */
    public void replace(int id, BtfType type) {
        edited.set(ownIndex(id), TypeEncoder.encode(type, this::addString));
        changed = true;
    }

    /** Adds a type and returns its id. */
    public int add(BtfType type) {
        edited.add(TypeEncoder.encode(type, this::addString));
        changed = true;
        return typeCount() - 1;
    }

    /** Gives a type another name; "" for none. */
    public void rename(int id, String name) {
        words(id)[0] = addString(name);
        changed = true;
    }

    /** Sets the linkage of a FUNC. */
    public void setLinkage(int funcId, FuncLinkage linkage) {
        int[] words = words(funcId);
        require(funcId, words, BtfKind.FUNC);
        words[1] = words[1] & ~0xffffff | linkage.number();
        changed = true;
    }

    /** Sets the linkage of a VAR. */
    public void setLinkage(int varId, VarLinkage linkage) {
        int[] words = words(varId);
        require(varId, words, BtfKind.VAR);
        words[3] = linkage.number();
        changed = true;
    }

    /** Sets size and variables of a DATASEC, whose name stays. */
    public void setDataSec(int dataSecId, int sizeBytes, List<BtfType.VarInfo> vars) {
        int[] words = words(dataSecId);
        require(dataSecId, words, BtfKind.DATASEC);
        int[] replacement = TypeEncoder.encode(new BtfType.DataSec("", sizeBytes, vars), this::addString);
        replacement[0] = words[0];
        edited.set(ownIndex(dataSecId), replacement);
        changed = true;
    }

    /** Leaves the layout section out: kernels that do not know it refuse the longer header. */
    public void dropLayout() {
        if (source.headerBytes() > Btf.HEADER_BYTES) {
            dropLayout = true;
            changed = true;
        }
    }

    /** The offset of a string, which is added if no string of this BTF or its base is equal to it. */
    public int addString(String text) {
        Objects.requireNonNull(text);
        if (text.isEmpty()) {
            return 0;
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("string has a NUL in it");
        }
        if (stringOffsets == null) {
            stringOffsets = new HashMap<>();
            collectStrings(source, stringOffsets);
        }
        Integer known = stringOffsets.get(text);
        if (known != null) {
            return known;
        }
        int offset = source.startString() + source.stringBytes() + newStrings.size();
        newStrings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        newStrings.write(0);
        stringOffsets.put(text, offset);
        changed = true;
        return offset;
    }

    /** Only own strings: a base is a kernel's, whose 100,000 strings are not worth sharing with. */
    private static void collectStrings(Btf btf, Map<String, Integer> offsets) {
        byte[] bytes = btf.bytes();
        int end = btf.stringsAt() + btf.stringBytes();
        for (int from = btf.stringsAt(); from < end; ) {
            int nul = from;
            while (bytes[nul] != 0) {
                nul++;
            }
            offsets.putIfAbsent(new String(bytes, from, nul - from, StandardCharsets.UTF_8),
                    btf.startString() + from - btf.stringsAt());
            from = nul + 1;
        }
    }

    /** The blob, in the byte order of the source. */
    public byte[] toBytes() {
        if (!changed) {
            return source.bytes().clone();
        }
        boolean little = source.littleEndian();
        ByteOrder order = source.order();
        int typeBytes = 0;
        for (int i = 0; i < edited.size(); i++) {
            int[] words = edited.get(i);
            typeBytes = Math.addExact(typeBytes, words != null ? words.length * 4 : sourceLength(i));
        }
        int headerBytes = dropLayout ? Btf.HEADER_BYTES : source.headerBytes();
        int layoutBytes = dropLayout ? 0 : source.layoutBytes();
        int stringBytes = Math.addExact(source.stringBytes(), newStrings.size());
        ByteBuffer out = ByteBuffer.allocate(Math.addExact(headerBytes + typeBytes + layoutBytes, stringBytes))
                .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        out.put(source.bytes(), 0, headerBytes);
        for (int i = 0; i < edited.size(); i++) {
            int[] words = edited.get(i);
            if (words == null) {
                out.put(source.bytes(), source.offsetOf(source.startId() + i), sourceLength(i));
            } else {
                for (int word : words) {
                    out.putInt(word);
                }
            }
        }
        out.put(source.bytes(), source.layoutAt(), layoutBytes);
        out.put(source.bytes(), source.stringsAt(), source.stringBytes());
        out.put(newStrings.toByteArray());
        out.putInt(4, headerBytes).putInt(8, 0).putInt(12, typeBytes).putInt(16, typeBytes + layoutBytes)
                .putInt(20, stringBytes);
        if (headerBytes >= Btf.HEADER_WITH_LAYOUT_BYTES) {
            out.putInt(24, layoutBytes == 0 ? 0 : typeBytes).putInt(28, layoutBytes);
        }
        return out.order(order).array();
    }

    /**
     * The blob in the byte order asked for: BPF_BTF_LOAD wants the machine's.
     *
     * @throws FormatException if the order is another one and a type is of an unknown kind
     */
    public byte[] toBytes(ByteOrder order) {
        byte[] blob = toBytes();
        if (order == source.order()) {
            return blob;
        }
        Btf btf = BtfReader.readSplit(source.file(), blob, source.base());
        for (int id = btf.startId(); id < btf.typeCount(); id++) {
            if (btf.kind(id) == BtfKind.UNKN) {
                throw btf.error(id, "an unknown kind cannot be turned to the other byte order");
            }
        }
        byte[] turned = blob.clone();
        ByteSwap.halves(turned, 0, 2);
        ByteSwap.words(turned, 4, Math.min(btf.headerBytes(), Btf.HEADER_WITH_LAYOUT_BYTES) & ~3);
        ByteSwap.words(turned, btf.typesAt(), btf.typesAt() + btf.typeBytes());
        for (int at = btf.layoutAt(); at < btf.layoutAt() + btf.layoutBytes(); at += 4) {
            ByteSwap.halves(turned, at + 2, at + 4);
        }
        return turned;
    }

    /** The result as a BTF, every type of it checked. */
    public Btf toBtf() {
        Btf btf = BtfReader.readSplit(source.file(), toBytes(), source.base());
        BtfReader.check(btf);
        return btf;
    }

    private int ownIndex(int id) {
        if (id < source.startId() || id >= typeCount()) {
            throw new IllegalArgumentException("type " + id + " is not one of the own types " + source.startId()
                    + " to " + (typeCount() - 1));
        }
        return id - source.startId();
    }

    /** The words of a type, from now on edited in place. */
    private int[] words(int id) {
        int index = ownIndex(id);
        int[] words = edited.get(index);
        if (words == null) {
            int at = source.offsetOf(id);
            words = new int[sourceLength(index) / 4];
            for (int i = 0; i < words.length; i++) {
                words[i] = source.word(at + 4 * i);
            }
            edited.set(index, words);
        }
        return words;
    }

    private int sourceLength(int index) {
        int at = source.offsetOf(source.startId() + index);
        int next = source.startId() + index + 1;
        return (next < source.typeCount() ? source.offsetOf(next) : source.typesAt() + source.typeBytes()) - at;
    }

    private static void require(int id, int[] words, BtfKind kind) {
        if (BtfKind.of(words[1] >>> 24 & 0x7f) != kind) {
            throw new IllegalArgumentException("type " + id + " is no " + kind);
        }
    }
}
