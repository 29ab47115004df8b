package wasmbpf.wasm.dwarf;

/** How attribute values are written (DWARF 5, section 7.5.6), as far as they are read: as a number, a string, or over. */
final class Form {
    static final int ADDR = 0x01;
    static final int BLOCK2 = 0x03;
    static final int BLOCK4 = 0x04;
    static final int DATA2 = 0x05;
    static final int DATA4 = 0x06;
    static final int DATA8 = 0x07;
    static final int STRING = 0x08;
    static final int BLOCK = 0x09;
    static final int BLOCK1 = 0x0a;
    static final int DATA1 = 0x0b;
    static final int FLAG = 0x0c;
    static final int SDATA = 0x0d;
    static final int STRP = 0x0e;
    static final int UDATA = 0x0f;
    static final int REF_ADDR = 0x10;
    static final int REF1 = 0x11;
    static final int REF2 = 0x12;
    static final int REF4 = 0x13;
    static final int REF8 = 0x14;
    static final int REF_UDATA = 0x15;
    static final int INDIRECT = 0x16;
    static final int SEC_OFFSET = 0x17;
    static final int EXPRLOC = 0x18;
    static final int FLAG_PRESENT = 0x19;
    static final int STRX = 0x1a;
    static final int ADDRX = 0x1b;
    static final int REF_SUP4 = 0x1c;
    static final int STRP_SUP = 0x1d;
    static final int DATA16 = 0x1e;
    static final int LINE_STRP = 0x1f;
    static final int REF_SIG8 = 0x20;
    static final int IMPLICIT_CONST = 0x21;
    static final int LOCLISTX = 0x22;
    static final int RNGLISTX = 0x23;
    static final int REF_SUP8 = 0x24;
    static final int STRX1 = 0x25;
    static final int STRX2 = 0x26;
    static final int STRX3 = 0x27;
    static final int STRX4 = 0x28;
    static final int ADDRX1 = 0x29;
    static final int ADDRX2 = 0x2a;
    static final int ADDRX3 = 0x2b;
    static final int ADDRX4 = 0x2c;
    /** GNU extensions for what lies in a second file. */
    private static final int GNU_REF_ALT = 0x1f20;
    private static final int GNU_STRP_ALT = 0x1f21;

    private Form() {
    }

    /**
     * Reads a value: numbers, offsets and indices as they stand; of strings and blocks only the place where they start,
     * as the position in the section.
     *
     * @param form not INDIRECT or IMPLICIT_CONST
     */
    static long read(int form, DwarfReader in, int addressBytes, int version) throws DwarfException {
        switch (form) {
            case ADDR:
                return in.fixed(addressBytes);
            case DATA1, FLAG, REF1, STRX1, ADDRX1:
                return in.u8();
            case DATA2, REF2, STRX2, ADDRX2:
                return in.u16();
            case STRX3, ADDRX3:
                return in.fixed(3);
            case DATA4, REF4, STRX4, ADDRX4, REF_SUP4:
                return in.u32();
            case DATA8, REF8, REF_SIG8, REF_SUP8:
                return in.u64();
            case SDATA:
                return in.sleb();
            case UDATA, REF_UDATA, STRX, ADDRX, LOCLISTX, RNGLISTX:
                return in.uleb();
            case STRP, LINE_STRP, SEC_OFFSET, STRP_SUP, GNU_REF_ALT, GNU_STRP_ALT:
                return in.offset();
            case REF_ADDR:
                return version <= 2 ? in.fixed(addressBytes) : in.offset();
            case FLAG_PRESENT:
                return 1;
            default:
                int at = in.position();
                skipLong(form, in);
                return at;
        }
    }

    private static void skipLong(int form, DwarfReader in) throws DwarfException {
        switch (form) {
            case STRING -> in.skipString();
            case BLOCK1 -> in.skip(in.u8());
            case BLOCK2 -> in.skip(in.u16());
            case BLOCK4 -> in.skip(in.u32());
            case BLOCK, EXPRLOC -> in.skip(in.uleb());
            case DATA16 -> in.skip(16);
            default -> throw new DwarfException("unknown form 0x" + Integer.toHexString(form));
        }
    }
}
