// A guest that attaches by every function that libbpf has for it, one way a line of its arguments:
//
//     attach [-o FILE] [-u LIBRARY] [-j LIBJVM] [-c CGROUP] [-n NETNS] [-p BPFFS] [-i INTERFACE] WAY...
//
// It prints what it got: GuestAttachKernelTest compares that with what it must be, in its own network namespace, in which
// packets are sent meanwhile; kernels/modules runs it in guests.
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "attach.skel.h"

static const char *library = "libc.so.6", *jvm, *cgroup, *netns, *bpffs;
static int interface = 1;

static struct attach_bpf *opened(void)
{
    struct attach_bpf *skel = attach_bpf__open();
    if (!skel) {
        printf("open: %s\n", strerror(errno));
        exit(1);
    }
    bpf_map__set_autocreate(skel->maps.control, false);
    bpf_map__set_autocreate(skel->maps.successor, false);
    return skel;
}

/* Loads one program, or two. */
static struct attach_bpf *loaded(const char *one, const char *two)
{
    struct attach_bpf *skel = opened();
    struct bpf_program *prog;
    bpf_object__for_each_program(prog, skel->obj) {
        const char *name = bpf_program__name(prog);
        bpf_program__set_autoload(prog, !strcmp(name, one) || (two && !strcmp(name, two)));
    }
    int err = attach_bpf__load(skel);
    if (err)
        printf("load %s: %s, ", one, strerror(-err));
    return skel;
}

/* Waits, having the kernel look an element up meanwhile, until the counter differs. */
static void wait_for(struct attach_bpf *skel, int counter, unsigned long long then, int tries)
{
    __u32 key = 0, value;
    for (int i = 0; i < tries && skel->bss->count[counter] == then; i++) {
        bpf_map_lookup_elem(bpf_map__fd(skel->maps.listed), &key, &value);
        usleep(50000);
    }
}

/* What the link is, whether its program ran, and that it runs no more when the link is gone. */
static void fired(const char *way, struct attach_bpf *skel, struct bpf_link *link, int counter)
{
    struct bpf_link_info info = {0};
    __u32 length = sizeof(info);
    if (!link) {
        printf("%s: %s\n", way, strerror(errno));
        attach_bpf__destroy(skel);
        return;
    }
    bpf_link_get_info_by_fd(bpf_link__fd(link), &info, &length);
    wait_for(skel, counter, 0, 100);
    int ran = skel->bss->count[counter] > 0;
    int destroyed = bpf_link__destroy(link);
    unsigned long long then = skel->bss->count[counter];
    wait_for(skel, counter, then, 4);
    printf("%s: %s link, ran %d, destroyed %d, ran on %d\n", way, libbpf_bpf_link_type_str((enum bpf_link_type)info.type),
           ran, destroyed, skel->bss->count[counter] != then);
    attach_bpf__destroy(skel);
}

static void uprobe(void)
{
    LIBBPF_OPTS(bpf_uprobe_opts, opts, .func_name = "syscall", .bpf_cookie = 5);
    struct attach_bpf *skel = loaded("at_entry", "at_return");
    opts.retprobe = true;
    struct bpf_link *back = bpf_program__attach_uprobe_opts(skel->progs.at_return, 0, library, 0, &opts);
    opts.retprobe = false;
    struct bpf_link *link = bpf_program__attach_uprobe_opts(skel->progs.at_entry, 0, library, 0, &opts);
    usleep(10000);
    printf("uretprobe: ran %d, ", back && skel->bss->count[1] > 0);
    bpf_link__destroy(back);
    opts.func_name = "no_such_function";
    printf("no such function: %d %d\n",
           bpf_program__attach_uprobe_opts(skel->progs.at_entry, -1, library, 0, &opts) == NULL, errno == ENOENT);
    fired("uprobe", skel, link, 0);
}

