// A guest that tries libbpf's API on api.bpf.o and prints what it gets: GuestApiKernelTest compares with api.expected.
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "api.skel.h"

static int printed;

static int print(enum libbpf_print_level level, const char *format, va_list args)
{
    (void)format;
    (void)args;
    printed += level == LIBBPF_WARN;
    return 0;
}

static int ring_event(void *ctx, void *data, size_t size)
{
    const unsigned *numbers = data;
    printf("ring: ctx %s, size %zu, counter %u, wanted %u, last %c\n", (const char *)ctx, size, numbers[0], numbers[1],
           ((const char *)data)[607]);
    return numbers[0] == 9 ? -77 : 0;
}

static int quiet, counted;

static void perf_event(void *ctx, int cpu, void *data, __u32 size)
{
    counted++;
    if (quiet)
        return;
    printf("perf: ctx %s, cpu %s, size %u, value %llu\n", (const char *)ctx, cpu >= 0 ? "known" : "?", size,
           *(unsigned long long *)data);
}

static int told;

static void perf_lost(void *ctx, int cpu, __u64 count)
{
    (void)cpu;
    if (!told++)
        printf("lost: ctx %s, some %d\n", (const char *)ctx, count > 0);
}

static int run(struct bpf_program *prog)
{
    LIBBPF_OPTS(bpf_test_run_opts, opts);
    return bpf_prog_test_run_opts(bpf_program__fd(prog), &opts);
}

static void before_load(struct api_bpf *skel)
{
    size_t size;
    printf("wanted %d, counter %d\n", skel->rodata->wanted, skel->data->counter);
    skel->rodata->wanted = 10;
    skel->data->counter = 6;
    printf("map fd before load: %s\n", strerror(-bpf_map__fd(skel->maps.hash)));
    printf("set max_entries %d: %u\n", bpf_map__set_max_entries(skel->maps.hash, 4),
           bpf_map__max_entries(skel->maps.hash));
    printf("type %d, key %u, value %u\n", bpf_map__type(skel->maps.hash), bpf_map__key_size(skel->maps.hash),
           bpf_map__value_size(skel->maps.hash));
    printf("names %s %s %s\n", bpf_map__name(skel->maps.rb), bpf_program__name(skel->progs.send),
           bpf_program__section_name(skel->progs.never));
    printf("autoload %d %d\n", bpf_program__autoload(skel->progs.send), bpf_program__autoload(skel->progs.absent));
    printf("internal %d %d\n", bpf_map__is_internal(skel->maps.bss), bpf_map__is_internal(skel->maps.rb));
    bpf_map__initial_value(skel->maps.rodata, &size);
    printf("rodata has %zu bytes\n", size);
    printf("unknown: %d %d\n", bpf_object__find_map_by_name(skel->obj, "nothing") == NULL, errno == ENOENT);
    printf("set target of nothing: %s\n", strerror(-bpf_program__set_attach_target(NULL, 0, "x")));
}

static void elements(struct api_bpf *skel)
{
    int fd = bpf_map__fd(skel->maps.hash);
    __u32 key = 1, next, keys[8], count = 8, batch;
    __u64 value = 100, values[8];
    printf("update %d\n", bpf_map_update_elem(fd, &key, &value, BPF_NOEXIST));
    printf("again: %s\n", strerror(-bpf_map_update_elem(fd, &key, &value, BPF_NOEXIST)));
    key = 2;
    value = 200;
    printf("map update %d\n", bpf_map__update_elem(skel->maps.hash, &key, 4, &value, 8, BPF_ANY));
    printf("wrong size: %s\n", strerror(-bpf_map__update_elem(skel->maps.hash, &key, 8, &value, 8, BPF_ANY)));
    value = 0;
    printf("lookup %d: %llu\n", bpf_map__lookup_elem(skel->maps.hash, &key, 4, &value, 8, 0), value);
    printf("batch: %s, %u\n",
           strerror(-bpf_map_lookup_batch(fd, NULL, &batch, keys, values, &count, NULL)), count);
    printf("sum %llu\n", values[0] + values[1]);
    printf("lookup and delete %d: %llu\n", bpf_map_lookup_and_delete_elem(fd, &key, &value), value);
    printf("first key %d: %u\n", bpf_map_get_next_key(fd, NULL, &next), next);
    printf("after it: %s\n", strerror(-bpf_map_get_next_key(fd, &next, &next)));
    printf("delete %d, ", bpf_map_delete_elem(fd, &next));
    printf("again: %s\n", strerror(-bpf_map_delete_elem(fd, &next)));
    for (key = 0; key < 4; key++)
        bpf_map_update_elem(fd, &key, &value, 0);
    key = 9;
    printf("the fifth: %s\n", strerror(-bpf_map_update_elem(fd, &key, &value, 0)));
    printf("not a map: %s\n", strerror(-bpf_map_lookup_elem(1, &key, &value)));

    int cpus = libbpf_num_possible_cpus();
    __u64 each[64] = {0};
    key = 0;
    each[cpus - 1] = 7;
    printf("per CPU %d\n", bpf_map_update_elem(bpf_map__fd(skel->maps.percpu), &key, each, 0));
    memset(each, 0, sizeof(each));
    bpf_map_lookup_elem(bpf_map__fd(skel->maps.percpu), &key, each);
    printf("of the last: %llu\n", each[cpus - 1]);
}

