package wasmbpf.elf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes ELF64 files for tests, section by section; names go into a string table that is added last. */
final class ElfBuilder {
    private record Part(String name, int type, long flags, byte[] bytes, long size, int link, int info, long entrySize) {
    }

    private final ByteOrder order;
    private final int machine;
    private final List<Part> parts = new ArrayList<>();
    private boolean extendedNumbering;

    ElfBuilder(ByteOrder order, int machine) {
        this.order = order;
        this.machine = machine;
        parts.add(new Part("", 0, 0, new byte[0], 0, 0, 0, 0));
    }

    /** Puts count and name table index into section 0 even if they would fit in the header. */
    ElfBuilder extendedNumbering() {
        extendedNumbering = true;
        return this;
    }

    /** Adds a section and returns its index. */
    int section(String name, SectionType type, long flags, byte[] bytes, int link, int info, long entrySize) {
        parts.add(new Part(name, type.number(), flags, bytes, bytes.length, link, info, entrySize));
        return parts.size() - 1;
    }

    int noBits(String name, long size) {
        parts.add(new Part(name, SectionType.NOBITS.number(), SectionFlags.ALLOC | SectionFlags.WRITE, new byte[0], size,
                0, 0, 0));
        return parts.size() - 1;
    }

    ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(order);
    }

    /** One Elf64_Sym. */
    byte[] symbol(int name, int info, int other, int sectionIndex, long value, long size) {
        return buffer(24).putInt(name).put((byte) info).put((byte) other).putShort((short) sectionIndex).putLong(value)
                .putLong(size).array();
    }

    static byte[] concat(byte[]... arrays) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] array : arrays) {
            out.writeBytes(array);
        }
        return out.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] build() {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        List<Integer> nameOffsets = new ArrayList<>();
        List<Part> all = new ArrayList<>(parts);
        all.add(new Part(".shstrtab", SectionType.STRTAB.number(), 0, null, 0, 0, 0, 0));
        for (Part part : all) {
            nameOffsets.add(part.name.isEmpty() ? 0 : Math.max(1, names.size()));
            if (names.size() == 0) {
                names.write(0);
            }
            if (!part.name.isEmpty()) {
                names.writeBytes(ascii(part.name + "\0"));
            }
        }
        all.set(all.size() - 1, new Part(".shstrtab", SectionType.STRTAB.number(), 0, names.toByteArray(),
                names.size(), 0, 0, 0));
        int at = 64;
        for (Part part : all) {
            at = (at + part.bytes.length + 7) & ~7;
        }
        ByteBuffer out = buffer(at + all.size() * 64);
        out.putInt(0).put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2), 1});
        boolean extended = extendedNumbering || all.size() >= SectionIndex.LORESERVE;
        out.position(16).putShort((short) 1).putShort((short) machine).putInt(1).putLong(0).putLong(0).putLong(at)
                .putInt(0).putShort((short) 64).putShort((short) 0).putShort((short) 0).putShort((short) 64)
                .putShort((short) (extended ? 0 : all.size()))
                .putShort((short) (extended ? SectionIndex.XINDEX : all.size() - 1));
        int offset = 64;
        for (int i = 0; i < all.size(); i++) {
            Part part = all.get(i);
            out.put(offset, part.bytes);
            out.position(at + i * 64).putInt(nameOffsets.get(i)).putInt(part.type).putLong(part.flags).putLong(0)
                    .putLong(offset).putLong(i == 0 && extended ? all.size() : part.size)
                    .putInt(i == 0 && extended ? all.size() - 1 : part.link).putInt(part.info).putLong(8)
                    .putLong(part.entrySize);
            offset = (offset + part.bytes.length + 7) & ~7;
        }
        return out.array();
    }
}
