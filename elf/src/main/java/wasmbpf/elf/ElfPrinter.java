package wasmbpf.elf;

import java.util.List;

/**
 * Text of an ELF file in the columns of {@code llvm-readelf -W}: sections (-S), segments (-l), relocations (-r), symbols
 * (-s, --dyn-syms). Relocation types have their names for BPF only, numbers otherwise.
 */
public final class ElfPrinter {
    private static final String[] SEGMENT_TYPES =
            {"NULL", "LOAD", "DYNAMIC", "INTERP", "NOTE", "SHLIB", "PHDR", "TLS"};

    private final ElfFile elf;
    private final StringBuilder out = new StringBuilder();

    private ElfPrinter(ElfFile elf) {
        this.elf = elf;
    }

    /** All that the file has of the four, a blank line between them. */
    public static String print(ElfFile elf) {
        ElfPrinter printer = new ElfPrinter(elf);
        printer.appendSections();
        if (!elf.programHeaders().isEmpty()) {
            printer.out.append('\n');
            printer.appendSegments();
        }
        for (Section section : elf.sections()) {
            if (section.type() == SectionType.REL || section.type() == SectionType.RELA) {
                printer.out.append('\n');
                printer.appendRelocations(section);
            }
        }
        for (SectionType type : List.of(SectionType.DYNSYM, SectionType.SYMTAB)) {
            for (Section section : elf.sections()) {
                if (section.type() == type) {
                    printer.out.append('\n');
                    printer.appendSymbols(section);
                }
            }
        }
        return printer.out.toString();
    }

    public static String sections(ElfFile elf) {
        ElfPrinter printer = new ElfPrinter(elf);
        printer.appendSections();
        return printer.out.toString();
    }

    public static String segments(ElfFile elf) {
        ElfPrinter printer = new ElfPrinter(elf);
        printer.appendSegments();
        return printer.out.toString();
    }

    /** @param section of type REL or RELA */
    public static String relocations(ElfFile elf, Section section) {
        ElfPrinter printer = new ElfPrinter(elf);
        printer.appendRelocations(section);
        return printer.out.toString();
    }

    /** @param section of type SYMTAB or DYNSYM */
    public static String symbols(ElfFile elf, Section section) {
        ElfPrinter printer = new ElfPrinter(elf);
        printer.appendSymbols(section);
        return printer.out.toString();
    }

    private void appendSections() {
        out.append("Section Headers:\n  [Nr] Name              Type            ")
                .append(elf.is64Bit() ? "Address          " : "Address  ").append("Off    Size   ES Flg Lk Inf Al\n");
        for (Section s : elf.sections()) {
            int lineStart = out.length();
            out.append("  [").append(right(Integer.toString(s.index()), 2)).append("] ").append(s.name());
            toColumn(lineStart, 25);
            out.append(typeName(s));
            toColumn(lineStart, 41);
            out.append(address(s.address())).append(' ');
            out.append(hex(s.offset(), 6)).append(' ').append(hex(s.size(), 6)).append(' ').append(hex(s.entrySize(), 2));
            out.append(' ').append(right(flags(s.flags()), 3)).append(' ').append(right(Integer.toString(s.link()), 2));
            out.append(' ').append(right(Integer.toString(s.info()), 3)).append(' ')
                    .append(right(Long.toString(s.align()), 2)).append('\n');
        }
    }

    private static String typeName(Section section) {
        return switch (section.type()) {
            case GNU_VERSYM -> "VERSYM";
            case GNU_VERDEF -> "VERDEF";
            case GNU_VERNEED -> "VERNEED";
            case OTHER -> Integer.toHexString(section.typeNumber()) + ": <unknown>";
            case NULL, PROGBITS, SYMTAB, STRTAB, RELA, HASH, DYNAMIC, NOTE, NOBITS, REL, SHLIB, DYNSYM, INIT_ARRAY,
                 FINI_ARRAY, PREINIT_ARRAY, GROUP, SYMTAB_SHNDX, RELR, LLVM_ADDRSIG, GNU_ATTRIBUTES, GNU_HASH,
                 X86_64_UNWIND -> section.type().name();
        };
    }

