// Every kind of program of a cgroup.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

__u64 hits = 0;

static int count(int result)
{
    __sync_fetch_and_add(&hits, 1);
    return result;
}

#define PROGRAM(name, section, context) \
    SEC("?" section)                    \
    int name(context *ctx)              \
    {                                   \
        return count(1);                \
    }

PROGRAM(skb_ingress, "cgroup_skb/ingress", struct __sk_buff)
PROGRAM(skb_egress, "cgroup_skb/egress", struct __sk_buff)
PROGRAM(sock_create, "cgroup/sock_create", struct bpf_sock)
PROGRAM(sock_release, "cgroup/sock_release", struct bpf_sock)
PROGRAM(sock, "cgroup/sock", struct bpf_sock)
PROGRAM(post_bind4, "cgroup/post_bind4", struct bpf_sock)
PROGRAM(post_bind6, "cgroup/post_bind6", struct bpf_sock)
PROGRAM(bind4, "cgroup/bind4", struct bpf_sock_addr)
PROGRAM(bind6, "cgroup/bind6", struct bpf_sock_addr)
PROGRAM(connect4, "cgroup/connect4", struct bpf_sock_addr)
PROGRAM(connect6, "cgroup/connect6", struct bpf_sock_addr)
PROGRAM(sendmsg4, "cgroup/sendmsg4", struct bpf_sock_addr)
PROGRAM(sendmsg6, "cgroup/sendmsg6", struct bpf_sock_addr)
PROGRAM(recvmsg4, "cgroup/recvmsg4", struct bpf_sock_addr)
PROGRAM(recvmsg6, "cgroup/recvmsg6", struct bpf_sock_addr)
PROGRAM(getpeername4, "cgroup/getpeername4", struct bpf_sock_addr)
PROGRAM(getpeername6, "cgroup/getpeername6", struct bpf_sock_addr)
PROGRAM(getsockname4, "cgroup/getsockname4", struct bpf_sock_addr)
PROGRAM(getsockname6, "cgroup/getsockname6", struct bpf_sock_addr)
PROGRAM(connect_unix, "cgroup/connect_unix", struct bpf_sock_addr)
PROGRAM(sendmsg_unix, "cgroup/sendmsg_unix", struct bpf_sock_addr)
PROGRAM(recvmsg_unix, "cgroup/recvmsg_unix", struct bpf_sock_addr)
PROGRAM(getpeername_unix, "cgroup/getpeername_unix", struct bpf_sock_addr)
PROGRAM(getsockname_unix, "cgroup/getsockname_unix", struct bpf_sock_addr)
PROGRAM(sysctl, "cgroup/sysctl", struct bpf_sysctl)
PROGRAM(dev, "cgroup/dev", struct bpf_cgroup_dev_ctx)

// An empty option of the kernel's is not this program's business.
SEC("?cgroup/getsockopt")
int getsockopt(struct bpf_sockopt *ctx)
{
    ctx->optlen = 0;
    return count(1);
}

SEC("?cgroup/setsockopt")
int setsockopt(struct bpf_sockopt *ctx)
{
    ctx->optlen = 0;
    return count(1);
}

SEC("?sockops")
int sockops(struct bpf_sock_ops *ctx)
{
    return ctx->op == BPF_SOCK_OPS_TCP_CONNECT_CB ? count(0) : 0;
}

SEC("?cgroup_skb/egress")
int other_egress(struct __sk_buff *ctx)
{
    return 1;
}