static void kernel_objects(struct api_bpf *skel)
{
    struct bpf_map_info info = {0};
    struct bpf_prog_info prog = {0};
    __u32 length = sizeof(info), ids[8];
    int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "made", 4, 8, 3, NULL), again;
    printf("made %d\n", fd > 2);
    printf("info %d: type %u, value %u, entries %u, name %s\n", bpf_map_get_info_by_fd(fd, &info, &length), info.type,
           info.value_size, info.max_entries, info.name);
    again = bpf_map_get_fd_by_id(info.id);
    __u32 key = 2;
    __u64 value = 42, read = 0;
    printf("by id: %d %d %d: %llu\n", again > 2 && again != fd, bpf_map_update_elem(again, &key, &value, 0),
           bpf_map_lookup_elem(fd, &key, &read), read);
    key = 3;
    printf("out of it: %s\n", strerror(-bpf_map_update_elem(fd, &key, &value, 0)));
    close(again);
    printf("closed: %s\n", strerror(-bpf_map_lookup_elem(again, &key, &read)));
    close(fd);
    length = sizeof(prog);
    prog.nr_map_ids = 8;
    prog.map_ids = (__u64)(uintptr_t)ids;
    printf("program info %d: type %u, name %s, maps %u\n",
           bpf_prog_get_info_by_fd(bpf_program__fd(skel->progs.send), &prog, &length), prog.type, prog.name,
           prog.nr_map_ids);
    printf("a map's id %d\n", ids[0] != 0 && prog.map_ids == (__u64)(uintptr_t)ids);

    struct bpf_insn insns[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 3}, {.code = BPF_JMP | BPF_EXIT}};
    LIBBPF_OPTS(bpf_test_run_opts, opts);
    char packet[64] = {0};
    fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "three", "GPL", insns, 2, NULL);
    opts.data_in = packet;
    opts.data_size_in = sizeof(packet);
    printf("test run %d: %u\n", bpf_prog_test_run_opts(fd, &opts), opts.retval);
    close(fd);
    insns[0].code = 0xff;
    printf("bad program: %s\n", strerror(-bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "bad", "GPL", insns, 2, NULL)));
    printf("length of a packet: %d %u\n",
           bpf_prog_test_run_opts(bpf_program__fd(skel->progs.length), &opts), opts.retval);
    printf("has arrays %d, kind 999 %d\n", libbpf_probe_bpf_map_type(BPF_MAP_TYPE_ARRAY, NULL),
           libbpf_probe_bpf_map_type((enum bpf_map_type)999, NULL));
    printf("has socket filters %d, bpf_map_lookup_elem %d\n",
           libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_SOCKET_FILTER, NULL),
           libbpf_probe_bpf_helper(BPF_PROG_TYPE_SOCKET_FILTER, BPF_FUNC_map_lookup_elem, NULL));
}

static void buffers(struct api_bpf *skel)
{
    struct ring_buffer *rb = ring_buffer__new(bpf_map__fd(skel->maps.rb), ring_event, "one", NULL);
    struct perf_buffer *pb = perf_buffer__new(bpf_map__fd(skel->maps.events), 1, perf_event, perf_lost, "two", NULL);
    printf("opened %d %d\n", rb != NULL, pb != NULL);
    printf("not a ring: %d\n", ring_buffer__new(bpf_map__fd(skel->maps.hash), ring_event, NULL, NULL) == NULL);
    printf("nothing yet %d %d\n", ring_buffer__poll(rb, 0), perf_buffer__poll(pb, 1));
    printf("run %d\n", run(skel->progs.send));
    printf("counter %d, seen %llu\n", skel->data->counter, skel->bss->seen);
    printf("poll %d %d\n", ring_buffer__poll(rb, 1000), perf_buffer__poll(pb, 1000));
    skel->data->counter = 7;
    run(skel->progs.send);
    run(skel->progs.send);
    run(skel->progs.send);
    printf("counter %d, seen %llu\n", skel->data->counter, skel->bss->seen);
    printf("stopped by its callback: %d\n", ring_buffer__poll(rb, 1000));
    printf("consume %d\n", ring_buffer__consume(rb));
    printf("epoll %d\n", ring_buffer__epoll_fd(rb) > 2);
    ring_buffer__free(rb);
    perf_buffer__consume(pb);
    quiet = 1;
    // The kernel tells of a loss before the next record on the same CPU: once more if this thread was moved to another.
    for (int round = 0; round < 50 && !told; round++) {
        counted = 0;
        for (int i = 0; i < 1000; i++)
            run(skel->progs.send);
        perf_buffer__poll(pb, 0);
        if (!round)
            printf("some of a thousand: %d\n", counted > 50 && counted < 1000);
        for (int i = 0; i < 10; i++)
            run(skel->progs.send);
        perf_buffer__poll(pb, 0);
    }
    perf_buffer__free(pb);

    struct user_ring_buffer *urb = user_ring_buffer__new(bpf_map__fd(skel->maps.commands), NULL);
    for (unsigned i = 1; i <= 3; i++) {
        unsigned *record = user_ring_buffer__reserve(urb, sizeof(*record));
        *record = i * 100;
        if (i == 2)
            user_ring_buffer__discard(urb, record);
        else
            user_ring_buffer__submit(urb, record);
    }
    printf("drain %d: %llu\n", run(skel->progs.drain), skel->bss->taken);
    printf("too large: %d %d\n", user_ring_buffer__reserve(urb, 1 << 20) == NULL, errno == E2BIG);
    user_ring_buffer__free(urb);
}