    private static String flags(long flags) {
        StringBuilder text = new StringBuilder();
        flag(text, flags, SectionFlags.WRITE, 'W');
        flag(text, flags, SectionFlags.ALLOC, 'A');
        flag(text, flags, SectionFlags.EXECINSTR, 'X');
        flag(text, flags, SectionFlags.MERGE, 'M');
        flag(text, flags, SectionFlags.STRINGS, 'S');
        flag(text, flags, SectionFlags.INFO_LINK, 'I');
        flag(text, flags, SectionFlags.LINK_ORDER, 'L');
        flag(text, flags, SectionFlags.GROUP, 'G');
        flag(text, flags, SectionFlags.TLS, 'T');
        flag(text, flags, SectionFlags.COMPRESSED, 'C');
        flag(text, flags, SectionFlags.EXCLUDE, 'E');
        return text.toString();
    }

    private static void flag(StringBuilder text, long flags, long bit, char letter) {
        if ((flags & bit) != 0) {
            text.append(letter);
        }
    }

    private void appendSegments() {
        out.append("Program Headers:\n  Type           Offset   ").append(elf.is64Bit()
                ? "VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align\n"
                : "VirtAddr   PhysAddr   FileSiz MemSiz  Flg Align\n");
        int sizeDigits = elf.is64Bit() ? 6 : 5;
        for (ProgramHeader p : elf.programHeaders()) {
            out.append("  ").append(left(segmentType(p.type()), 14)).append(" 0x").append(hex(p.offset(), 6));
            out.append(" 0x").append(address(p.virtualAddress())).append(" 0x").append(address(p.physicalAddress()));
            out.append(" 0x").append(hex(p.fileSize(), sizeDigits)).append(" 0x").append(hex(p.memorySize(), sizeDigits));
            out.append(' ').append((p.flags() & ProgramHeader.PF_R) != 0 ? 'R' : ' ')
                    .append((p.flags() & ProgramHeader.PF_W) != 0 ? 'W' : ' ')
                    .append((p.flags() & ProgramHeader.PF_X) != 0 ? 'E' : ' ');
            out.append(" 0x").append(Long.toHexString(p.align())).append('\n');
        }
    }

    private static String segmentType(int type) {
        if (type >= 0 && type < SEGMENT_TYPES.length) {
            return SEGMENT_TYPES[type];
        }
        return switch (type) {
            case 0x6474e550 -> "GNU_EH_FRAME";
            case 0x6474e551 -> "GNU_STACK";
            case 0x6474e552 -> "GNU_RELRO";
            case 0x6474e553 -> "GNU_PROPERTY";
            default -> "<unknown>: 0x" + Integer.toHexString(type);
        };
    }

    private void appendRelocations(Section section) {
        boolean rela = section.type() == SectionType.RELA;
        List<Relocation> relocations = elf.relocations(section);
        SymbolTable symbols = section.link() == 0 ? null : elf.symbolTable(elf.section(section.link()));
        out.append("Relocation section '").append(section.name()).append("' at offset 0x")
                .append(Long.toHexString(section.offset())).append(" contains ").append(relocations.size())
                .append(" entries:\n");
        out.append(elf.is64Bit()
                ? "    Offset             Info             Type               Symbol's Value  Symbol's Name"
                : " Offset     Info    Type                Sym. Value  Symbol's Name");
        out.append(rela ? " + Addend\n" : "\n");
        NameBudget budget = new NameBudget(section.reader());
        for (Relocation r : relocations) {
            long info = elf.is64Bit() ? (long) r.symbolIndex() << 32 | r.type() & 0xffffffffL
                    : (long) r.symbolIndex() << 8 | r.type();
            out.append(address(r.offset())).append("  ").append(address(info)).append(' ');
            out.append(left(relocationType(r.type()), 22)).append(' ');
            if (symbols != null && r.symbolIndex() != 0) {
                Symbol symbol = symbols.symbol(r.symbolIndex());
                out.append(address(symbol.value())).append(elf.is64Bit() ? " " : "   ")
                        .append(budget.spend(displayName(symbol)));
                if (rela) {
                    out.append(r.addend() < 0 ? " - " : " + ").append(Long.toHexString(Math.abs(r.addend())));
                }
            } else if (rela) {
                out.append(right(Long.toHexString(r.addend()), elf.is64Bit() ? 17 : 9));
            }
            out.append('\n');
        }
    }

