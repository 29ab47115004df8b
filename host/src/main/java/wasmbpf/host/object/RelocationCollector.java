package wasmbpf.host.object;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.TypeChain;
import wasmbpf.core.BpfOpcode;
import wasmbpf.core.InsnBuffer;
import wasmbpf.elf.FormatException;
import wasmbpf.elf.Relocation;
import wasmbpf.elf.Section;
import wasmbpf.elf.SectionIndex;
import wasmbpf.elf.Symbol;
import wasmbpf.elf.SymbolBind;
import wasmbpf.elf.SymbolType;
import wasmbpf.sys.BpfProgType;

/** Turns ELF relocations into what programs, map slots and struct_ops refer to: libbpf {@code collect_relos}. */
final class RelocationCollector {
    private static final int INSN_BYTES = InsnBuffer.SLOT_BYTES;
    private static final int POINTER_BYTES = 8;
    private static final int BPF_MAP_TYPE_HASH_OF_MAPS = 13;

    private final ObjectSections sections;
    private final String file;
    private final Btf btf;
    private final List<ProgramSpec> programs;
    private final List<MapSpec> maps;
    private final Map<Integer, Extern> externBySymbol = new HashMap<>();
    private final Map<Integer, Map<Long, MapSpec>> mapByPlace = new HashMap<>();
    private final Map<String, MapSpec> mapByName = new HashMap<>();
    private final Map<Integer, MapSpec> dataMaps = new HashMap<>();
    private MapSpec arena;
    /** Variables of DATASEC .maps: the one of map i is the i-th. */
    private List<BtfType.VarInfo> mapVariables;

    private RelocationCollector(ObjectSections sections, Btf btf, List<ProgramSpec> programs, List<MapSpec> maps,
                                List<Extern> externs) {
        this.sections = sections;
        this.file = sections.elf.name();
        this.btf = btf;
        this.programs = programs;
        this.maps = maps;
        for (Extern extern : externs) {
            externBySymbol.put(extern.symbolIndex(), extern);
        }
        for (MapSpec map : maps) {
            if (map.kind() == MapSpec.Kind.USER) {
                mapByPlace.computeIfAbsent(map.sectionIndex(), _ -> new HashMap<>())
                        .putIfAbsent(map.sectionOffset(), map);
                mapByName.putIfAbsent(map.name(), map);
                if (map.type() == wasmbpf.sys.BpfMapType.ARENA.number()) {
                    arena = map;
                }
            } else if (map.internal() && map.kind() != MapSpec.Kind.KCONFIG) {
                dataMaps.put(map.sectionIndex(), map);
            }
        }
    }

    static void collect(ObjectSections sections, Btf btf, List<ProgramSpec> programs, List<MapSpec> maps,
                        List<Extern> externs) {
        RelocationCollector collector = new RelocationCollector(sections, btf, programs, maps, externs);
        for (Section section : sections.relocations) {
            int target = section.info();
            if (ObjectSections.isStructOps(sections.elf.section(target).name())) {
                collector.structOps(section);
            } else if (ObjectSections.is(sections.maps, target)) {
                collector.mapSlots(section);
            } else {
                collector.code(section);
            }
        }
        for (ProgramSpec program : programs) {
            // Stable: of several at one instruction the first in the file comes first.
            program.mutableRelocations().sort((a, b) -> Integer.compare(a.insnIndex(), b.insnIndex()));
        }
    }

    private Symbol symbol(Section section, Relocation relocation) {
        List<Symbol> symbols = sections.elf.symbols();
        if (relocation.symbolIndex() < 0 || relocation.symbolIndex() >= symbols.size()) {
            throw new FormatException(sections.where(section.index()) + ": relocation at offset "
                    + Long.toUnsignedString(relocation.offset()) + ": symbol "
                    + Integer.toUnsignedString(relocation.symbolIndex()) + " of " + symbols.size());
        }
        return symbols.get(relocation.symbolIndex());
    }

