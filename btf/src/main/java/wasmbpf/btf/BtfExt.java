package wasmbpf.btf;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import wasmbpf.elf.ByteReader;
import wasmbpf.elf.ElfFile;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Section;

/**
 * The {@code .BTF.ext} section: which function, source line and CO-RE relocation an instruction belongs to, per ELF
 * section. Instruction offsets are in bytes from the start of that ELF section.
 *
 * <pre>
 *  header  0 magic eb9f  2 version  3 flags  4 hdr_len  8 func_info off, len  16 line_info off, len  [24 core_relo off, len]
 *  each    record size, then per ELF section: name_off, count, count records
 * </pre>
 *
 * Records may be longer than we know: they are handed to the kernel whole ({@link #funcInfoBytes}).
 */
public final class BtfExt {
    private static final int HEADER_BYTES = 24;
    private static final int HEADER_WITH_CORE_BYTES = 32;
    private static final int FUNC_INFO_BYTES = 8;
    private static final int LINE_INFO_BYTES = 16;
    private static final int CORE_RELO_BYTES = 16;

    /** @param typeId of a FUNC */
    public record FuncInfo(int insnOffsetBytes, int typeId) {
    }

    /** String offsets are into the BTF; {@code lineColumn} is the line shifted left by 10, or the column. */
    public record LineInfo(int insnOffsetBytes, int fileNameOffset, int lineOffset, int lineColumn) {
        public int line() {
            return lineColumn >>> 10;
        }

        public int column() {
            return lineColumn & 0x3ff;
        }
    }

    /** @param kind {@code enum bpf_core_relo_kind}, 0 to 12 as far as is known; not checked */
    public record CoreRelo(int insnOffsetBytes, int typeId, String accessString, int kind) {
    }

    /** The records of one sort for one ELF section: {@code count} of them from offset {@code at} of the blob. */
    private record Part(String sectionName, long at, int count) {
    }

    private final ByteReader reader;
    private final Btf btf;
    private final InfoTable funcInfo;
    private final InfoTable lineInfo;
    private final InfoTable coreRelos;

    private record InfoTable(int recordSize, List<Part> parts) {
        static final InfoTable EMPTY = new InfoTable(0, List.of());
    }

    private BtfExt(ByteReader reader, Btf btf, InfoTable funcInfo, InfoTable lineInfo, InfoTable coreRelos) {
        this.reader = reader;
        this.btf = btf;
        this.funcInfo = funcInfo;
        this.lineInfo = lineInfo;
        this.coreRelos = coreRelos;
    }

    /**
     * The .BTF.ext section of an object, whose BTF is {@code btf}; empty if it has none.
     *
     * @throws FormatException if it is malformed; libbpf then goes on without it
     */
    public static Optional<BtfExt> ofElf(ElfFile elf, Btf btf) {
        Optional<Section> section = elf.section(".BTF.ext");
        return section.isPresent() ? Optional.of(read(elf.name(), section.get().bytes(), btf)) : Optional.empty();
    }

    /** @param btf has the strings and types that the records name; ids are not checked here */
    public static BtfExt read(String file, byte[] bytes, Btf btf) {
        ByteReader reader = ByteReader.of(file, ".BTF.ext", bytes, ByteOrder.LITTLE_ENDIAN);
        int magic = reader.u16("magic");
        if (magic != Btf.MAGIC) {
            reader = reader.order(ByteOrder.BIG_ENDIAN);
            if (reader.u16("magic") != Btf.MAGIC) {
                throw reader.error("magic is 0x" + Integer.toHexString(magic) + ", not 0xeb9f in either byte order");
            }
        }
        int version = reader.u8("version");
        int flags = reader.u8("flags");
        if (version != 1 || flags != 0) {
            throw reader.error("version is " + version + ", flags are " + flags + ", not 1 and 0");
        }
        long headerBytes = reader.u32("header length");
        if (headerBytes < HEADER_BYTES || headerBytes >= bytes.length) {
            throw reader.error("header length is " + headerBytes + " of " + bytes.length + " bytes");
        }
        InfoTable funcInfo = table(reader, "func_info", headerBytes, FUNC_INFO_BYTES, btf);
        InfoTable lineInfo = table(reader, "line_info", headerBytes, LINE_INFO_BYTES, btf);
        InfoTable coreRelos = headerBytes < HEADER_WITH_CORE_BYTES ? InfoTable.EMPTY
                : table(reader, "core_relo", headerBytes, CORE_RELO_BYTES, btf);
        return new BtfExt(reader, btf, funcInfo, lineInfo, coreRelos);
    }