static void uprobe_multi(void)
{
    LIBBPF_OPTS(bpf_uprobe_multi_opts, opts);
    struct attach_bpf *skel = loaded("at_many", NULL);
    const unsigned long offsets[] = {0};
    printf("neither pattern nor offsets: %d %d\n",
           bpf_program__attach_uprobe_multi(skel->progs.at_many, -1, library, NULL, &opts) == NULL, errno == EINVAL);
    opts.offsets = offsets;
    opts.cnt = 1;
    printf("pattern and offsets: %d %d\n",
           bpf_program__attach_uprobe_multi(skel->progs.at_many, -1, library, "sysc*", &opts) == NULL, errno == EINVAL);
    fired("uprobe_multi", skel, bpf_program__attach_uprobe_multi(skel->progs.at_many, 0, library, "sysc?ll", NULL), 2);
}

static void usdt(void)
{
    LIBBPF_OPTS(bpf_usdt_opts, opts, .usdt_cookie = 9);
    struct attach_bpf *skel = loaded("at_usdt", NULL);
    fired("usdt", skel, bpf_program__attach_usdt(skel->progs.at_usdt, getpid(), jvm, "hotspot", "gc__begin", &opts), 3);
}

static void kprobe(void)
{
    LIBBPF_OPTS(bpf_kprobe_opts, opts, .retprobe = false);
    struct attach_bpf *skel = loaded("at_kernel", NULL);
    fired("kprobe", skel, bpf_program__attach_kprobe_opts(skel->progs.at_kernel, "security_bpf", &opts), 4);
    skel = loaded("at_kernel", NULL);
    fired("kretprobe", skel, bpf_program__attach_kprobe(skel->progs.at_kernel, true, "security_bpf"), 4);
    skel = loaded("at_kernel", NULL);
    fired("ksyscall", skel, bpf_program__attach_ksyscall(skel->progs.at_kernel, "bpf", NULL), 4);
}

static void kprobe_multi(void)
{
    const char *names[] = {"security_bpf", "security_file_open"};
    const __u64 cookies[] = {1, 2};
    LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .syms = names, .cookies = cookies, .cnt = 2);
    struct attach_bpf *skel = loaded("at_kernels", NULL);
    fired("kprobe_multi", skel, bpf_program__attach_kprobe_multi_opts(skel->progs.at_kernels, NULL, &opts), 5);
    skel = loaded("at_kernels", NULL);
    fired("kprobe_multi by pattern", skel,
          bpf_program__attach_kprobe_multi_opts(skel->progs.at_kernels, "security_bp*", NULL), 5);
}

static void of_cgroup(void)
{
    struct attach_bpf *skel = loaded("of_cgroup", NULL);
    struct bpf_link_info info = {0};
    __u32 length = sizeof(info), ids[4], count = 4, flags = 0;
    int fd = open(cgroup, O_RDONLY | O_DIRECTORY);
    LIBBPF_OPTS(bpf_cgroup_opts, opts);
    struct bpf_link *link = bpf_program__attach_cgroup_opts(skel->progs.of_cgroup, fd, &opts);
    int err = link ? bpf_link_get_info_by_fd(bpf_link__fd(link), &info, &length) : -errno;
    printf("cgroup: %s, of it %d, attached as %s, ", strerror(-err), info.cgroup.cgroup_id != 0,
           libbpf_bpf_attach_type_str((enum bpf_attach_type)info.cgroup.attach_type));
    err = bpf_prog_query(fd, BPF_CGROUP_INET_EGRESS, 0, &flags, ids, &count);
    printf("query %d: %u, ", err, count);
    bpf_link__destroy(link);
    count = 4;
    err = bpf_prog_query(fd, BPF_CGROUP_INET_EGRESS, 0, &flags, ids, &count);
    printf("then %d: %u, ", err, count);
    err = bpf_prog_attach(bpf_program__fd(skel->progs.of_cgroup), fd, BPF_CGROUP_INET_EGRESS, 0);
    LIBBPF_OPTS(bpf_prog_detach_opts, detach);
    printf("attach %d, ", err);
    printf("detach %d, ", bpf_prog_detach_opts(bpf_program__fd(skel->progs.of_cgroup), fd, BPF_CGROUP_INET_EGRESS, &detach));
    printf("again: %s\n",
           strerror(-bpf_prog_detach_opts(bpf_program__fd(skel->progs.of_cgroup), fd, BPF_CGROUP_INET_EGRESS, &detach)));
    close(fd);
    attach_bpf__destroy(skel);
}