    /** libbpf {@code bpf_object__collect_prog_relos}. */
    private void code(Section section) {
        Section target = sections.elf.section(section.info());
        for (Relocation relocation : sections.elf.relocations(section)) {
            Symbol symbol = symbol(section, relocation);
            long offset = relocation.offset();
            if (offset < 0 || offset >= target.size() || offset % INSN_BYTES != 0) {
                throw new FormatException(sections.where(section.index()) + ": relocation at offset "
                        + Long.toUnsignedString(offset) + " is not at an instruction of the " + target.size()
                        + " bytes of section \"" + target.name() + "\"");
            }
            ProgramSpec program = ProgramCollector.find(programs, target.index(), offset / INSN_BYTES);
            // No function there: code of an overridden weak function, which a linker leaves behind.
            if (program != null) {
                int insn = (int) (offset / INSN_BYTES) - program.sectionInsnOffset();
                program.mutableRelocations().add(record(program, insn, symbol));
            }
        }
    }

    /** libbpf {@code bpf_program__record_reloc}: what the instruction and the symbol together mean. */
    private ProgramRelocation record(ProgramSpec program, int insn, Symbol symbol) {
        InsnBuffer code = program.code();
        boolean call = code.isCall(insn);
        if (!call && !code.isLdimm64(insn)) {
            throw error(program, insn, symbol, "the instruction, opcode 0x" + Integer.toHexString(code.opcode(insn))
                    + ", is neither a call nor a 64-bit load");
        }
        if (!call && insn + 1 >= code.count()) {
            throw error(program, insn, symbol, "the function ends within a 64-bit load");
        }
        if (ExternCollector.isExtern(symbol)) {
            Extern extern = externBySymbol.get(symbol.index());
            if (extern == null) {
                throw error(program, insn, symbol, "the symbol has no name");
            }
            return externReference(program, insn, symbol, call, extern);
        }
        int index = symbol.sectionIndex();
        if (call) {
            if (code.src(insn) != BpfOpcode.BPF_PSEUDO_CALL) {
                throw error(program, insn, symbol, "the call is not one of a function of this object");
            }
            if (!ObjectSections.is(sections.text, index)) {
                throw error(program, insn, symbol, "the function called is not in section .text; entry programs cannot "
                        + "be called, and a function with SEC() is one");
            }
            return new ProgramRelocation.Call(insn, aligned(program, insn, symbol));
        }
        if (index == SectionIndex.UNDEF || SectionIndex.isReserved(index)) {
            throw error(program, insn, symbol, "the symbol is in no section (0x" + Integer.toHexString(index)
                    + "); initialize the global variable, or compile with -fno-common");
        }
        if (isSubprogram(symbol)) {
            if (code.imm(insn) % INSN_BYTES != 0) {
                throw error(program, insn, symbol, "offset " + code.imm(insn) + " is not at an instruction");
            }
            return new ProgramRelocation.SubprogramAddress(insn, aligned(program, insn, symbol));
        }
        if (ObjectSections.is(sections.arena, index)) {
            return new ProgramRelocation.Data(insn, arena, symbol.value());
        }
        if (ObjectSections.is(sections.jumpTables, index)) {
            return new ProgramRelocation.JumpTable(insn, symbol.value(), symbol.size());
        }
        if (sections.isData(index)) {
            return new ProgramRelocation.Data(insn, dataMap(program, insn, symbol), symbol.value());
        }
        if (!ObjectSections.is(sections.maps, index) && !ObjectSections.is(sections.legacyMaps, index)) {
            throw error(program, insn, symbol, "section " + index + " \"" + sections.elf.section(index).name()
                    + "\" holds neither maps nor global data");
        }
        MapSpec map = mapByPlace.getOrDefault(index, Map.of()).get(symbol.value());
        if (map == null) {
            throw error(program, insn, symbol, "no map is defined at offset "
                    + Long.toUnsignedString(symbol.value()) + " of section \"" + sections.elf.section(index).name()
                    + "\"");
        }
        return new ProgramRelocation.MapReference(insn, map);
    }

