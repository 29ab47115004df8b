package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * One map of an object: what the file says, and what the caller changes before it is created.
 *
 * <p>Setters may be called until the object is loaded; not thread safe. Types and flags are the kernel's numbers,
 * since a file may name a map type newer than this library.
 */
public final class MapSpec {
    /** Where the map comes from. */
    public enum Kind {
        /** Declared by the program's author in {@code .maps} (or in the legacy {@code maps} section). */
        USER,
        /** {@code .data} and {@code .data.*}. */
        DATA,
        /** {@code .rodata} and {@code .rodata.*}: frozen after it is filled. */
        RODATA,
        /** {@code .bss} and {@code .bss.*}. */
        BSS,
        /** Values of the {@code __kconfig} externs: frozen after it is filled. */
        KCONFIG,
        /** One variable of {@code .struct_ops} or {@code .struct_ops.link}. */
        STRUCT_OPS
    }

    /** The {@code pinning} member of a map definition: {@code enum libbpf_pin_type}. */
    public enum Pinning {
        NONE,
        /** Shared by name in a directory of bpffs. */
        BY_NAME
    }

    /**
     * What one slot of a map of maps or of a program array is set to when it is created.
     *
     * @param index   key in the outer map
     * @param map     the map to put there, or null
     * @param program the program to put there, or null
     */
    public record Slot(int index, MapSpec map, ProgramSpec program) {
    }

    private final int index;
    private final Kind kind;
    private final String name;
    private final String sectionName;
    private final int sectionIndex;
    private final long sectionOffset;
    private final int variableId;

    private int type;
    private int keySize;
    private int valueSize;
    private int maxEntries;
    private int flags;
    private long extra;
    private int numaNode;
    private int ifindex;
    private int keyTypeId;
    private int valueTypeId;
    private Pinning pinning = Pinning.NONE;
    private String pinPath;
    private int reuseFd = -1;
    private int innerFd = -1;
    private boolean autocreate = true;
    private boolean autoattach = true;
    private MapSpec inner;
    private byte[] initialValue;
    private StructOpsSpec structOps;
    private final List<Slot> slots = new ArrayList<>();
    private final List<Variable> variables = new ArrayList<>();

    MapSpec(int index, Kind kind, String name, String sectionName, int sectionIndex, long sectionOffset,
            int variableId) {
        this.index = index;
        this.kind = kind;
        this.name = name;
        this.sectionName = sectionName;
        this.sectionIndex = sectionIndex;
        this.sectionOffset = sectionOffset;
        this.variableId = variableId;
    }

