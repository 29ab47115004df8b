// A program with a function that another replaces, and one that watches it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

__u64 hits = 0;
__s64 seen = 0;

__attribute__((noinline)) int replaceable(struct __sk_buff *ctx)
{
    volatile int result = 1;

    return result;
}

SEC("?tc")
int calls(struct __sk_buff *ctx)
{
    return replaceable(ctx) + 10;
}

SEC("?freplace/replaceable")
int replacement(struct __sk_buff *ctx)
{
    __sync_fetch_and_add(&hits, 1);
    return 2;
}

SEC("?fentry/replaceable")
int BPF_PROG(at_entry, void *packet)
{
    __sync_fetch_and_add(&hits, 1);
    return 0;
}

SEC("?fexit/replaceable")
int BPF_PROG(at_exit, void *packet, int result)
{
    __sync_fetch_and_add(&hits, 1);
    seen = result;
    return 0;
}