static void of_netns(void)
{
    struct attach_bpf *skel = loaded("of_netns", NULL);
    int fd = open(netns, O_RDONLY);
    fired("netns", skel, bpf_program__attach_netns(skel->progs.of_netns, fd), 7);
    close(fd);
}

static void tcx(void)
{
    struct attach_bpf *skel = loaded("by_tcx", NULL);
    LIBBPF_OPTS(bpf_tcx_opts, opts, .flags = BPF_F_BEFORE);
    struct bpf_link *first = bpf_program__attach_tcx(skel->progs.by_tcx, interface, NULL);
    printf("no such interface: %d\n", bpf_program__attach_tcx(skel->progs.by_tcx, 123456, NULL) == NULL);
    bpf_link__destroy(first);
    fired("tcx", skel, bpf_program__attach_tcx(skel->progs.by_tcx, interface, &opts), 8);
}

static void netkit(void)
{
    struct attach_bpf *skel = loaded("by_netkit", NULL);
    LIBBPF_OPTS(bpf_netkit_opts, opts);
    fired("netkit", skel, bpf_program__attach_netkit(skel->progs.by_netkit, interface, &opts), 13);
}

static void netfilter(void)
{
    struct attach_bpf *skel = loaded("by_netfilter", NULL);
    LIBBPF_OPTS(bpf_netfilter_opts, opts, .pf = 2, .hooknum = 1, .priority = -100);
    fired("netfilter", skel, bpf_program__attach_netfilter(skel->progs.by_netfilter, &opts), 12);
}

static void tc(void)
{
    struct attach_bpf *skel = loaded("by_tc", NULL);
    LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = interface, .attach_point = BPF_TC_INGRESS);
    LIBBPF_OPTS(bpf_tc_opts, opts, .handle = 3, .priority = 7, .prog_fd = bpf_program__fd(skel->progs.by_tc));
    printf("tc: hook %d, ", bpf_tc_hook_create(&hook));
    printf("again: %s, ", strerror(-bpf_tc_hook_create(&hook)));
    printf("attach %d, ", bpf_tc_attach(&hook, &opts));
    wait_for(skel, 9, 0, 100);
    printf("ran %d, ", skel->bss->count[9] > 0);
    opts.prog_fd = opts.prog_id = opts.flags = 0;
    int err = bpf_tc_query(&hook, &opts);
    printf("query %d: %u %u program %d, ", err, opts.handle, opts.priority, opts.prog_id != 0);
    opts.prog_fd = opts.prog_id = opts.flags = 0;
    printf("detach %d, ", bpf_tc_detach(&hook, &opts));
    printf("then: %s, ", strerror(-bpf_tc_query(&hook, &opts)));
    hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
    printf("destroy %d\n", bpf_tc_hook_destroy(&hook));
    attach_bpf__destroy(skel);
}

static void xdp(void)
{
    struct attach_bpf *skel = loaded("by_xdp", "by_xdp_too");
    int first = bpf_program__fd(skel->progs.by_xdp), second = bpf_program__fd(skel->progs.by_xdp_too);
    LIBBPF_OPTS(bpf_xdp_attach_opts, opts);
    LIBBPF_OPTS(bpf_xdp_query_opts, query);
    __u32 id = 0;
    printf("xdp: attach %d, ", bpf_xdp_attach(interface, first, XDP_FLAGS_SKB_MODE | XDP_FLAGS_UPDATE_IF_NOEXIST, NULL));
    printf("again: %s, ", strerror(-bpf_xdp_attach(interface, second,
                                                   XDP_FLAGS_SKB_MODE | XDP_FLAGS_UPDATE_IF_NOEXIST, NULL)));
    int err = bpf_xdp_query_id(interface, XDP_FLAGS_SKB_MODE, &id);
    printf("id %d: %d, ", err, id != 0);
    err = bpf_xdp_query(interface, 0, &query);
    printf("query %d: %d mode %u, ", err, query.skb_prog_id == id, query.attach_mode);
    opts.old_prog_fd = second;
    printf("not that one %d, ", bpf_xdp_attach(interface, second, XDP_FLAGS_SKB_MODE | XDP_FLAGS_REPLACE, &opts) < 0);
    opts.old_prog_fd = first;
    printf("replace %d, ", bpf_xdp_attach(interface, second, XDP_FLAGS_SKB_MODE | XDP_FLAGS_REPLACE, &opts));
    wait_for(skel, 11, 0, 100);
    printf("ran %d, detach %d, ", skel->bss->count[11] > 0, bpf_xdp_detach(interface, XDP_FLAGS_SKB_MODE, NULL));
    err = bpf_xdp_query_id(interface, 0, &id);
    printf("then %d: %u\n", err, id);
    attach_bpf__destroy(skel);

    skel = loaded("by_xdp", "by_xdp_too");
    struct bpf_link *link = bpf_program__attach_xdp(skel->progs.by_xdp, interface);
    printf("xdp link: update %d, ", link ? bpf_link__update_program(link, skel->progs.by_xdp_too) : -errno);
    fired("then", skel, link, 11);
}