    private ProgramRelocation externReference(ProgramSpec program, int insn, Symbol symbol, boolean call,
                                              Extern extern) {
        if (!call) {
            return new ProgramRelocation.ExternAddress(insn, extern);
        }
        if (extern instanceof Extern.Kconfig) {
            throw error(program, insn, symbol, "a kconfig variable cannot be called");
        }
        return new ProgramRelocation.ExternCall(insn, extern);
    }

    private MapSpec dataMap(ProgramSpec program, int insn, Symbol symbol) {
        MapSpec map = dataMaps.get(symbol.sectionIndex());
        if (map == null) {
            throw error(program, insn, symbol, "its section is empty");
        }
        return map;
    }

    /** A function of {@code .text}: by its own symbol, or if static by the section's. */
    private boolean isSubprogram(Symbol symbol) {
        if (!ObjectSections.is(sections.text, symbol.sectionIndex())) {
            return false;
        }
        return symbol.bind() == SymbolBind.LOCAL ? symbol.type() == SymbolType.SECTION
                : symbol.isGlobal() && symbol.type() == SymbolType.FUNC;
    }

    private long aligned(ProgramSpec program, int insn, Symbol symbol) {
        if (symbol.value() < 0 || symbol.value() % INSN_BYTES != 0) {
            throw error(program, insn, symbol, "offset " + Long.toUnsignedString(symbol.value())
                    + " is not at an instruction");
        }
        return symbol.value();
    }

    private ObjectException error(ProgramSpec program, int insn, Symbol symbol, String problem) {
        return new ObjectException(file + ": program \"" + program.name() + "\": instruction " + insn
                + " refers to \"" + nameOf(symbol) + "\": " + problem);
    }

    /** A symbol's name; of a section symbol, which has none, the section's. */
    private String nameOf(Symbol symbol) {
        boolean section = symbol.name().isEmpty() && symbol.type() == SymbolType.SECTION
                && symbol.sectionIndex() < SectionIndex.LORESERVE
                && symbol.sectionIndex() < sections.elf.sections().size();
        return section ? sections.elf.section(symbol.sectionIndex()).name() : symbol.name();
    }

    /** Initial members of maps of maps and program arrays: libbpf {@code bpf_object__collect_map_relos}. */
    private void mapSlots(Section section) {
        for (Relocation relocation : sections.elf.relocations(section)) {
            Symbol symbol = symbol(section, relocation);
            String where = sections.where(section.index()) + ": slot at offset "
                    + Long.toUnsignedString(relocation.offset()) + " for \"" + nameOf(symbol) + "\"";
            MapSpec map = mapHolding(relocation.offset());
            if (map == null) {
                throw new ObjectException(where + " lies in no map");
            }
            MapSpec targetMap = null;
            ProgramSpec targetProgram = null;
            if (MapDefinition.isMapInMap(map.type())) {
                targetMap = targetMap(where, map, symbol);
            } else if (MapDefinition.isProgramArray(map.type())) {
                targetProgram = targetProgram(where, symbol);
            } else {
                throw new ObjectException(where + ": map \"" + map.name() + "\" is neither a map of maps nor a program "
                        + "array");
            }
            map.slot(new MapSpec.Slot(slotIndex(where, map, relocation.offset()), targetMap, targetProgram));
        }
    }

    private MapSpec mapHolding(long offset) {
        for (MapSpec map : maps) {
            if (ObjectSections.is(sections.maps, map.sectionIndex()) && map.sectionOffset() <= offset
                    && offset - map.sectionOffset() <= variableSize(map) - POINTER_BYTES) {
                return map;
            }
        }
        return null;
    }

    private long variableSize(MapSpec map) {
        if (mapVariables == null) {
            mapVariables = ((BtfType.DataSec) btf.type(btf.find(BtfKind.DATASEC, ".maps"))).vars();
        }
        return mapVariables.get(map.index()).sizeBytes();
    }

    private MapSpec targetMap(String where, MapSpec map, Symbol symbol) {
        if (!ObjectSections.is(sections.maps, symbol.sectionIndex())) {
            throw new ObjectException(where + ": not a map of SEC(\".maps\")");
        }
        if (map.type() == BPF_MAP_TYPE_HASH_OF_MAPS && map.keySize() != Integer.BYTES) {
            throw new ObjectException(where + ": hash of maps \"" + map.name() + "\" has keys of " + map.keySize()
                    + " bytes; only with 4-byte keys can it be initialized");
        }
        MapSpec target = mapByName.get(symbol.name());
        if (target == null) {
            throw new ObjectException(where + ": no map of that name");
        }
        return target;
    }

