package wasmbpf.elf;

/**
 * One segment of a loadable file, {@code Elf64_Phdr}.
 *
 * @param type  {@code PT_*}: 1 LOAD, 2 DYNAMIC, 3 INTERP, 4 NOTE, 6 PHDR, 7 TLS
 * @param flags 1 execute, 2 write, 4 read
 */
public record ProgramHeader(int index, int type, int flags, long offset, long virtualAddress, long physicalAddress,
                            long fileSize, long memorySize, long align) {
    public static final int PT_LOAD = 1;
    public static final int PT_DYNAMIC = 2;
    public static final int PT_INTERP = 3;
    public static final int PT_NOTE = 4;

    public static final int PF_X = 1;
    public static final int PF_W = 2;
    public static final int PF_R = 4;

    /** Whether the address lies in the bytes that the file gives to this segment. */
    public boolean coversFileAddress(long address) {
        return Long.compareUnsigned(address - virtualAddress, fileSize) < 0;
    }
}
