package wasmbpf.host.gen;

import java.util.ArrayList;
import java.util.List;
import wasmbpf.btf.Btf;
import wasmbpf.btf.BtfType;

/**
 * {@code wasm-bpf gen skeleton}: a C header that carries the object and names its maps, programs and global variables,
 * in libbpf's form, over {@code libbpf-wasm.h}. Types of global variables have the kernel side's layout
 * ({@link CTypes}).
 */
public final class CSkeletonPrinter {
    private final SkeletonModel model;
    private final Btf btf;
    private final StringBuilder out = new StringBuilder();

    private final boolean plain;

    private CSkeletonPrinter(SkeletonModel model, Btf btf, boolean plain) {
        this.model = model;
        this.btf = btf;
        this.plain = plain;
    }

    /** The skeleton's text. {@code btf} is the object's, DATASECs with their true offsets. */
    public static String print(SkeletonModel model, Btf btf) {
        return print(model, btf, false);
    }

    /** {@code plain}: over libbpf itself, for programs of 64 bits. */
    public static String print(SkeletonModel model, Btf btf, boolean plain) {
        return new CSkeletonPrinter(model, btf, plain).print();
    }

    private String print() {
        String name = model.name();
        CTypes types = new CTypes(btf, false, CTypes.OF_LIBBPF);
        List<String> sections = new ArrayList<>();
        List<String> assertions = new ArrayList<>();
        for (SkeletonModel.DataSection section : model.sections()) {
            sections.add(sectionStruct(section, types, assertions));
        }

        line("/* Made by wasm-bpf gen skeleton: do not edit. */");
        line("#ifndef __" + name.toUpperCase(java.util.Locale.ROOT) + "_SKEL_H__");
        line("#define __" + name.toUpperCase(java.util.Locale.ROOT) + "_SKEL_H__");
        line("");
        line("#include <errno.h>");
        line("#include <stdbool.h>");
        line("#include <stddef.h>");
        line("#include <stdint.h>");
        line("#include <stdlib.h>");
        if (plain) {
            line("#include <bpf/libbpf.h>");
        } else {
            // Who included libbpf's header before wants libbpf's names alone: bcc's tools have a bpf_buffer of their own.
            line("#ifndef __LIBBPF_LIBBPF_H");
            line("#include \"libbpf-wasm.h\"");
            line("#endif");
        }
        line("");
        out.append(CHeaderPrinter.ASSERT_MACRO);
        if (!types.definitions().isEmpty()) {
            // As with libbpf, the structs of global variables come from a header that the guest includes first, or, where
            // it has none, from here.
            line("#ifdef " + name.toUpperCase(java.util.Locale.ROOT) + "_SKEL_TYPES");
            out.append(types.definitions());
            line("#endif");
            line("");
        }
        struct(sections);
        StructOpsPrinter.assertions(model, btf, plain).forEach(assertions::add);
        functions();
        elfBytes();
        if (!assertions.isEmpty()) {
            assertions.forEach(this::line);
            line("");
        }
        line("#endif");
        return out.toString();
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private void struct(List<String> sections) {
        line("struct " + model.name() + " {");
        line("    struct bpf_object_skeleton *skeleton;");
        line("    struct bpf_object *obj;");
        if (!model.maps().isEmpty()) {
            line("    struct {");
            for (SkeletonModel.MapEntry map : model.maps()) {
                line("        struct bpf_map *" + map.identifier() + ";");
            }
            line("    } maps;");
        }
        if (!model.programs().isEmpty()) {
            line("    struct {");
            for (SkeletonModel.ProgramEntry program : model.programs()) {
                line("        struct bpf_program *" + program.identifier() + ";");
            }
            line("    } progs;");
            line("    struct {");
            for (SkeletonModel.ProgramEntry program : model.programs()) {
                line("        struct bpf_link *" + program.identifier() + ";");
            }
            for (SkeletonModel.MapEntry map : model.maps()) {
                if (map.structOps() != 0) {
                    line("        struct bpf_link *" + map.identifier() + ";");
                }
            }
            line("    } links;");
        }
        StructOpsPrinter.members(model, btf, plain).forEach(this::line);
        sections.forEach(out::append);
        line("");
        line("#ifdef __cplusplus");
        line("    static inline struct " + model.name() + " *open(const struct bpf_object_open_opts *opts = nullptr);");
        line("    static inline struct " + model.name() + " *open_and_load();");
        line("    static inline int load(struct " + model.name() + " *skel);");
        line("    static inline int attach(struct " + model.name() + " *skel);");
        line("    static inline void detach(struct " + model.name() + " *skel);");
        line("    static inline void destroy(struct " + model.name() + " *skel);");
        line("    static inline const void *elf_bytes(size_t *sz);");
        line("#endif");
        line("};");
        line("");
    }

    /** The struct of a data section: its non-static variables at their offsets. */
    private String sectionStruct(SkeletonModel.DataSection section, CTypes types, List<String> assertions) {
        BtfType.DataSec dataSec = (BtfType.DataSec) btf.type(section.dataSecId());
        String structName = model.name() + "__" + section.identifier();
        List<StructLayout.Field> fields = new ArrayList<>();
        for (BtfType.VarInfo info : dataSec.vars()) {
            if (!(btf.type(info.typeId()) instanceof BtfType.Var v) || v.linkage() == wasmbpf.btf.VarLinkage.STATIC) {
                continue;
            }
            String name = CNames.identifier(v.name());
            CTypes.Shape shape = types.shape(v.typeId());
            fields.add(new StructLayout.Field(name, shape.prefix(), shape.suffix(), (info.offset() & 0xffffffffL) * 8, 0,
                    shape.sizeBytes(), shape.align()));
            // By the member that points to it: in C++ the struct's own name is known inside the skeleton's alone.
            String struct = "*((struct " + model.name() + " *)0)->" + section.identifier();
            assertions.add("WASM_BPF_ASSERT(offsetof(__typeof__(" + struct + "), " + name + ") == "
                    + (info.offset() & 0xffffffffL) + ", \"offset of " + name + "\");");
            assertions.add("WASM_BPF_ASSERT(sizeof((" + struct + ")." + name + ") == " + shape.sizeBytes()
                    + ", \"size of " + name + "\");");
        }
        if (fields.isEmpty()) {
            return "";
        }
        StructLayout layout = StructLayout.of(fields, section.sizeBytes(), false, 0);
        StringBuilder text = new StringBuilder();
        text.append("    struct ").append(structName).append(" {\n");
        for (String line : layout.lines()) {
            text.append("        ").append(line.replace("\n", "\n        ")).append('\n');
        }
        text.append("    }").append(layout.packed() ? " __attribute__((packed))" : "").append(" *").append(section.identifier()).append(";\n");
        return text.toString();
    }

    private void functions() {
        String name = model.name();
        out.append("""
                static inline void NAME__destroy(struct NAME *obj)
                {
                    if (!obj)
                        return;
                    if (obj->skeleton)
                        bpf_object__destroy_skeleton(obj->skeleton);
                    free(obj);
                }

                static inline const void *NAME__elf_bytes(size_t *sz);

                static inline int NAME__create_skeleton(struct NAME *obj)
                {
                    struct bpf_object_skeleton *s = (struct bpf_object_skeleton *)calloc(1, sizeof(*s));
                    if (!s)
                        return -ENOMEM;
                    obj->skeleton = s;
                    s->sz = sizeof(*s);
                    s->name = "OBJECT";
                    s->obj = &obj->obj;
                """.replace("NAME", name).replace("OBJECT", model.objectName()));
        maps();
        programs();
        out.append("""

                    s->data = (void *)NAME__elf_bytes(&s->data_sz);
                    return 0;
                }

                static inline struct NAME *NAME__open_opts(const struct bpf_object_open_opts *opts)
                {
                    struct NAME *obj = (struct NAME *)calloc(1, sizeof(*obj));
                    int err;
                    if (!obj) {
                        errno = ENOMEM;
                        return NULL;
                    }
                    err = NAME__create_skeleton(obj);
                    if (!err)
                        err = bpf_object__open_skeleton(obj->skeleton, opts);
                STRUCT_OPS    if (err) {
                        NAME__destroy(obj);
                        errno = -err;
                        return NULL;
                    }
                    return obj;
                }

                static inline struct NAME *NAME__open(void)
                {
                    return NAME__open_opts(NULL);
                }

                static inline int NAME__load(struct NAME *obj)
                {
                    return bpf_object__load_skeleton(obj->skeleton);
                }

                static inline struct NAME *NAME__open_and_load(void)
                {
                    struct NAME *obj = NAME__open();
                    int err;
                    if (!obj)
                        return NULL;
                    err = NAME__load(obj);
                    if (err) {
                        NAME__destroy(obj);
                        errno = -err;
                        return NULL;
                    }
                    return obj;
                }

                static inline int NAME__attach(struct NAME *obj)
                {
                    return bpf_object__attach_skeleton(obj->skeleton);
                }

                static inline void NAME__detach(struct NAME *obj)
                {
                    bpf_object__detach_skeleton(obj->skeleton);
                }

                #ifdef __cplusplus
                struct NAME *NAME::open(const struct bpf_object_open_opts *opts) { return NAME__open_opts(opts); }
                struct NAME *NAME::open_and_load() { return NAME__open_and_load(); }
                int NAME::load(struct NAME *skel) { return NAME__load(skel); }
                int NAME::attach(struct NAME *skel) { return NAME__attach(skel); }
                void NAME::detach(struct NAME *skel) { NAME__detach(skel); }
                void NAME::destroy(struct NAME *skel) { NAME__destroy(skel); }
                const void *NAME::elf_bytes(size_t *sz) { return NAME__elf_bytes(sz); }
                #endif

                """.replace("NAME", name).replace("STRUCT_OPS", StructOpsPrinter.opened(model)));
    }

    private void maps() {
        if (model.maps().isEmpty()) {
            return;
        }
        line("");
        line("    s->map_cnt = " + model.maps().size() + ";");
        line("    s->map_skel_sz = sizeof(*s->maps);");
        line("    s->maps = (struct bpf_map_skeleton *)calloc((size_t)s->map_cnt, sizeof(*s->maps));");
        line("    if (!s->maps)");
        line("        return -ENOMEM;");
        int i = 0;
        for (SkeletonModel.MapEntry map : model.maps()) {
            line("    s->maps[" + i + "].name = \"" + map.name() + "\";");
            line("    s->maps[" + i + "].map = &obj->maps." + map.identifier() + ";");
            if (map.dataSection() && hasStruct(map.identifier())) {
                line("    s->maps[" + i + "].mmaped = (void **)&obj->" + map.identifier() + ";");
            }
            if (map.structOps() != 0) {
                line("    s->maps[" + i + "].link = &obj->links." + map.identifier() + ";");
            }
            i++;
        }
    }

    private boolean hasStruct(String identifier) {
        for (SkeletonModel.DataSection section : model.sections()) {
            if (section.identifier().equals(identifier)) {
                for (BtfType.VarInfo info : ((BtfType.DataSec) btf.type(section.dataSecId())).vars()) {
                    if (btf.type(info.typeId()) instanceof BtfType.Var v && v.linkage() != wasmbpf.btf.VarLinkage.STATIC) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private void programs() {
        if (model.programs().isEmpty()) {
            return;
        }
        line("");
        line("    s->prog_cnt = " + model.programs().size() + ";");
        line("    s->prog_skel_sz = sizeof(*s->progs);");
        line("    s->progs = (struct bpf_prog_skeleton *)calloc((size_t)s->prog_cnt, sizeof(*s->progs));");
        line("    if (!s->progs)");
        line("        return -ENOMEM;");
        int i = 0;
        for (SkeletonModel.ProgramEntry program : model.programs()) {
            line("    s->progs[" + i + "].name = \"" + program.name() + "\";");
            line("    s->progs[" + i + "].prog = &obj->progs." + program.identifier() + ";");
            line("    s->progs[" + i + "].link = &obj->links." + program.identifier() + ";");
            i++;
        }
    }

    /** The object as an array. */
    private void elfBytes() {
        byte[] elf = model.elf();
        line("static inline const void *" + model.name() + "__elf_bytes(size_t *sz)");
        line("{");
        line("    static const char elf[" + elf.length + " + 1] __attribute__((aligned(8))) =");
        StringBuilder row = new StringBuilder("        \"");
        for (int i = 0; i < elf.length; i++) {
            int b = elf[i] & 0xff;
            boolean last = i + 1 == elf.length;
            if (b >= 0x20 && b < 0x7f && b != '"' && b != '\\' && b != '?') {
                row.append((char) b);
            } else {
                // The shortest octal escape that the next character cannot lengthen.
                boolean digitNext = !last && elf[i + 1] >= '0' && elf[i + 1] <= '7';
                row.append('\\');
                if (digitNext || b > 077) {
                    row.append((char) ('0' + (b >> 6)));
                }
                if (digitNext || b > 07) {
                    row.append((char) ('0' + (b >> 3 & 7)));
                }
                row.append((char) ('0' + (b & 7)));
            }
            if (row.length() > 112 && !last) {
                line(row.append('"').toString());
                row.setLength(0);
                row.append("        \"");
            }
        }
        line(row.append("\";").toString());
        line("    *sz = sizeof(elf) - 1;");
        line("    return elf;");
        line("}");
        line("");
    }
}
