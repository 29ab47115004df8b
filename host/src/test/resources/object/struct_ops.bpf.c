/* Two implementations of the kernel's struct tcp_congestion_ops, with fewer and more members than it has. */
#include "bpf.h"
char _license[] SEC("license") = "GPL";
struct sock;
struct tcp_congestion_ops {
    void (*init)(struct sock *sk);
    char name[16];
    u32 flags;
    u32 (*ssthresh)(struct sock *sk);
    u32 (*undo_cwnd)(struct sock *sk);
};
struct tcp_congestion_ops___newer {
    u32 (*ssthresh)(struct sock *sk);
    void (*from_the_future)(struct sock *sk);
    u64 future_flags;
    char name[16];
};
SEC("struct_ops/ssthresh") u32 ops_ssthresh(u64 *ctx) { return 2; }
SEC("struct_ops") u32 ops_undo(u64 *ctx) { return 3; }
SEC("struct_ops") void ops_init(u64 *ctx) { }
SEC("struct_ops") void ops_future(u64 *ctx) { }
SEC("struct_ops") u32 ops_unused(u64 *ctx) { return 4; }
SEC("struct_ops") u32 ops_optional(u64 *ctx) { return 5; }
SEC(".struct_ops") struct tcp_congestion_ops plain = {
    .init = (void *)ops_init, .ssthresh = (void *)ops_ssthresh, .undo_cwnd = (void *)ops_undo, .name = "plain", .flags = 5,
};
SEC(".struct_ops.link") struct tcp_congestion_ops___newer linked = {
    .ssthresh = (void *)ops_ssthresh, .from_the_future = (void *)ops_future, .name = "linked",
};
SEC("?.struct_ops") struct tcp_congestion_ops off1 = { .ssthresh = (void *)ops_unused, .name = "off1" };
SEC("?.struct_ops") struct tcp_congestion_ops off2 = { .undo_cwnd = (void *)ops_optional, .name = "off2" };
