/* Prints what the system's libbpf makes of a BPF object, one line an item, for LibbpfDifferentialTest:
 *   cc -o libbpf_view libbpf_view.c -lbpf && ./libbpf_view open|load FILE
 * With "load", programs are as submitted to the running kernel, descriptors of maps zeroed and named. Nothing reaches
 * the kernel: bpf(2) is answered below, so that neither privileges nor the verifier decide what is compared. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* libbpf calls bpf(2) and perf_event_open(2) through this: the answers of a kernel that lacks nothing. */
long syscall(long number, ...)
{
    static long (*real)(long, ...);
    long a, b, c, d, e, f;
    va_list args;
    int fd;

    va_start(args, number);
    a = va_arg(args, long);
    b = va_arg(args, long);
    c = va_arg(args, long);
    d = va_arg(args, long);
    e = va_arg(args, long);
    f = va_arg(args, long);
    va_end(args);
    if (number == SYS_perf_event_open)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (number != SYS_bpf) {
        if (!real)
            real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
        return real(number, a, b, c, d, e, f);
    }
    switch (a) {
    case BPF_MAP_CREATE:
        fd = memfd_create("map", MFD_CLOEXEC);
        if (fd >= 0 && ftruncate(fd, 1L << 32)) {
            close(fd);
            return -1;
        }
        return fd;
    case BPF_PROG_LOAD:
    case BPF_BTF_LOAD:
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    case BPF_OBJ_GET:
    case BPF_BTF_GET_NEXT_ID:
        errno = ENOENT;
        return -1;
    case BPF_LINK_CREATE:
        errno = EBADF; /* what probes of links on perf events wait for */
        return -1;
    default:
        return 0;
    }
}

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
    /* Sections that this libbpf is too old to know. */
    bpf_object__for_each_program(prog, obj)
        if (load && bpf_program__type(prog) == BPF_PROG_TYPE_UNSPEC)
            bpf_program__set_autoload(prog, false);
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
