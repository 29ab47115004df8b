package wasmbpf.btf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import wasmbpf.elf.FormatException;

/**
 * C declarations of BTF types, compilable and in the order and form of
 * {@code bpftool btf dump file X format c unsorted} (libbpf 1.8 btf_dump): each type after those whose definition it
 * needs, forward declarations where a pointer is enough, anonymous types in line, padding and packed where C would lay
 * out otherwise.
 *
 * <p>One printer defines each type once, however often it is asked for. Not thread safe.
 */
public final class CPrinter {
    private static final byte BEING_EMITTED = 1;
    private static final byte EMITTED = 2;
    /** Types in each other on the way to one definition: named types end it, so this is the nesting of anonymous ones. */
    private static final int MAX_DEPTH = 512;

    private final Btf btf;
    private final StringBuilder out = new StringBuilder();
    private final CNames names;
    private final CTypeText text;
    private final DefinitionOrder order;
    private final byte[] state;
    /** A forward declaration, or a typedef that serves as one, has been printed. */
    private final boolean[] announced;
    private int depth;
    private long steps;

    public CPrinter(Btf btf) {
        this.btf = btf;
        this.names = new CNames(btf);
        this.text = new CTypeText(btf, names, out);
        this.order = new DefinitionOrder(btf);
        this.state = new byte[btf.typeCount()];
        this.announced = new boolean[btf.typeCount()];
        state[0] = EMITTED;
    }

    /** Definitions of all types, without the guards of a header. */
    public static String definitions(Btf btf) {
        CPrinter printer = new CPrinter(btf);
        printer.defineAll();
        return printer.text();
    }

    /** A vmlinux.h: guards, definitions of all types, prototypes of the kfuncs. */
    public static String header(Btf btf) {
        CPrinter printer = new CPrinter(btf);
        printer.out.append("""
                #ifndef __VMLINUX_H__
                #define __VMLINUX_H__

                #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
                #pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
                #endif

                #ifndef __ksym
                #define __ksym __attribute__((section(".ksyms")))
                #endif

                #ifndef __weak
                #define __weak __attribute__((weak))
                #endif

                #ifndef __bpf_fastcall
                #if __has_attribute(bpf_fastcall)
                #define __bpf_fastcall __attribute__((bpf_fastcall))
                #else
                #define __bpf_fastcall
                #endif
                #endif

                """);
        printer.defineAll();
        printer.out.append("\n/* BPF kfuncs */\n#ifndef BPF_NO_KFUNC_PROTOTYPES\n");
        printer.kfuncs();
        printer.out.append("""
                #endif

                #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
                #pragma clang attribute pop
                #endif

                #endif /* __VMLINUX_H__ */
                """);
        return printer.text();
    }

    /**
     * Adds the definition of a type and of all it needs, as far as they are not there yet.
     *
     * @throws FormatException if the types are not such as C could declare: a struct within itself, a VAR as member
     */
    public void define(int id) {
        btf.type(id);
        for (int definition : order.definitionsFor(id)) {
            emit(definition, 0);
        }
    }

    private void defineAll() {
        for (int id = 1; id < btf.typeCount(); id++) {
            define(id);
        }
    }

    /** Adds text as it is: comments, declarations of the caller's own. */
    public CPrinter append(String c) {
        out.append(c);
        return this;
    }

    /**
     * Adds the declaration of {@code name} with a type, without a semicolon: {@code const char *name}. The types it
     * names are not defined by this.
     */
    public CPrinter appendDeclaration(int typeId, String name) {
        text.declaration(typeId, name, 0);
        return this;
    }

    /** All that was printed so far. */
    public String text() {
        return out.toString();
    }

    /**
     * Prints a definition, or what must be announced so that it can be printed.
     *
     * @param container the named type that is being defined around this one; 0 to define {@code id} itself
     */
    private void emit(int id, int container) {
        if (state[id] == EMITTED) {
            return;
        }
        if (++depth > MAX_DEPTH || ++steps > DefinitionOrder.stepLimit(btf)) {
            throw btf.error(id, "declarations are nested without end");
        }
        if (state[id] == BEING_EMITTED) {
            announce(id, container);
        } else {
            emitNew(id, container);
        }
        depth--;
    }

    /** A type is needed within its own definition. */
    private void announce(int id, int container) {
        if (announced[id]) {
            return;
        }
        BtfType type = btf.type(id);
        if (type instanceof BtfType.Composite composite) {
            if (id == container || composite.name().isEmpty()) {
                return;
            }
            text.compositeTag(id, composite);
            out.append(";\n\n");
            announced[id] = true;
        } else if (type instanceof BtfType.Typedef typedef) {
            emitTypedef(id, typedef);
            announced[id] = true;
        }
    }