static void links(struct api_bpf *skel)
{
    struct bpf_link_info info = {0};
    __u32 length = sizeof(info);
    struct bpf_link *link = bpf_program__attach(skel->progs.never);
    printf("attached %d, type %d\n", link != NULL,
           bpf_link_get_info_by_fd(bpf_link__fd(link), &info, &length) ? -1 : (int)info.type);
    printf("detach twice: %d\n", bpf_link__destroy(link));
    link = bpf_program__attach_tracepoint(skel->progs.never, "syscalls", "sys_enter_getpgid");
    printf("by name %d, destroyed %d\n", link != NULL, bpf_link__destroy(link));
    printf("no such: %d %d\n", bpf_program__attach_tracepoint(skel->progs.never, "syscalls", "none") == NULL,
           errno == ENOENT);
    printf("no section: %d %d\n", bpf_program__attach(skel->progs.length) == NULL, errno == EOPNOTSUPP);
    printf("not loaded: %d %d\n", bpf_program__attach(skel->progs.absent) == NULL, errno == EINVAL);
    printf("xdp of a tracepoint: %d\n", bpf_program__attach_xdp(skel->progs.never, 1) == NULL);
    printf("kinds said why: %d\n", printed > 3);
    int sock = socket(AF_INET, SOCK_DGRAM, 0), prog = bpf_program__fd(skel->progs.length);
    printf("on a socket %d\n", setsockopt(sock, SOL_SOCKET, SO_ATTACH_BPF, &prog, sizeof(prog)));
    close(sock);
    printf("closed socket: %d\n", setsockopt(sock, SOL_SOCKET, SO_ATTACH_BPF, &prog, sizeof(prog)));
    printf("skeleton attach %d, links %d %d\n", api_bpf__attach(skel), skel->links.never != NULL,
           skel->links.send != NULL);
    api_bpf__detach(skel);
    printf("detached %d\n", skel->links.never == NULL);
}

/* A second object that has the first one's map. */
static void reuse(struct api_bpf *first)
{
    struct api_bpf *second = api_bpf__open();
    __u32 key = 3;
    __u64 value = 33, read = 0;
    printf("reuse %d, ", bpf_map__reuse_fd(second->maps.hash, bpf_map__fd(first->maps.hash)));
    printf("load %d, ", api_bpf__load(second));
    printf("update %d %d, ", bpf_map_update_elem(bpf_map__fd(second->maps.hash), &key, &value, BPF_ANY),
           bpf_map_lookup_elem(bpf_map__fd(first->maps.hash), &key, &read));
    printf("the other sees %llu\n", read);
    api_bpf__destroy(second);
}

static int caught;

static void handler(int sig)
{
    caught = sig;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !freopen(argv[1], "w", stdout))
        return 1;
    char name[IF_NAMESIZE] = "";
    libbpf_set_print(print);
    printf("version %d\n", (int)wasm_bpf_query(WASM_BPF_VERSION));
    printf("not an object: %d %d\n", bpf_object__open_mem("nothing", 7, NULL) == NULL, errno == EINVAL);
    struct api_bpf *skel = api_bpf__open();
    before_load(skel);
    printf("load %d, again: %s\n", api_bpf__load(skel), strerror(-api_bpf__load(skel)));
    printf("wanted %d, counter %d\n", skel->rodata->wanted, skel->data->counter);
    printf("set after it: %s\n", strerror(-bpf_map__set_max_entries(skel->maps.hash, 8)));
    elements(skel);
    kernel_objects(skel);
    buffers(skel);
    links(skel);
    reuse(skel);
    struct btf *btf = btf__load_vmlinux_btf();
    printf("task_struct %d\n", btf__find_by_name_kind(btf, "task_struct", BTF_KIND_STRUCT) > 0);
    printf("no such: %s\n", strerror(-btf__find_by_name_kind(btf, "no_such_struct_at_all", BTF_KIND_STRUCT)));
    btf__free(btf);
    printf("lo %d: %s\n", if_nametoindex("lo"), if_indextoname(1, name) ? name : "?");
    printf("no interface: %u %d\n", if_nametoindex("nosuchif"), errno == ENODEV);
    signal(SIGTERM, handler);
    raise(SIGTERM);
    signal(SIGALRM, handler);
    printf("caught %d, ", caught);
    alarm(1);
    unsigned left = sleep(5);
    printf("then %d, woken early %d\n", caught, left >= 3);
    api_bpf__destroy(skel);
    printf("destroyed\n");
    return 0;
}
