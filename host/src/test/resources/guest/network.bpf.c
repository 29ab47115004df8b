// Programs on interfaces, in a network namespace and on sockets. On interfaces only frames of the type for experiments
// count, which nobody else sends.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

#define EXPERIMENT bpf_htons(0x88b5)

__u64 hits = 0;

static int count(int result)
{
    __sync_fetch_and_add(&hits, 1);
    return result;
}

static int count_frame(void *start, void *end)
{
    __u16 *words = start;

    if ((void *)(words + 7) <= end && words[6] == EXPERIMENT)
        count(0);
    return XDP_PASS;
}

SEC("?xdp")
int xdp(struct xdp_md *ctx)
{
    return count_frame((void *)(long)ctx->data, (void *)(long)ctx->data_end);
}

SEC("?xdp.frags")
int xdp_frags(struct xdp_md *ctx)
{
    return count_frame((void *)(long)ctx->data, (void *)(long)ctx->data_end);
}

struct {
    __uint(type, BPF_MAP_TYPE_DEVMAP);
    __uint(max_entries, 4);
    __uint(key_size, 4);
    __uint(value_size, sizeof(struct bpf_devmap_val));
} devices SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_CPUMAP);
    __uint(max_entries, 4);
    __uint(key_size, 4);
    __uint(value_size, sizeof(struct bpf_cpumap_val));
} cpus SEC(".maps");

SEC("?xdp")
int passes(struct xdp_md *ctx)
{
    return XDP_PASS;
}

SEC("?xdp")
int redirects_to_device(struct xdp_md *ctx)
{
    return bpf_redirect_map(&devices, 0, 0);
}

SEC("?xdp/devmap")
int on_device(struct xdp_md *ctx)
{
    return count_frame((void *)(long)ctx->data, (void *)(long)ctx->data_end);
}

SEC("?xdp")
int redirects_to_cpu(struct xdp_md *ctx)
{
    return bpf_redirect_map(&cpus, 0, 0);
}

SEC("?xdp/cpumap")
int on_cpu(struct xdp_md *ctx)
{
    return count_frame((void *)(long)ctx->data, (void *)(long)ctx->data_end);
}

SEC("?tc")
int tc(struct __sk_buff *ctx)
{
    return ctx->protocol == EXPERIMENT ? count(-1) : -1;
}

SEC("?classifier")
int classifier(struct __sk_buff *ctx)
{
    return ctx->protocol == EXPERIMENT ? count(-1) : -1;
}

SEC("?tcx/ingress")
int tcx_ingress(struct __sk_buff *ctx)
{
    return ctx->protocol == EXPERIMENT ? count(-1) : -1;
}

SEC("?tcx/egress")
int tcx_egress(struct __sk_buff *ctx)
{
    return ctx->protocol == EXPERIMENT ? count(-1) : -1;
}

SEC("?netkit/primary")
int netkit_primary(struct __sk_buff *ctx)
{
    return ctx->protocol == EXPERIMENT ? count(-1) : -1;
}

SEC("?netkit/peer")
int netkit_peer(struct __sk_buff *ctx)
{
    return ctx->protocol == EXPERIMENT ? count(-1) : -1;
}

SEC("?action")
int action(struct __sk_buff *ctx)
{
    return count(0);
}

SEC("?lwt_in")
int lwt_in(struct __sk_buff *ctx)
{
    return count(BPF_OK);
}

SEC("?lwt_out")
int lwt_out(struct __sk_buff *ctx)
{
    return count(BPF_OK);
}

SEC("?lwt_xmit")
int lwt_xmit(struct __sk_buff *ctx)
{
    return count(BPF_OK);
}

SEC("?lwt_seg6local")
int lwt_seg6local(struct __sk_buff *ctx)
{
    return count(BPF_OK);
}

SEC("?netfilter")
int netfilter(void *ctx)
{
    return count(1);
}

SEC("?sk_lookup")
int sk_lookup(struct bpf_sk_lookup *ctx)
{
    return count(SK_PASS);
}

SEC("?flow_dissector")
int flow_dissector(struct __sk_buff *ctx)
{
    return ctx->flow_keys->n_proto == EXPERIMENT ? count(BPF_OK) : BPF_OK;
}

SEC("?socket")
int socket(struct __sk_buff *ctx)
{
    return count(ctx->len);
}

SEC("?sk_reuseport")
int sk_reuseport(struct sk_reuseport_md *ctx)
{
    return count(SK_PASS);
}

SEC("?sk_reuseport/migrate")
int sk_reuseport_migrate(struct sk_reuseport_md *ctx)
{
    return count(SK_PASS);
}
