package wasmbpf.elf;

/**
 * One entry of a symbol table.
 *
 * @param index        place in its table, as relocations name it
 * @param name         may be empty (section symbols)
 * @param sectionIndex the defining section, or one of {@link SectionIndex}; extended indexes are resolved
 * @param value        offset in the section (relocatable file) or virtual address
 * @param size         bytes, 0 if unknown
 */
public record Symbol(int index, String name, int sectionIndex, long value, long size, SymbolBind bind,
                     SymbolType type, SymbolVisibility visibility) {
    /** Whether it is defined elsewhere. */
    public boolean isUndefined() {
        return sectionIndex == SectionIndex.UNDEF;
    }

    /** Whether other objects may bind to it: STB_GLOBAL or STB_WEAK (or GNU unique). */
    public boolean isGlobal() {
        return bind == SymbolBind.GLOBAL || bind == SymbolBind.WEAK || bind == SymbolBind.GNU_UNIQUE;
    }
}