static void iter(void)
{
    struct attach_bpf *skel = loaded("iterate", NULL);
    union bpf_iter_link_info info = {.task = {.tid = (__u32)gettid()}};
    LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info, .link_info_len = sizeof(info));
    char text[16];
    struct bpf_link *link = bpf_program__attach_iter(skel->progs.iterate, &opts);
    int fd = link ? bpf_iter_create(bpf_link__fd(link)) : -errno;
    int got = fd < 0 ? fd : (int)read(fd, text, sizeof(text));
    printf("iter: read %d, tasks %llu, destroyed %d\n", got, skel->bss->count[14], bpf_link__destroy(link));
    close(fd);
    attach_bpf__destroy(skel);
}

/* Loaded for another target than its section names, it attaches to that. */
static void trace(void)
{
    struct attach_bpf *skel = opened();
    bpf_program__set_autoload(skel->progs.retargeted, true);
    int err = bpf_program__set_attach_target(skel->progs.retargeted, 0, "sched_wakeup");
    if (!err)
        err = attach_bpf__load(skel);
    fired("trace", skel, err ? NULL : bpf_program__attach(skel->progs.retargeted), 15);
}

static void freplace(void)
{
    struct attach_bpf *target = loaded("asked", NULL), *skel = opened();
    LIBBPF_OPTS(bpf_test_run_opts, opts);
    char packet[64] = {0};
    opts.data_in = packet;
    opts.data_size_in = sizeof(packet);
    int fd = bpf_program__fd(target->progs.asked);
    bpf_program__set_autoload(skel->progs.replaced, true);
    int err = bpf_program__set_attach_target(skel->progs.replaced, fd, "answer");
    if (!err)
        err = attach_bpf__load(skel);
    printf("freplace: load: %s, ", strerror(-err));
    struct bpf_link *link = err ? NULL : bpf_program__attach_freplace(skel->progs.replaced, 0, NULL);
    bpf_prog_test_run_opts(fd, &opts);
    printf("attached %d, %s %u, ", link != NULL, err ? "still" : "answers", opts.retval);
    bpf_link__destroy(link);
    bpf_prog_test_run_opts(fd, &opts);
    printf("then %u\n", opts.retval);
    attach_bpf__destroy(skel);
    attach_bpf__destroy(target);
}

static void struct_ops(void)
{
    struct attach_bpf *skel = opened();
    struct bpf_link_info info = {0};
    __u32 length = sizeof(info);
    bpf_map__set_autocreate(skel->maps.control, true);
    bpf_map__set_autocreate(skel->maps.successor, true);
    printf("struct_ops: members %d %d %d, ", skel->struct_ops.control->ssthresh == skel->progs.first_ssthresh,
           skel->struct_ops.control->undo_cwnd == skel->progs.undo_cwnd, (int)skel->struct_ops.control->flags);
    skel->struct_ops.control->ssthresh = skel->progs.other_ssthresh;
    skel->struct_ops.successor->ssthresh = skel->progs.other_ssthresh;
    skel->struct_ops.control->flags = 2;
    printf("load %d, ", attach_bpf__load(skel));
    printf("instead %d of %d, ", bpf_program__fd(skel->progs.other_ssthresh) > 0, bpf_program__fd(skel->progs.first_ssthresh) > 0);
    struct bpf_link *link = bpf_map__attach_struct_ops(skel->maps.control);
    int err = link ? bpf_link_get_info_by_fd(bpf_link__fd(link), &info, &length) : -errno;
    printf("%s, %s link, ", strerror(-err), libbpf_bpf_link_type_str((enum bpf_link_type)info.type));
    printf("update %d, ", link ? bpf_link__update_map(link, skel->maps.successor) : -1);
    printf("not that: %s, ", strerror(-bpf_link__update_map(link, skel->maps.listed)));
    printf("destroyed %d\n", bpf_link__destroy(link));
    attach_bpf__destroy(skel);
    skel = opened();
    bpf_map__set_autocreate(skel->maps.control, true);
    skel->struct_ops.control->cong_avoid = (struct bpf_program *)skel;
    printf("no program: %s\n", strerror(-attach_bpf__load(skel)));
    attach_bpf__destroy(skel);
}