    private ProgramSpec targetProgram(String where, Symbol symbol) {
        for (ProgramSpec program : programs) {
            if (!program.subprogram() && program.name().equals(symbol.name())) {
                if (program.sectionIndex() != symbol.sectionIndex()
                        || (long) program.sectionInsnOffset() * INSN_BYTES != symbol.value()) {
                    break;
                }
                return program;
            }
        }
        throw new ObjectException(where + ": no entry program of that name");
    }

    private int slotIndex(String where, MapSpec map, long offset) {
        BtfType.Struct struct = (BtfType.Struct) btf.type(
                TypeChain.skipModsAndTypedefs(btf, btf.sizeOrType(map.variableId())));
        if (struct.members().isEmpty() || !struct.members().getLast().name().equals("values")) {
            throw new ObjectException(where + ": map \"" + map.name() + "\" has no member \"values\"");
        }
        long start = map.sectionOffset() + struct.members().getLast().bitOffset() / 8;
        long into = offset - start;
        if (into < 0 || into % POINTER_BYTES != 0) {
            throw new ObjectException(where + ": not at an element of \"values\" of map \"" + map.name() + "\"");
        }
        return (int) (into / POINTER_BYTES);
    }

    /** Programs that function pointers of struct_ops are set to: libbpf {@code bpf_object__collect_st_ops_relos}. */
    private void structOps(Section section) {
        for (Relocation relocation : sections.elf.relocations(section)) {
            Symbol symbol = symbol(section, relocation);
            String where = sections.where(section.index()) + ": pointer at offset "
                    + Long.toUnsignedString(relocation.offset()) + " to \"" + nameOf(symbol) + "\"";
            MapSpec map = structOpsAt(section.info(), relocation.offset());
            if (map == null) {
                throw new ObjectException(where + " lies in no struct_ops variable");
            }
            BtfType.Struct struct = (BtfType.Struct) btf.type(map.structOps().typeId());
            long bit = (relocation.offset() - map.sectionOffset()) * 8;
            int member = 0;
            while (member < struct.members().size() && struct.members().get(member).bitOffset() != bit) {
                member++;
            }
            if (member == struct.members().size() || !isFunctionPointer(struct.members().get(member).typeId())) {
                throw new ObjectException(where + ": struct " + struct.name()
                        + " has no function pointer there (only functions can be referred to)");
            }
            if (symbol.value() < 0 || symbol.value() % INSN_BYTES != 0) {
                throw new ObjectException(where + ": offset " + Long.toUnsignedString(symbol.value())
                        + " is not at an instruction");
            }
            ProgramSpec program = ProgramCollector.find(programs, symbol.sectionIndex(), symbol.value() / INSN_BYTES);
            if (program == null || program.type() != BpfProgType.STRUCT_OPS.number()) {
                throw new ObjectException(where + ": member \"" + struct.members().get(member).name()
                        + "\" needs a program with SEC(\"struct_ops\")");
            }
            map.structOps().programs()[member] = program;
        }
    }

    private MapSpec structOpsAt(int sectionIndex, long offset) {
        for (MapSpec map : maps) {
            if (map.kind() == MapSpec.Kind.STRUCT_OPS && map.sectionIndex() == sectionIndex
                    && map.sectionOffset() <= offset
                    && offset - map.sectionOffset() < map.structOps().data().length) {
                return map;
            }
        }
        return null;
    }

    private boolean isFunctionPointer(int typeId) {
        int pointer = TypeChain.skipModsAndTypedefs(btf, typeId);
        return btf.kind(pointer) == BtfKind.PTR && btf.kind(
                TypeChain.skipModsAndTypedefs(btf, btf.sizeOrType(pointer))) == BtfKind.FUNC_PROTO;
    }
}
