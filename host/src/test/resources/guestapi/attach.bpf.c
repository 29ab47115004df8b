// What GuestAttachKernelTest's guest attaches: a program for each way that libbpf's API has, each with a counter. None is
// loaded unless the guest says so.
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

char LICENSE[] SEC("license") = "GPL";

unsigned long long count[16];

#define COUNTER(section, name, number, result)                                                                         \
    SEC("?" section) int name(void *ctx)                                                                               \
    {                                                                                                                  \
        __sync_fetch_and_add(&count[number], 1);                                                                       \
        return result;                                                                                                 \
    }

COUNTER("uprobe", at_entry, 0, 0)
COUNTER("uretprobe", at_return, 1, 0)
COUNTER("uprobe.multi", at_many, 2, 0)
COUNTER("usdt", at_usdt, 3, 0)
COUNTER("kprobe", at_kernel, 4, 0)
COUNTER("kprobe.multi", at_kernels, 5, 0)
COUNTER("cgroup_skb/egress", of_cgroup, 6, 1)
COUNTER("sk_lookup", of_netns, 7, 1)
COUNTER("tcx/ingress", by_tcx, 8, 0)
COUNTER("tc", by_tc, 9, 0)
COUNTER("xdp", by_xdp, 10, 2)
COUNTER("xdp", by_xdp_too, 11, 2)
COUNTER("netfilter", by_netfilter, 12, 1)
COUNTER("netkit/primary", by_netkit, 13, 0)

COUNTER("tp_btf/no_such_tracepoint", retargeted, 15, 0)

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 3);
    __type(key, __u32);
    __type(value, __u32);
} listed SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} percpu SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_STACK_TRACE);
    __uint(max_entries, 16);
    __uint(key_size, 4);
    __uint(value_size, 8 * 16);
} stacks SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 4);
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} ring SEC(".maps");

struct tasks {
    void *meta;
    void *task;
};

SEC("?iter/task")
int iterate(struct tasks *ctx)
{
    if (ctx->task)
        __sync_fetch_and_add(&count[14], 1);
    return 0;
}

int stack;

SEC("?raw_tp")
int sent(void *ctx)
{
    __u64 value = 0x1122334455667788;
    stack = bpf_get_stackid(ctx, &stacks, 0);
    bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &value, sizeof(value));
    bpf_ringbuf_output(&ring, &value, sizeof(value), 0);
    return 0;
}

__attribute__((noinline)) int answer(struct __sk_buff *skb)
{
    volatile int result = 1;
    return skb ? result : 0;
}

SEC("?tc")
int asked(struct __sk_buff *skb)
{
    return answer(skb);
}

SEC("?freplace/answer")
int replaced(struct __sk_buff *skb)
{
    return 42;
}

SEC("?socket")
int refused(struct __sk_buff *skb)
{
    return *(int *)(long)skb->len;
}

struct sock;

struct tcp_congestion_ops {
    __u32 (*ssthresh)(struct sock *sk);
    void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
    __u32 (*undo_cwnd)(struct sock *sk);
    __u32 flags;
    char name[16];
} __attribute__((preserve_access_index));

SEC("?struct_ops")
__u32 BPF_PROG(first_ssthresh, struct sock *sk)
{
    return 2;
}

SEC("?struct_ops")
__u32 BPF_PROG(other_ssthresh, struct sock *sk)
{
    return 3;
}

SEC("?struct_ops")
void BPF_PROG(cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("?struct_ops")
__u32 BPF_PROG(undo_cwnd, struct sock *sk)
{
    return 10;
}

SEC(".struct_ops.link")
struct tcp_congestion_ops control = {
    .ssthresh = (void *)first_ssthresh,
    .cong_avoid = (void *)cong_avoid,
    .undo_cwnd = (void *)undo_cwnd,
    .name = "wasmbpf_guest",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops successor = {
    .ssthresh = (void *)first_ssthresh,
    .cong_avoid = (void *)cong_avoid,
    .undo_cwnd = (void *)undo_cwnd,
    .name = "wasmbpf_guest",
};