    /** libbpf btf_ext_parse_sec_info. The reader stands at the table's offset and length in the header. */
    private static InfoTable table(ByteReader header, String what, long headerBytes, int knownBytes, Btf btf) {
        long offset = header.u32(what + " offset");
        long length = header.u32(what + " length");
        if (length == 0) {
            return InfoTable.EMPTY;
        }
        if (offset % 4 != 0 || offset > header.size() - headerBytes) {
            throw header.error(what + " at offset " + offset + " is not aligned or outside the section");
        }
        long start = headerBytes + offset;
        ByteReader table = header.slice(what + " of .BTF.ext", start, length);
        long recordSize = table.u32("record size");
        if (recordSize < knownBytes || recordSize % 4 != 0 || recordSize > length) {
            throw table.error("record size is " + recordSize + ", known are " + knownBytes + " bytes");
        }
        if (table.remaining() == 0) {
            throw table.error("there are no records");
        }
        List<Part> parts = new ArrayList<>();
        while (table.remaining() > 0) {
            int nameOffset = table.s32("section name");
            int count = table.count("records", table.u32("record count"), (int) recordSize);
            if (count == 0) {
                throw table.error("section without records");
            }
            parts.add(new Part(btf.string(nameOffset), start + table.position(), count));
            table.skip("records", count * recordSize);
        }
        return new InfoTable((int) recordSize, Collections.unmodifiableList(parts));
    }

    /** Bytes of one func_info record, 8 or more; 0 if there are none. */
    public int funcInfoRecordSize() {
        return funcInfo.recordSize;
    }

    /** Bytes of one line_info record, 16 or more; 0 if there are none. */
    public int lineInfoRecordSize() {
        return lineInfo.recordSize;
    }

    /** Names of the ELF sections that have records of any sort, in file order. */
    public List<String> sectionNames() {
        Set<String> names = new LinkedHashSet<>();
        for (InfoTable table : List.of(funcInfo, lineInfo, coreRelos)) {
            for (Part part : table.parts) {
                names.add(part.sectionName);
            }
        }
        return List.copyOf(names);
    }

    /** The records of one ELF section, in file order; empty if it has none. */
    public List<FuncInfo> funcInfo(String sectionName) {
        List<FuncInfo> records = new ArrayList<>();
        for (Part part : funcInfo.parts) {
            for (int i = 0; i < count(part, sectionName); i++) {
                ByteReader record = record(funcInfo, part, i);
                records.add(new FuncInfo(record.s32("insn_off"), record.s32("type_id")));
            }
        }
        return Collections.unmodifiableList(records);
    }

    /** As {@link #funcInfo}. */
    public List<LineInfo> lineInfo(String sectionName) {
        List<LineInfo> records = new ArrayList<>();
        for (Part part : lineInfo.parts) {
            for (int i = 0; i < count(part, sectionName); i++) {
                ByteReader record = record(lineInfo, part, i);
                records.add(new LineInfo(record.s32("insn_off"), record.s32("file_name_off"), record.s32("line_off"),
                        record.s32("line_col")));
            }
        }
        return Collections.unmodifiableList(records);
    }

    /** As {@link #funcInfo}. @throws FormatException if an access string does not exist */
    public List<CoreRelo> coreRelos(String sectionName) {
        List<CoreRelo> records = new ArrayList<>();
        for (Part part : coreRelos.parts) {
            for (int i = 0; i < count(part, sectionName); i++) {
                ByteReader record = record(coreRelos, part, i);
                records.add(new CoreRelo(record.s32("insn_off"), record.s32("type_id"),
                        btf.string(record.s32("access_str_off")), record.s32("kind")));
            }
        }
        return Collections.unmodifiableList(records);
    }

    /**
     * The func_info of one ELF section as BPF_PROG_LOAD takes it, records of {@link #funcInfoRecordSize} bytes: a fresh
     * array in byte order {@code order}. Record i is {@code funcInfo(sectionName).get(i)}; its first word is insn_off,
     * still in bytes and relative to the section.
     */
    public byte[] funcInfoBytes(String sectionName, ByteOrder order) {
        return recordBytes(funcInfo, sectionName, order);
    }

    /** As {@link #funcInfoBytes}. */
    public byte[] lineInfoBytes(String sectionName, ByteOrder order) {
        return recordBytes(lineInfo, sectionName, order);
    }

    private byte[] recordBytes(InfoTable table, String sectionName, ByteOrder order) {
        int count = 0;
        for (Part part : table.parts) {
            count += count(part, sectionName);
        }
        byte[] all = new byte[count * table.recordSize];
        int at = 0;
        for (Part part : table.parts) {
            int length = count(part, sectionName) * table.recordSize;
            if (length > 0) {
                byte[] some = reader.slice(reader.part(), part.at, length).bytes("records", length);
                System.arraycopy(some, 0, all, at, length);
                at += length;
            }
        }
        if (order != reader.order()) {
            // Records are words: the known fields are, and libbpf refuses to swap longer ones.
            if (table.recordSize != (table == funcInfo ? FUNC_INFO_BYTES : LINE_INFO_BYTES)) {
                throw reader.error("records of " + table.recordSize + " bytes cannot be turned to the other byte order");
            }
            ByteSwap.words(all, 0, all.length);
        }
        return all;
    }

    private static int count(Part part, String sectionName) {
        return part.sectionName.equals(sectionName) ? part.count : 0;
    }

    private ByteReader record(InfoTable table, Part part, int index) {
        return reader.slice(reader.part(), part.at + (long) index * table.recordSize, table.recordSize);
    }
}
