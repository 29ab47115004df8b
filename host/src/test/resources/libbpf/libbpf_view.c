/* Prints what the system's libbpf makes of a BPF object, one line an item, for LibbpfDifferentialTest:
 *   cc -o libbpf_view libbpf_view.c -lbpf && ./libbpf_view open|load FILE
 * With "load", programs are as submitted to the running kernel, descriptors of maps zeroed and named. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
    return level == LIBBPF_WARN ? vfprintf(stderr, format, args) : 0;
}

static const char *map_of(struct bpf_object *obj, int fd)
{
    struct bpf_map *map;

    bpf_object__for_each_map(map, obj)
        if (bpf_map__fd(map) == fd)
            return bpf_map__name(map);
    return "?";
}

static void print_program(struct bpf_object *obj, struct bpf_program *prog, int loaded)
{
    const struct bpf_insn *insns = bpf_program__insns(prog);
    size_t i, count = bpf_program__insn_cnt(prog);

    printf("program %s|%s|%d|%d|%d|%zu|", bpf_program__name(prog), bpf_program__section_name(prog),
           bpf_program__type(prog), bpf_program__expected_attach_type(prog), bpf_program__autoload(prog), count);
    for (i = 0; i < count; i++) {
        struct bpf_insn insn = insns[i];
        int load = loaded && insn.code == 0x18 && (insn.src_reg == 1 || insn.src_reg == 2);
        const unsigned char *bytes = (const unsigned char *)&insn;
        int fd = insn.imm;

        if (load)
            insn.imm = 0;
        for (size_t b = 0; b < sizeof(insn); b++)
            printf("%02x", bytes[b]);
        if (load)
            printf("<%s>", map_of(obj, fd));
    }
    printf("\n");
}

static void print_map(const char *what, const struct bpf_map *map)
{
    printf("%s %s|%d|%u|%u|%u|%#x|%#llx|%u|%u|%d\n", what, bpf_map__name(map), bpf_map__type(map),
           bpf_map__key_size(map), bpf_map__value_size(map), bpf_map__max_entries(map), bpf_map__map_flags(map),
           (unsigned long long)bpf_map__map_extra(map), bpf_map__btf_key_type_id(map), bpf_map__btf_value_type_id(map),
           bpf_map__pin_path(map) != NULL);
}

int main(int argc, char **argv)
{
    struct bpf_object *obj;
    struct bpf_program *prog;
    struct bpf_map *map;
    int load = argc == 3 && !strcmp(argv[1], "load");

    if (argc != 3)
        return 2;
    libbpf_set_print(quiet);
    obj = bpf_object__open_file(argv[2], NULL);
    if (!obj) {
        printf("error open\n");
        return 0;
    }
    if (load && bpf_object__load(obj)) {
        printf("error load\n");
        return 0;
    }
    printf("object %s\n", bpf_object__name(obj));
    bpf_object__for_each_map(map, obj)
        print_map("map", map);
    bpf_object__for_each_program(prog, obj)
        print_program(obj, prog, load);
    bpf_object__close(obj);
    return 0;
}
