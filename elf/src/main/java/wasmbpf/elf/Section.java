package wasmbpf.elf;

/**
 * One section header, and the way to its bytes. Whether the bytes lie within the file is checked when they are asked
 * for, so that a file with one bad section nobody reads is still of use (as with libelf).
 */
public final class Section {
    private final ElfFile file;
    private final int index;
    private final String name;
    private final int typeNumber;
    private final SectionType type;
    private final long flags;
    private final long address;
    private final long offset;
    private final long size;
    private final int link;
    private final int info;
    private final long align;
    private final long entrySize;

    Section(ElfFile file, int index, String name, int typeNumber, long flags, long address, long offset, long size,
            int link, int info, long align, long entrySize) {
        this.file = file;
        this.index = index;
        this.name = name;
        this.typeNumber = typeNumber;
        this.type = SectionType.of(typeNumber);
        this.flags = flags;
        this.address = address;
        this.offset = offset;
        this.size = size;
        this.link = link;
        this.info = info;
        this.align = align;
        this.entrySize = entrySize;
    }

    public int index() {
        return index;
    }

    public String name() {
        return name;
    }

    public SectionType type() {
        return type;
    }

    /** The {@code sh_type} itself, also when {@link #type()} is OTHER. */
    public int typeNumber() {
        return typeNumber;
    }

    /** Bits of {@link SectionFlags}. */
    public long flags() {
        return flags;
    }

    public boolean isExecutable() {
        return (flags & SectionFlags.EXECINSTR) != 0;
    }

    public long address() {
        return address;
    }

    /** Where its bytes start in the file. */
    public long offset() {
        return offset;
    }

    /** Bytes; for NOBITS, bytes of memory. A huge u64 is negative: {@link #bytes} refuses it. */
    public long size() {
        return size;
    }

    public int link() {
        return link;
    }

    public int info() {
        return info;
    }

    public long align() {
        return align;
    }

    public long entrySize() {
        return entrySize;
    }

    /** A fresh copy of its bytes; empty for NOBITS, whose {@link #size()} bytes are all zero. */
    public byte[] bytes() {
        ByteReader reader = reader();
        return reader.bytes("contents", reader.size());
    }

    /** A reader over its bytes, without a copy if the file is in memory. */
    public ByteReader reader() {
        if (type == SectionType.NOBITS) {
            return ByteReader.of(file.name(), part(), new byte[0], file.order());
        }
        return file.reader(part(), offset, size);
    }

    private String part() {
        return "section " + index + " \"" + name + "\"";
    }

    @Override
    public String toString() {
        return part() + " " + type + " offset 0x" + Long.toHexString(offset) + " size 0x" + Long.toHexString(size);
    }
}