static int exists(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", bpffs, name);
    return access(path, F_OK) == 0;
}

static void pin(void)
{
    struct attach_bpf *skel = loaded("by_xdp", NULL);
    char path[256];
    __u32 key = 1, value = 77;
    bpf_map_update_elem(bpf_map__fd(skel->maps.listed), &key, &value, 0);
    snprintf(path, sizeof(path), "%s/map", bpffs);
    printf("pin: map %d, ", bpf_map__pin(skel->maps.listed, path));
    int fd = bpf_obj_get(path);
    value = 0;
    bpf_map_lookup_elem(fd, &key, &value);
    close(fd);
    printf("there %d, %u, again: %s, ", exists("map"), value, strerror(-bpf_map__pin(skel->maps.listed, path)));
    printf("unpin %d, there %d\n", bpf_map__unpin(skel->maps.listed, NULL), exists("map"));
    snprintf(path, sizeof(path), "%s/program", bpffs);
    printf("pin: program %d, there %d, ", bpf_program__pin(skel->progs.by_xdp, path), exists("program"));
    printf("unpin %d, there %d\n", bpf_program__unpin(skel->progs.by_xdp, path), exists("program"));
    snprintf(path, sizeof(path), "%s/link", bpffs);
    struct bpf_link *link = bpf_program__attach_xdp(skel->progs.by_xdp, interface);
    printf("pin: link %d, there %d, ", link ? bpf_link__pin(link, path) : -errno, exists("link"));
    bpf_link__destroy(link);
    struct bpf_link *again = bpf_link__open(path);
    printf("opened %d, ", again != NULL);
    printf("unpin %d, there %d, ", again ? bpf_link__unpin(again) : -1, exists("link"));
    printf("detach %d\n", again ? bpf_link__detach(again) : -1);
    bpf_link__destroy(again);
    attach_bpf__destroy(skel);

    skel = loaded("by_xdp", NULL);
    snprintf(path, sizeof(path), "%s/all", bpffs);
    printf("pin: object's maps %d, there %d %d, ", bpf_object__pin_maps(skel->obj, path), exists("all/listed"),
           exists("all/percpu"));
    printf("unpin %d, there %d\n", bpf_object__unpin_maps(skel->obj, path), exists("all/listed"));
    rmdir(path);
    attach_bpf__destroy(skel);
}

static void percpu(void)
{
    struct attach_bpf *skel = loaded("by_xdp", NULL);
    int cpus = libbpf_num_possible_cpus();
    __u32 keys[2] = {0, 1}, count = 2, batch;
    __u64 *values = calloc(2 * (size_t)cpus, sizeof(*values));
    for (int i = 0; i < 2 * cpus; i++)
        values[i] = 100 + (unsigned)i;
    int fd = bpf_map__fd(skel->maps.percpu);
    printf("percpu: update %d of %u, ", bpf_map_update_batch(fd, keys, values, &count, NULL), count);
    memset(values, 0, 2 * (size_t)cpus * sizeof(*values));
    memset(keys, 0, sizeof(keys));
    count = 2;
    int err = bpf_map_lookup_batch(fd, NULL, &batch, keys, values, &count, NULL);
    printf("lookup %d of %u, keys %u %u, last %d\n", err && err != -ENOENT, count, keys[0], keys[1],
           values[2 * cpus - 1] == 99 + 2 * (__u64)cpus);
    free(values);
    attach_bpf__destroy(skel);
}

