// A verdict on what is sent between sockets of a map.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u32);
} sockets SEC(".maps");

__u64 messages = 0;

SEC("sk_msg")
int on_message(struct sk_msg_md *ctx)
{
    messages++;
    return SK_PASS;
}
