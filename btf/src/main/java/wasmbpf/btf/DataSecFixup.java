package wasmbpf.btf;

import wasmbpf.elf.ElfFile;

/** Fills what clang leaves zero in DATASECs, from ELF sections and symbols: libbpf {@code btf_fixup_datasec}. */
public final class DataSecFixup {
    private DataSecFixup() {
    }

    public static Btf apply(ElfFile elf, Btf btf) {
        throw new UnsupportedOperationException("being written");
    }
}
