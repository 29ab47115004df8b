// Functions of the module nf_conntrack.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct nf_conn {
    unsigned long status;
} __attribute__((preserve_access_index));

struct bpf_ct_opts {
    __s32 netns_id;
    __s32 error;
    __u8 l4proto;
    __u8 dir;
    __u8 reserved[2];
};

extern struct nf_conn *bpf_xdp_ct_lookup(struct xdp_md *, struct bpf_sock_tuple *, __u32, struct bpf_ct_opts *,
                                         __u32) __ksym;
extern void bpf_ct_release(struct nf_conn *) __ksym;

__u64 hits = 0;
__u64 values[8] = {};

SEC("xdp")
int kfunc_of_module(struct xdp_md *ctx)
{
    struct bpf_ct_opts options = {.netns_id = -1, .l4proto = 6};
    struct bpf_sock_tuple tuple = {};
    struct nf_conn *connection;

    hits++;
    connection = bpf_xdp_ct_lookup(ctx, &tuple, sizeof(tuple.ipv4), &options, 12);
    if (connection)
        bpf_ct_release(connection);
    else
        values[0] = options.error;
    return XDP_PASS;
}
