// Programs of sockets in a map.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u32);
} sockets SEC(".maps");

__u64 hits = 0;

static int count(int result)
{
    __sync_fetch_and_add(&hits, 1);
    return result;
}

SEC("?sk_msg")
int sk_msg(struct sk_msg_md *ctx)
{
    return count(SK_PASS);
}

SEC("?sk_skb/stream_parser")
int stream_parser(struct __sk_buff *ctx)
{
    return count(ctx->len);
}

SEC("?sk_skb/stream_verdict")
int stream_verdict(struct __sk_buff *ctx)
{
    return count(SK_PASS);
}

SEC("?sk_skb/verdict")
int verdict(struct __sk_buff *ctx)
{
    return count(SK_PASS);
}
