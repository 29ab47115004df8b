// A congestion control that does what the kernel's own reno does, for struct_ops.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct sock;
struct rate_sample;

struct ack_sample {
    __u32 pkts_acked;
} __attribute__((preserve_access_index));

struct tcp_congestion_ops {
    __u32 (*ssthresh)(struct sock *sk);
    void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
    __u32 (*undo_cwnd)(struct sock *sk);
    void (*not_in_any_kernel)(struct sock *sk);
    char name[16];
} __attribute__((preserve_access_index));

SEC("struct_ops")
__u32 BPF_PROG(plain_ssthresh, struct sock *sk)
{
    return 2;
}

SEC("struct_ops")
void BPF_PROG(plain_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("struct_ops")
__u32 BPF_PROG(plain_undo_cwnd, struct sock *sk)
{
    return 10;
}

SEC(".struct_ops.link")
struct tcp_congestion_ops linked = {
    .ssthresh = (void *)plain_ssthresh,
    .cong_avoid = (void *)plain_cong_avoid,
    .undo_cwnd = (void *)plain_undo_cwnd,
    .name = "wasmbpf_link",
};

SEC(".struct_ops")
struct tcp_congestion_ops unlinked = {
    .ssthresh = (void *)plain_ssthresh,
    .cong_avoid = (void *)plain_cong_avoid,
    .undo_cwnd = (void *)plain_undo_cwnd,
    .name = "wasmbpf_map",
};
