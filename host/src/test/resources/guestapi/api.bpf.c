// What GuestApiKernelTest's guest loads: one of each thing that libbpf's API is tried on.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
} hash SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} percpu SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 65536);
} rb SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 4);
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_USER_RINGBUF);
    __uint(max_entries, 4096);
} commands SEC(".maps");

const volatile int wanted = 1;
int counter = 5;
unsigned long long seen;

// Run by BPF_PROG_TEST_RUN: adds what the guest asked for to what it wrote into .data, sends it through both buffers.
SEC("raw_tp")
int send(void *ctx)
{
    struct {
        __u32 a, b;
        char text[600];
    } *large;
    __u64 value = counter + wanted;
    seen += value;
    counter++;
    large = bpf_ringbuf_reserve(&rb, sizeof(*large), 0);
    if (large) {
        large->a = counter;
        large->b = wanted;
        large->text[599] = 'x';
        bpf_ringbuf_submit(large, 0);
    }
    bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &value, sizeof(value));
    return 0;
}

static long take(struct bpf_dynptr *record, void *context)
{
    __u32 value = 0;
    bpf_dynptr_read(&value, sizeof(value), record, 0, 0);
    *(__u64 *)context += value;
    return 0;
}

__u64 taken;

SEC("raw_tp")
int drain(void *ctx)
{
    __u64 sum = 0;
    bpf_user_ringbuf_drain(&commands, take, &sum, 0);
    taken = sum;
    return 0;
}

SEC("socket")
int length(struct __sk_buff *skb)
{
    return skb->len;
}

SEC("tp/syscalls/sys_enter_getpgid")
int never(void *ctx)
{
    return 0;
}

SEC("?kprobe/no_such_function_anywhere")
int absent(void *ctx)
{
    return 0;
}
