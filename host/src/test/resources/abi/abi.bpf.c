// What AbiKernelTest loads: one map of each kind the host functions treat differently, and a program that fires on
// getppid(2) of one process, writing an event of a size the test chooses.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAX 512

struct value {
    __u32 id;
    __u32 size;
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 65536);
} rb SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} rb2 SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 4);
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
} hash SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u32);
} percpu SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_QUEUE);
    __uint(max_entries, 4);
    __uint(value_size, 4);
} queue SEC(".maps");

struct inner {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 2);
    __type(key, __u32);
    __array(values, struct inner);
} maps SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 4);
    __uint(max_entries, 1);
} cgroups SEC(".maps");

const volatile __u32 frozen = 1;
// Whose getppid counts and how long the next event is: all of .data.
struct { __u32 target, size; } config = { 0, 8 };
static char bytes[MAX];

// raw tracepoint sys_enter: registers, number of the system call.
SEC("raw_tp/sys_enter")
int on_getppid(struct bpf_raw_tracepoint_args *ctx)
{
    if (ctx->args[1] != 110 && ctx->args[1] != 173)
        return 0;
    if (bpf_get_current_pid_tgid() >> 32 != config.target)
        return 0;
    __u32 n = config.size;
    if (n > MAX)
        n = MAX;
    bytes[0]++;
    bpf_ringbuf_output(&rb, bytes, n, 0);
    bpf_ringbuf_output(&rb2, bytes, 4, 0);
    bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, bytes, n);
    return 0;
}

SEC("xdp")
int xdp_pass(struct xdp_md *ctx)
{
    return XDP_PASS;
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
    return frozen & 1;
}

SEC("socket")
int filter(struct __sk_buff *skb)
{
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
