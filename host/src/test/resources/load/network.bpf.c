// One program for each place in the network that a test can make for itself.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

enum { XDP, TC, TCX_EGRESS, NETFILTER, SK_LOOKUP, FLOW_DISSECTOR, SOCKET, CGROUP_SOCK, CGROUP_CONNECT, CGROUP_SKB,
       SOCK_OPS };

__u64 hits[16] = {};

#define COUNT(which) __sync_fetch_and_add(&hits[which], 1)

SEC("xdp")
int on_xdp(struct xdp_md *ctx)
{
    COUNT(XDP);
    return XDP_PASS;
}

SEC("tc")
int on_tc(struct __sk_buff *ctx)
{
    COUNT(TC);
    return -1;
}

SEC("tcx/egress")
int on_tcx_egress(struct __sk_buff *ctx)
{
    COUNT(TCX_EGRESS);
    return -1;
}

SEC("netfilter")
int on_netfilter(void *ctx)
{
    COUNT(NETFILTER);
    return 1;
}

SEC("sk_lookup")
int on_sk_lookup(struct bpf_sk_lookup *ctx)
{
    COUNT(SK_LOOKUP);
    return SK_PASS;
}

SEC("flow_dissector")
int on_flow_dissector(struct __sk_buff *ctx)
{
    COUNT(FLOW_DISSECTOR);
    return BPF_OK;
}

SEC("socket")
int on_socket(struct __sk_buff *ctx)
{
    COUNT(SOCKET);
    return ctx->len;
}

SEC("cgroup/sock_create")
int on_sock_create(struct bpf_sock *ctx)
{
    COUNT(CGROUP_SOCK);
    return 1;
}

SEC("cgroup/connect4")
int on_connect4(struct bpf_sock_addr *ctx)
{
    COUNT(CGROUP_CONNECT);
    return 1;
}

SEC("cgroup_skb/egress")
int on_egress(struct __sk_buff *ctx)
{
    COUNT(CGROUP_SKB);
    return 1;
}

SEC("sockops")
int on_sockops(struct bpf_sock_ops *ctx)
{
    COUNT(SOCK_OPS);
    return 0;
}