static enum bpf_perf_event_ret raw(void *ctx, int cpu, struct perf_event_header *event)
{
    __u64 value;
    memcpy(&value, (char *)(event + 1) + 4, sizeof(value));
    printf("raw: ctx %s, cpu %d, type %u, size %u, value %llx\n", (char *)ctx, cpu >= 0, event->type, event->size, value);
    return LIBBPF_PERF_EVENT_CONT;
}

static int record(void *ctx, void *data, size_t size)
{
    (void)data;
    *(size_t *)ctx += size;
    return 0;
}

static void buffers(void)
{
    struct attach_bpf *skel = opened();
    LIBBPF_OPTS(bpf_test_run_opts, run);
    struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_BPF_OUTPUT,
                                   .sample_type = PERF_SAMPLE_RAW, .sample_period = 1, .size = sizeof(attr)};
    attr.wakeup_events = 1;
    size_t bytes = 0;
    unsigned long stack[16] = {0};
    bpf_program__set_autoload(skel->progs.sent, true);
    printf("stacks of longs: %d, %u\n", bpf_map__set_value_size(skel->maps.stacks, sizeof(stack)),
           bpf_map__value_size(skel->maps.stacks));
    attach_bpf__load(skel);
    struct perf_buffer *pb = perf_buffer__new_raw(bpf_map__fd(skel->maps.events), 2, &attr, raw, "x", NULL);
    struct ring_buffer *rb = ring_buffer__new(bpf_map__fd(skel->maps.ring), record, &bytes, NULL);
    printf("opened %d %d, without attributes %d\n", pb != NULL, rb != NULL,
           perf_buffer__new_raw(bpf_map__fd(skel->maps.events), 2, NULL, raw, NULL, NULL) == NULL);
    bpf_prog_test_run_opts(bpf_program__fd(skel->progs.sent), &run);
    printf("poll %d\n", perf_buffer__poll(pb, 1000));
    bpf_prog_test_run_opts(bpf_program__fd(skel->progs.sent), &run);
    int found = 0;
    for (size_t i = 0; i < perf_buffer__buffer_cnt(pb); i++)
        found += perf_buffer__buffer_fd(pb, i) > 2 && !perf_buffer__consume_buffer(pb, i);
    printf("each CPU %d, beyond: %s\n", found == (int)perf_buffer__buffer_cnt(pb),
           strerror(-perf_buffer__consume_buffer(pb, 4000)));
    struct ring *ring = ring_buffer__ring(rb, 0);
    printf("ring: size %zu, waiting %zu of %lu, map %d, ", ring__size(ring), ring__avail_data_size(ring),
           ring__producer_pos(ring), ring__map_fd(ring) == bpf_map__fd(skel->maps.ring));
    int first = ring__consume_n(ring, 1), rest = ring__consume(ring);
    printf("consumed %d and %d, %zu bytes, at %lu, no other %d\n", first, rest, bytes, ring__consumer_pos(ring),
           ring_buffer__ring(rb, 1) == NULL && errno == ERANGE);
    int id = skel->bss->stack;
    printf("stack: %d, first %d\n", bpf_map_lookup_elem(bpf_map__fd(skel->maps.stacks), &id, stack), stack[0] != 0);
    perf_buffer__free(pb);
    ring_buffer__free(rb);
    attach_bpf__destroy(skel);
}