    /** Place in {@link ObjectSpec#maps()}; -1 for an inner map template. */
    public int index() {
        return index;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the library made the map from a data section. */
    public boolean internal() {
        return switch (kind) {
            case DATA, RODATA, BSS, KCONFIG -> true;
            case USER, STRUCT_OPS -> false;
        };
    }

    /**
     * The name the kernel gets (cut to 15 characters): as declared, or for internal maps the start of the object's
     * name and the section's.
     */
    public String name() {
        return name;
    }

    /** For internal maps the full name of the section, as {@code .rodata.str1.1}; else {@link #name()}. */
    public String realName() {
        return internal() ? sectionName : name;
    }

    /** ELF section it is declared in. */
    public int sectionIndex() {
        return sectionIndex;
    }

    /** Byte offset of its definition in that section, which relocations name it by. */
    public long sectionOffset() {
        return sectionOffset;
    }

    /** BTF id of the VAR that defines it, or 0. */
    public int variableId() {
        return variableId;
    }

    /** {@code enum bpf_map_type}. */
    public int type() {
        return type;
    }

    public MapSpec type(int value) {
        type = value;
        return this;
    }

    /** Bytes. */
    public int keySize() {
        return keySize;
    }

    public MapSpec keySize(int bytes) {
        keySize = bytes;
        return this;
    }

    /** Bytes. */
    public int valueSize() {
        return valueSize;
    }

    /**
     * Sets the value size. For a data section map the image is cut or extended with zeroes, and its last variable, if
     * that is an array, will have as many elements as fit: {@code bpf_map__set_value_size}.
     */
    public MapSpec valueSize(int bytes) {
        valueSize = bytes;
        if (internal() && initialValue != null) {
            initialValue = Arrays.copyOf(initialValue, bytes);
        }
        return this;
    }

    /** An unsigned 32-bit number. */
    public int maxEntries() {
        return maxEntries;
    }

    public MapSpec maxEntries(int value) {
        maxEntries = value;
        return this;
    }

    /** {@code BPF_F_*}. */
    public int flags() {
        return flags;
    }

    public MapSpec flags(int value) {
        flags = value;
        return this;
    }

    /** {@code map_extra}: hash functions of a bloom filter, user address of an arena. */
    public long extra() {
        return extra;
    }

    public MapSpec extra(long value) {
        extra = value;
        return this;
    }

    public int numaNode() {
        return numaNode;
    }

    public MapSpec numaNode(int value) {
        numaNode = value;
        return this;
    }

    /** Device the map is offloaded to, or 0. */
    public int ifindex() {
        return ifindex;
    }

    public MapSpec ifindex(int value) {
        ifindex = value;
        return this;
    }

    /** BTF id of the key's type, or 0. */
    public int keyTypeId() {
        return keyTypeId;
    }

    public MapSpec keyTypeId(int id) {
        keyTypeId = id;
        return this;
    }

    /** BTF id of the value's type (the DATASEC of an internal map, the local struct of a struct_ops map), or 0. */
    public int valueTypeId() {
        return valueTypeId;
    }

    public MapSpec valueTypeId(int id) {
        valueTypeId = id;
        return this;
    }

    public Pinning pinning() {
        return pinning;
    }

    public MapSpec pinning(Pinning value) {
        pinning = value;
        return this;
    }

    /** Where to pin it, or null: then {@link Pinning#BY_NAME} means its name below the loader's pin directory. */
    public String pinPath() {
        return pinPath;
    }

    public MapSpec pinPath(String path) {
        pinPath = path;
        return this;
    }

    /** Descriptor of the map that is used instead of a new one, or -1. */
    public int reuseFd() {
        return reuseFd;
    }

    /**
     * Uses a map that is there: libbpf {@code bpf_map__reuse_fd}. Its type, sizes and flags count, whatever the file says.
     *
     * @param fd duplicated when the object is loaded; stays the caller's
     */
    public MapSpec reuseFd(int fd) {
        reuseFd = fd;
        return this;
    }

    /** Takes over what a reused map is. */
    public MapSpec like(int otherType, int otherKeySize, int otherValueSize, int otherEntries, int otherFlags,
                        long otherExtra) {
        type = otherType;
        keySize = otherKeySize;
        valueSize = otherValueSize;
        maxEntries = otherEntries;
        flags = otherFlags;
        extra = otherExtra;
        return this;
    }

    /** Descriptor of the map that inner maps have to be like, or -1: then {@link #inner}. */
    public int innerFd() {
        return innerFd;
    }

    /** Gives a map as the template of inner maps: {@code bpf_map__set_inner_map_fd}. It stays the caller's. */
    public MapSpec innerFd(int fd) {
        innerFd = fd;
        return this;
    }

    /** Whether loading creates it; instructions that refer to a map that is not there are poisoned. */
    public boolean autocreate() {
        return autocreate;
    }

    public MapSpec autocreate(boolean value) {
        autocreate = value;
        return this;
    }

    /** For struct_ops maps: whether attaching the whole object attaches it. */
    public boolean autoattach() {
        return autoattach;
    }

    public MapSpec autoattach(boolean value) {
        autoattach = value;
        return this;
    }

    /** For a map of maps, the template of its inner maps; else null. */
    public MapSpec inner() {
        return inner;
    }

    public MapSpec inner(MapSpec template) {
        inner = template;
        return this;
    }

    /** What its slots start as, by rising index; only for maps of maps and program arrays. */
    public List<Slot> slots() {
        return Collections.unmodifiableList(slots);
    }

    void slot(Slot slot) {
        slots.removeIf(each -> each.index() == slot.index());
        int at = 0;
        while (at < slots.size() && slots.get(at).index() < slot.index()) {
            at++;
        }
        slots.add(at, slot);
    }

    /** Length of the slot table as libbpf counts it: highest index + 1, or 0. */
    public int slotCount() {
        return slots.isEmpty() ? 0 : slots.getLast().index() + 1;
    }

    /**
     * The image an internal map is filled with, an arena's global variables, or null. The array itself, not a copy:
     * writing to it before the load is how a caller sets {@code .rodata}. {@link #variables} names its parts.
     */
    public byte[] initialValue() {
        // Zeroes are made when someone asks: a hostile file may declare a .bss of 2 GiB that no one loads.
        if (initialValue == null && internal()) {
            initialValue = new byte[valueSize];
        }
        return initialValue;
    }

    MapSpec image(byte[] bytes) {
        initialValue = bytes;
        return this;
    }

    /**
     * Sets the whole image: libbpf {@code bpf_map__set_initial_value}.
     *
     * @throws IllegalArgumentException if this is no data section, or the length is not {@link #valueSize}
     */
    public MapSpec initialValue(byte[] image) {
        byte[] own = initialValue();
        if (own == null || own.length != image.length) {
            throw new IllegalArgumentException("map \"" + realName() + "\" has " + (own == null ? "no image"
                    : "an image of " + own.length + " bytes, not " + image.length));
        }
        System.arraycopy(image, 0, own, 0, own.length);
        return this;
    }

    /** The variables of a data section map that BTF names, by rising offset; empty for other maps. */
    public List<Variable> variables() {
        return Collections.unmodifiableList(variables);
    }

    void addVariable(Variable variable) {
        variables.add(variable);
    }

    /** What a struct_ops map holds; null for other maps. */
    public StructOpsSpec structOps() {
        return structOps;
    }

    void structOps(StructOpsSpec value) {
        structOps = value;
    }

    @Override
    public String toString() {
        return "map \"" + realName() + "\" type " + type + " key " + keySize + " value " + valueSize + " max "
                + Integer.toUnsignedString(maxEntries);
    }
}
