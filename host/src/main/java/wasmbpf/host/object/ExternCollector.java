package wasmbpf.host.object;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfKind;
import wasmbpf.btf.BtfLayout;
import wasmbpf.btf.BtfType;
import wasmbpf.btf.BtfWriter;
import wasmbpf.btf.EssentialName;
import wasmbpf.btf.FuncLinkage;
import wasmbpf.btf.TypeChain;
import wasmbpf.btf.VarLinkage;
import wasmbpf.elf.Symbol;
import wasmbpf.elf.SymbolBind;
import wasmbpf.elf.SymbolType;

/**
 * Finds the externs of an object and rewrites their BTF so that a kernel takes it: libbpf
 * {@code bpf_object__collect_externs}. A kernel knows no extern variables: those of {@code .kconfig} become variables
 * of a real map, those of {@code .ksyms} become 4-byte ints that nobody reads.
 */
final class ExternCollector {
    /** The VAR that stands for kfuncs in the rewritten {@code .ksyms}, and whose name unnamed parameters get. */
    private static final String DUMMY = "dummy_ksym";
    private static final int INT_BYTES = 4;

    private final String file;
    private final Btf btf;
    private final BtfWriter edited;
    private final Map<Integer, Integer> sectionOfVariable = new HashMap<>();
    private final List<Found> found = new ArrayList<>();
    private int dummyId;

    /** An extern before its place is known. */
    private record Found(Symbol symbol, String name, int btfId, boolean kconfig, Extern.KconfigType type, int size,
                         int align, boolean signed, int typeId, boolean function) {
    }

    /** The externs in libbpf's order, and the BTF as it is from now on. */
    record Result(List<Extern> externs, Btf btf) {
    }

    private ExternCollector(String file, Btf btf) {
        this.file = file;
        this.btf = btf;
        this.edited = btf == null ? null : BtfWriter.of(btf);
    }

    static Result collect(ObjectSections sections, Btf btf) {
        return new ExternCollector(sections.elf.name(), btf).collect(sections.elf.symbols());
    }

    static boolean isExtern(Symbol symbol) {
        return symbol.isUndefined() && symbol.type() == SymbolType.NOTYPE
                && (symbol.bind() == SymbolBind.GLOBAL || symbol.bind() == SymbolBind.WEAK);
    }

    private Result collect(List<Symbol> symbols) {
        boolean dummyAdded = btf != null && addDummyVariable();
        for (Symbol symbol : symbols) {
            if (isExtern(symbol) && !symbol.name().isEmpty()) {
                found.add(find(symbol));
            }
        }
        if (found.isEmpty()) {
            return new Result(List.of(), dummyAdded ? edited.toBtf() : btf);
        }
        List<Extern> externs = place();
        Map<String, Extern> byName = new HashMap<>();
        for (Extern extern : externs) {
            byName.putIfAbsent(extern.name(), extern);
        }
        int ksyms = 0;
        int kconfig = 0;
        for (Extern extern : externs) {
            int section = sectionOfVariable.get(extern.btfId());
            switch (extern) {
                case Extern.Kconfig _ -> kconfig = section;
                case Extern.Ksym _ -> ksyms = section;
            }
        }
        if (ksyms != 0) {
            rewriteKsyms(ksyms, byName);
        }
        if (kconfig != 0) {
            rewriteKconfig(kconfig, byName);
        }
        return new Result(externs, edited.toBtf());
    }

    private Found find(Symbol symbol) {
        String name = symbol.name();
        int id = externId(name);
        Integer section = dataSecOf(id);
        if (section == null) {
            throw new ObjectException(file + ": extern \"" + name + "\": BTF type " + id
                    + " is in no DATASEC; mark it __ksym or __kconfig");
        }
        boolean function = btf.kind(id) == BtfKind.FUNC;
        int typeId = btf.sizeOrType(id);
        String sectionName = btf.name(section);
        return switch (sectionName) {
            case ".kconfig" -> {
                if (function) {
                    throw new ObjectException(file + ": extern \"" + name + "\": a function cannot be __kconfig");
                }
                yield kconfig(symbol, name, id, typeId);
            }
            case ".ksyms" -> new Found(symbol, name, id, false, null, 0, 0, false,
                    TypeChain.skipModsAndTypedefs(btf, typeId), function);
            default -> throw new ObjectException(file + ": extern \"" + name + "\" is in section \"" + sectionName
                    + "\"; only .kconfig and .ksyms hold externs");
        };
    }