    private void emitNew(int id, int container) {
        boolean definition = container == 0;
        BtfType type = btf.type(id);
        switch (type) {
            case BtfType.Int t -> {
                emitMissingAlias(t.name());
                state[id] = EMITTED;
            }
            case BtfType.Enumeration t -> {
                if (definition) {
                    text.enumeration(id, t, 0);
                    out.append(";\n\n");
                }
                state[id] = EMITTED;
            }
            case BtfType.Fwd t -> {
                text.forward(id, t);
                out.append(";\n\n");
                state[id] = EMITTED;
            }
            case BtfType.Ptr t -> emit(t.typeId(), container);
            case BtfType.Volatile t -> emit(t.typeId(), container);
            case BtfType.Const t -> emit(t.typeId(), container);
            case BtfType.Restrict t -> emit(t.typeId(), container);
            case BtfType.TypeTag t -> emit(t.typeId(), container);
            case BtfType.Array t -> emit(t.elementTypeId(), container);
            case BtfType.Typedef t -> {
                state[id] = BEING_EMITTED;
                emit(t.typeId(), id);
                if (!announced[id]) {
                    emitTypedef(id, t);
                }
                state[id] = EMITTED;
            }
            case BtfType.Composite t -> emitComposite(id, t, container);
            case BtfType.FuncProto t -> {
                emit(t.returnTypeId(), container);
                for (BtfType.Param param : t.params()) {
                    emit(param.typeId(), container);
                }
            }
            case BtfType.Void t -> {
            }
            case BtfType.Float t -> {
            }
            case BtfType.Func t -> {
            }
            case BtfType.Var t -> {
            }
            case BtfType.DataSec t -> {
            }
            case BtfType.DeclTag t -> {
            }
            case BtfType.Unknown t -> {
            }
        }
    }

    private void emitComposite(int id, BtfType.Composite type, int container) {
        boolean definition = container == 0;
        boolean anonymous = type.name().isEmpty();
        state[id] = BEING_EMITTED;
        if (definition || anonymous) {
            int around = anonymous ? container : id;
            for (BtfType.Member member : type.members()) {
                emit(member.typeId(), around);
            }
        } else if (!announced[id] && id != container) {
            text.compositeTag(id, type);
            out.append(";\n\n");
            announced[id] = true;
        }
        if (definition) {
            text.composite(id, type, 0);
            out.append(";\n\n");
            state[id] = EMITTED;
        } else {
            state[id] = 0;
        }
    }

    private void emitTypedef(int id, BtfType.Typedef type) {
        // Built into every compiler, and not to be defined again.
        if (type.name().equals("__builtin_va_list")) {
            return;
        }
        String name = names.typedef(id);
        if (type.typeId() == 0 && name.equals("__gnuc_va_list")) {
            // Old gcc writes void here.
            out.append("typedef __builtin_va_list __gnuc_va_list;\n\n");
            return;
        }
        out.append("typedef ");
        text.declaration(type.typeId(), name, 0);
        out.append(";\n\n");
    }

    /** gcc's NEON types are of base types that only gcc has. */
    private void emitMissingAlias(String name) {
        String alias = switch (name) {
            case "__Poly8_t" -> "unsigned char";
            case "__Poly16_t" -> "unsigned short";
            case "__Poly64_t" -> "unsigned long long";
            case "__Poly128_t" -> "unsigned __int128";
            default -> null;
        };
        if (alias != null) {
            out.append("typedef ").append(alias).append(' ').append(name).append(";\n\n");
        }
    }

    /** Prototypes of the functions that are tagged bpf_kfunc, by name. */
    private void kfuncs() {
        List<BtfType.Func> kfuncs = new ArrayList<>();
        Set<BtfType.Func> fastcalls = new HashSet<>();
        for (int id = 1; id < btf.typeCount(); id++) {
            if (btf.kind(id) == BtfKind.DECL_TAG && btf.type(id) instanceof BtfType.DeclTag tag
                    && tag.componentIndex() == -1 && btf.type(tag.typeId()) instanceof BtfType.Func func) {
                if (tag.name().equals("bpf_kfunc")) {
                    kfuncs.add(func);
                } else if (tag.name().equals("bpf_fastcall")) {
                    fastcalls.add(func);
                }
            }
        }
        kfuncs.sort(Comparator.comparing(BtfType.Func::name));
        for (BtfType.Func kfunc : kfuncs) {
            out.append("extern ").append(fastcalls.contains(kfunc) ? "__bpf_fastcall " : "");
            text.declaration(kfunc.protoId(), kfunc.name(), 0);
            out.append(" __weak __ksym;\n");
        }
    }
}
