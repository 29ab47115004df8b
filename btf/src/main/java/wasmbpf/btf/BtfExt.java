package wasmbpf.btf;

import java.util.List;
import java.util.Optional;
import java.nio.ByteOrder;
import wasmbpf.elf.ElfFile;

/**
 * The {@code .BTF.ext} section: which function, source line and CO-RE relocation each instruction belongs to, per ELF
 * section. Offsets are in bytes from the start of that ELF section.
 */
public final class BtfExt {
    /** @param typeId of a FUNC */
    public record FuncInfo(int insnOffsetBytes, int typeId) {
    }

    /** @param lineColumn line number shifted left by 10, or column */
    public record LineInfo(int insnOffsetBytes, int fileNameOffset, int lineOffset, int lineColumn) {
        public int line() {
            return lineColumn >>> 10;
        }

        public int column() {
            return lineColumn & 0x3ff;
        }
    }

    /** @param kind {@code enum bpf_core_relo_kind}, 0 to 12 as far as is known */
    public record CoreRelo(int insnOffsetBytes, int typeId, String accessString, int kind) {
    }

    private BtfExt() {
    }

    /** The .BTF.ext section of an object, whose BTF is {@code btf}; empty if it has none. */
    public static Optional<BtfExt> ofElf(ElfFile elf, Btf btf) {
        throw new UnsupportedOperationException("being written");
    }

    public static BtfExt read(String file, byte[] bytes, Btf btf) {
        throw new UnsupportedOperationException("being written");
    }

    /** Bytes of one func_info record, 8 or more. */
    public int funcInfoRecordSize() {
        throw new UnsupportedOperationException("being written");
    }

    /** Bytes of one line_info record, 16 or more. */
    public int lineInfoRecordSize() {
        throw new UnsupportedOperationException("being written");
    }

    /** The records of one ELF section, in file order; empty if it has none. */
    public List<FuncInfo> funcInfo(String sectionName) {
        throw new UnsupportedOperationException("being written");
    }

    public List<LineInfo> lineInfo(String sectionName) {
        throw new UnsupportedOperationException("being written");
    }

    public List<CoreRelo> coreRelos(String sectionName) {
        throw new UnsupportedOperationException("being written");
    }

    /** The same records as bytes of {@link #funcInfoRecordSize} each, in byte order {@code order}: a fresh array. */
    public byte[] funcInfoBytes(String sectionName, ByteOrder order) {
        throw new UnsupportedOperationException("being written");
    }

    public byte[] lineInfoBytes(String sectionName, ByteOrder order) {
        throw new UnsupportedOperationException("being written");
    }

    /** Names of the ELF sections that have records of any sort. */
    public List<String> sectionNames() {
        throw new UnsupportedOperationException("being written");
    }
}