    private String relocationType(int type) {
        if (elf.machine() == ElfFile.EM_BPF) {
            switch (type) {
                case 0:
                    return "R_BPF_NONE";
                case 1:
                    return "R_BPF_64_64";
                case 2:
                    return "R_BPF_64_ABS64";
                case 3:
                    return "R_BPF_64_ABS32";
                case 4:
                    return "R_BPF_64_NODYLD32";
                case 10:
                    return "R_BPF_64_32";
                default:
                    break;
            }
        }
        return Integer.toUnsignedString(type);
    }

    private void appendSymbols(Section section) {
        SymbolTable table = elf.symbolTable(section);
        SymbolVersions versions = section.type() == SectionType.DYNSYM ? elf.symbolVersions() : null;
        out.append("Symbol table '").append(section.name()).append("' contains ").append(table.count())
                .append(" entries:\n   Num:    ").append(left("Value", elf.is64Bit() ? 15 : 7))
                .append("Size Type    Bind   Vis       Ndx Name\n");
        NameBudget budget = new NameBudget(section.reader());
        for (int i = 0; i < table.count(); i++) {
            Symbol symbol = table.symbol(i);
            out.append(right(Integer.toString(i), 6)).append(": ").append(address(symbol.value())).append(' ');
            out.append(right(Long.toString(symbol.size()), 5)).append(' ');
            out.append(left(symbol.type() == SymbolType.GNU_IFUNC ? "IFUNC" : symbol.type().name(), 7)).append(' ');
            out.append(left(symbol.bind() == SymbolBind.GNU_UNIQUE ? "UNIQUE" : symbol.bind().name(), 6)).append(' ');
            out.append(left(symbol.visibility().name(), 7)).append(' ');
            out.append(right(sectionText(symbol.sectionIndex()), 5)).append(' ')
                    .append(budget.spend(displayName(symbol)));
            String version = versions == null ? null : versions.version(i);
            if (version != null) {
                out.append(versions.isHidden(i) || symbol.isUndefined() ? "@" : "@@").append(budget.spend(version));
            }
            out.append('\n');
        }
    }

    /** A section's symbol has no name of its own. */
    private String displayName(Symbol symbol) {
        if (symbol.name().isEmpty() && symbol.type() == SymbolType.SECTION && !symbol.isUndefined()
                && !SectionIndex.isReserved(symbol.sectionIndex())) {
            return elf.section(symbol.sectionIndex()).name();
        }
        return symbol.name();
    }

    private static String sectionText(int index) {
        return switch (index) {
            case SectionIndex.UNDEF -> "UND";
            case SectionIndex.ABS -> "ABS";
            case SectionIndex.COMMON -> "COM";
            default -> Integer.toString(index);
        };
    }

    /** One space at least: a long name takes the room of what comes next. */
    private void toColumn(int lineStart, int column) {
        out.append(" ".repeat(Math.max(1, lineStart + column - out.length())));
    }

    private String address(long value) {
        return hex(value, elf.is64Bit() ? 16 : 8);
    }

    private static String hex(long value, int digits) {
        String text = Long.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