    private Found kconfig(Symbol symbol, String name, int id, int typeId) {
        long size = BtfLayout.sizeOf(btf, typeId);
        int align = BtfLayout.alignOf(btf, typeId);
        Extern.KconfigType type = kconfigType(typeId, 0);
        if (size <= 0 || size > Short.MAX_VALUE || align <= 0 || type == null) {
            throw new ObjectException(file + ": extern \"" + name + "\": type " + typeId + " of " + size
                    + " bytes cannot be __kconfig; use bool, char, an integer, enum libbpf_tristate or char[]");
        }
        int target = TypeChain.skipModsAndTypedefs(btf, typeId);
        // BPF_INT encoding bit SIGNED; a bool says nothing of sign, as in find_kcfg_type.
        boolean signed = btf.type(target) instanceof BtfType.Int number && (number.encoding() & 1) != 0
                && (number.encoding() & 4) == 0;
        return new Found(symbol, name, id, true, type, (int) size, align, signed, 0, false);
    }

    /** What libbpf {@code find_kcfg_type} takes a type for, or null. */
    private Extern.KconfigType kconfigType(int typeId, int depth) {
        int id = TypeChain.skipModsAndTypedefs(btf, typeId);
        return switch (btf.type(id)) {
            case BtfType.Int number -> {
                int size = number.sizeBytes();
                if ((number.encoding() & 4) != 0) {
                    yield size == 1 ? Extern.KconfigType.BOOL : null;
                }
                if (size == 1) {
                    yield Extern.KconfigType.CHAR;
                }
                yield size >= 1 && size <= 8 && Integer.bitCount(size) == 1 ? Extern.KconfigType.INT : null;
            }
            case BtfType.Enum tristate when tristate.sizeBytes() == 4 && tristate.name().equals("libbpf_tristate") ->
                    Extern.KconfigType.TRISTATE;
            case BtfType.Enum64 tristate when tristate.name().equals("libbpf_tristate") -> Extern.KconfigType.TRISTATE;
            case BtfType.Array array when depth == 0 && array.count() != 0
                    && kconfigType(array.elementTypeId(), 1) == Extern.KconfigType.CHAR ->
                    Extern.KconfigType.CHAR_ARRAY;
            default -> null;
        };
    }

    /** The first VAR or FUNC of that name, which has to be extern. */
    private int externId(String name) {
        if (btf == null) {
            throw new ObjectException(file + ": extern \"" + name + "\" needs BTF; compile with -g");
        }
        for (int id : btf.idsNamed(name)) {
            BtfType type = btf.type(id);
            boolean isExtern = switch (type) {
                case BtfType.Var variable -> variable.linkage() == VarLinkage.GLOBAL_EXTERN;
                case BtfType.Func function -> function.linkage() == FuncLinkage.EXTERN;
                default -> false;
            };
            if (isExtern) {
                return id;
            }
            if (type instanceof BtfType.Var || type instanceof BtfType.Func) {
                throw new ObjectException(file + ": extern \"" + name + "\": BTF type " + id + " is not extern");
            }
        }
        throw new ObjectException(file + ": extern \"" + name + "\" is not in BTF; declare it extern with __ksym or "
                + "__kconfig, or define it (a missing function or variable?)");
    }

    /** The first DATASEC that lists a VAR or FUNC, or null. */
    private Integer dataSecOf(int id) {
        if (sectionOfVariable.isEmpty()) {
            for (int sec = btf.startId(); sec < btf.typeCount(); sec++) {
                if (btf.kind(sec) == BtfKind.DATASEC) {
                    for (BtfType.VarInfo info : ((BtfType.DataSec) btf.type(sec)).vars()) {
                        sectionOfVariable.putIfAbsent(info.typeId(), sec);
                    }
                }
            }
        }
        return sectionOfVariable.get(id);
    }

    /** Sorts as libbpf {@code cmp_externs} and lays kconfig variables out. */
    private List<Extern> place() {
        Comparator<Found> order = Comparator.comparing(Found::kconfig).reversed()
                .thenComparing(Comparator.comparingInt(Found::align).reversed())
                .thenComparingInt(Found::size)
                .thenComparing(Found::name);
        found.sort(order);
        List<Extern> externs = new ArrayList<>(found.size());
        int offset = 0;
        for (Found each : found) {
            boolean weak = each.symbol().bind() == SymbolBind.WEAK;
            int index = externs.size();
            if (each.kconfig()) {
                offset = (offset + each.align() - 1) / each.align() * each.align();
                externs.add(new Extern.Kconfig(index, each.name(), weak, each.symbol().index(), each.btfId(),
                        each.type(), each.size(), each.align(), offset, each.signed()));
                offset += each.size();
                if (offset < 0 || offset > 1 << 24) {
                    throw new ObjectException(file + ": __kconfig variables take more than 16 MiB");
                }
            } else {
                externs.add(new Extern.Ksym(index, each.name(), weak, each.symbol().index(), each.btfId(),
                        EssentialName.of(each.name()), each.typeId(), each.function()));
            }
        }
        return externs;
    }