static void texts(void)
{
    struct attach_bpf *skel = opened();
    enum bpf_prog_type type = BPF_PROG_TYPE_UNSPEC;
    enum bpf_attach_type attach = BPF_CGROUP_INET_INGRESS;
    static char log[65536], small[16];
    size_t size = 0;
    bpf_program__set_autoload(skel->progs.refused, true);
    bpf_program__set_autoload(skel->progs.by_xdp, true);
    int err = bpf_program__set_log_buf(skel->progs.refused, log, sizeof(log));
    printf("log: %d, half: %s, ", err, strerror(-bpf_program__set_log_buf(skel->progs.refused, NULL, 5)));
    bpf_program__set_log_buf(skel->progs.by_xdp, small, sizeof(small));
    printf("level %d %u, ", bpf_program__set_log_level(skel->progs.by_xdp, 2), bpf_program__log_level(skel->progs.by_xdp));
    printf("buffer %d %zu\n", bpf_program__log_buf(skel->progs.by_xdp, &size) == small, size);
    printf("refused: %s, why %d, the other's %zu\n", strerror(-attach_bpf__load(skel)),
           strstr(log, "invalid mem access") != NULL, strlen(small));
    printf("insns %d of %zu, exit %d\n", bpf_program__insns(skel->progs.by_xdp) != NULL,
           bpf_program__insn_cnt(skel->progs.by_xdp),
           bpf_program__insns(skel->progs.by_xdp)[bpf_program__insn_cnt(skel->progs.by_xdp) - 1].code ==
               (BPF_JMP | BPF_EXIT));
    struct btf *btf = bpf_object__btf(skel->obj);
    int id = btf__find_by_name_kind(btf, "tcp_congestion_ops", BTF_KIND_STRUCT);
    __u32 bytes = 0;
    printf("BTF: %d, size %d, align %d, pointers %zu, ", id > 0, (int)btf__resolve_size(btf, (__u32)id),
           btf__align_of(btf, (__u32)id), btf__pointer_size(btf));
    const void *data = btf__raw_data(btf, &bytes);
    struct btf *copy = btf__new(data, bytes);
    printf("in the kernel: %d, %d, again: %s\n", btf__load_into_kernel(copy), btf__fd(copy) > 2,
           strerror(-btf__load_into_kernel(copy)));
    btf__free(copy);
    err = libbpf_prog_type_by_name("tcx/egress", &type, &attach);
    printf("tcx/egress: %d, %s, %s, nothing: %s\n", err, libbpf_bpf_prog_type_str(type),
           libbpf_bpf_attach_type_str(attach), strerror(-libbpf_prog_type_by_name("nothing", &type, &attach)));
    printf("names: %s %s %s %d\n", libbpf_bpf_map_type_str(BPF_MAP_TYPE_ARENA),
           libbpf_bpf_prog_type_str(BPF_PROG_TYPE_NETFILTER), libbpf_bpf_link_type_str(BPF_LINK_TYPE_SOCKMAP),
           libbpf_bpf_map_type_str((enum bpf_map_type)9999) == NULL);
    printf("clear: %d", system("clear"));
    err = system("true");
    printf(", true: %d %s\n", err, strerror(errno));
    attach_bpf__destroy(skel);
}

static const struct {
    const char *name;
    void (*run)(void);
} ways[] = {
    {"uprobe", uprobe},       {"uprobe_multi", uprobe_multi}, {"usdt", usdt},         {"kprobe", kprobe},
    {"kprobe_multi", kprobe_multi}, {"cgroup", of_cgroup},    {"netns", of_netns},    {"tcx", tcx},
    {"netkit", netkit},       {"netfilter", netfilter},       {"tc", tc},             {"xdp", xdp},
    {"iter", iter},           {"trace", trace},               {"freplace", freplace},         {"struct_ops", struct_ops}, {"pin", pin},
    {"percpu", percpu},       {"buffers", buffers},           {"texts", texts},
};

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
    return getenv("LOUD") ? vfprintf(stderr, format, args) : (int)level * 0;
}

int main(int argc, char **argv)
{
    int option;
    libbpf_set_print(quiet);
    while ((option = getopt(argc, argv, "o:u:j:c:n:p:i:")) != -1) {
        switch (option) {
        case 'o':
            if (!freopen(optarg, "w", stdout))
                return 1;
            break;
        case 'u': library = optarg; break;
        case 'j': jvm = optarg; break;
        case 'c': cgroup = optarg; break;
        case 'n': netns = optarg; break;
        case 'p': bpffs = optarg; break;
        case 'i': interface = (int)if_nametoindex(optarg); break;
        default: return 2;
        }
    }
    for (; optind < argc; optind++) {
        for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
            if (!strcmp(argv[optind], ways[i].name))
                ways[i].run();
        }
        fflush(stdout);
    }
    return 0;
}