    /** The first 32-bit INT, or 0: libbpf {@code find_int_btf_id}. */
    private int intId() {
        for (int id = btf.startId(); id < btf.typeCount(); id++) {
            if (btf.kind(id) == BtfKind.INT && btf.type(id) instanceof BtfType.Int number && number.bits() == 32) {
                return id;
            }
        }
        return 0;
    }

    /** Adds the dummy VAR if {@code .ksyms} lists a function: libbpf {@code add_dummy_ksym_var}. */
    private boolean addDummyVariable() {
        int section = btf.find(BtfKind.DATASEC, ".ksyms");
        if (section > 0) {
            for (BtfType.VarInfo info : ((BtfType.DataSec) btf.type(section)).vars()) {
                if (btf.kind(info.typeId()) == BtfKind.FUNC) {
                    dummyId = edited.add(new BtfType.Var(DUMMY, intId(), VarLinkage.GLOBAL_ALLOCATED));
                    return true;
                }
            }
        }
        return false;
    }

    private void rewriteKsyms(int section, Map<String, Extern> externs) {
        int intId = intId();
        BtfType.DataSec old = (BtfType.DataSec) btf.type(section);
        List<BtfType.VarInfo> vars = new ArrayList<>(old.vars().size());
        for (BtfType.VarInfo info : old.vars()) {
            int id = info.typeId();
            needExtern(externs, id);
            int newId = id;
            switch (btf.type(id)) {
                case BtfType.Func function -> {
                    // Two functions may share a prototype: both give it the same names.
                    if (btf.type(function.protoId()) instanceof BtfType.FuncProto proto) {
                        edited.replace(function.protoId(), named(proto));
                    }
                    edited.replace(id, new BtfType.Func(function.name(), function.protoId(), FuncLinkage.GLOBAL));
                    newId = dummyId;
                }
                case BtfType.Var variable ->
                        edited.replace(id, new BtfType.Var(variable.name(), intId, VarLinkage.GLOBAL_ALLOCATED));
                case BtfType other -> throw new ObjectException(file + ": DATASEC .ksyms lists BTF type " + id
                        + ", a " + other.kind() + "; only variables and functions can be in it");
            }
            vars.add(new BtfType.VarInfo(newId, vars.size() * INT_BYTES, INT_BYTES));
        }
        edited.replace(section, new BtfType.DataSec(old.name(), vars.size() * INT_BYTES, vars));
    }

    /** The prototype with a name for every parameter but {@code ...}: the kernel wants FUNCs to have named ones. */
    private static BtfType.FuncProto named(BtfType.FuncProto proto) {
        List<BtfType.Param> params = new ArrayList<>(proto.params().size());
        for (BtfType.Param param : proto.params()) {
            boolean nameless = param.typeId() != 0 && param.name().isEmpty();
            params.add(nameless ? new BtfType.Param(DUMMY, param.typeId()) : param);
        }
        return new BtfType.FuncProto(proto.returnTypeId(), params);
    }

    private void rewriteKconfig(int section, Map<String, Extern> externs) {
        BtfType.DataSec old = (BtfType.DataSec) btf.type(section);
        int end = 0;
        for (Extern extern : externs.values()) {
            if (extern instanceof Extern.Kconfig kconfig) {
                end = Math.max(end, kconfig.dataOffset() + kconfig.sizeBytes());
            }
        }
        List<BtfType.VarInfo> vars = new ArrayList<>(old.vars().size());
        for (BtfType.VarInfo info : old.vars()) {
            Extern extern = needExtern(externs, info.typeId());
            if (!(btf.type(info.typeId()) instanceof BtfType.Var variable)
                    || !(extern instanceof Extern.Kconfig kconfig)) {
                throw new ObjectException(file + ": DATASEC .kconfig lists \"" + extern.name()
                        + "\", which is no kconfig variable");
            }
            edited.replace(info.typeId(), new BtfType.Var(variable.name(), variable.typeId(),
                    VarLinkage.GLOBAL_ALLOCATED));
            vars.add(new BtfType.VarInfo(info.typeId(), kconfig.dataOffset(), info.sizeBytes()));
        }
        edited.replace(section, new BtfType.DataSec(old.name(), end, vars));
    }

    private Extern needExtern(Map<String, Extern> externs, int id) {
        Extern extern = externs.get(btf.name(id));
        if (extern == null) {
            throw new ObjectException(file + ": BTF lists extern \"" + btf.name(id)
                    + "\", which is not among the symbols of the object");
        }
        return extern;
    }
}
