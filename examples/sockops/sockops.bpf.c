// SPDX-License-Identifier: GPL-2.0
/* Reports the TCP connections of a cgroup, and joins those between two sockets in it by a socket map. */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "sockops.h"

#define AF_INET 2

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 18);
} events SEC(".maps");

/* A socket by its own end and the other; both as IPv6. */
struct ends {
    __u32 local[4];
    __u32 remote[4];
    __u32 local_port;
    __u32 remote_port;
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 65536);
    __type(key, struct ends);
    __type(value, __u64);
} sockets SEC(".maps");

/* Set before the load. */
const volatile _Bool redirect = 0;

/* How much went from socket to socket past TCP. */
__u64 messages = 0, bytes = 0;

/* A context's members are read at fixed places, not by an address that depends: the assembly keeps the compiler from
 * making one load of those in two branches. */
#define READ(member)                                                                                                   \
    ({                                                                                                                 \
        __u32 value = (member);                                                                                        \
        asm volatile("" : "+r"(value));                                                                                \
        value;                                                                                                         \
    })

/* Of a bpf_sock_ops or a sk_msg_md, which have the same members at other places. */
#define READ_ENDS(ends, ctx)                                                                                           \
    do {                                                                                                               \
        __u32 local4 = READ((ctx)->local_ip4), remote4 = READ((ctx)->remote_ip4);                                      \
        (ends)->local[0] = READ((ctx)->local_ip6[0]);                                                                  \
        (ends)->local[1] = READ((ctx)->local_ip6[1]);                                                                  \
        (ends)->local[2] = READ((ctx)->local_ip6[2]);                                                                  \
        (ends)->local[3] = READ((ctx)->local_ip6[3]);                                                                  \
        (ends)->remote[0] = READ((ctx)->remote_ip6[0]);                                                                \
        (ends)->remote[1] = READ((ctx)->remote_ip6[1]);                                                                \
        (ends)->remote[2] = READ((ctx)->remote_ip6[2]);                                                                \
        (ends)->remote[3] = READ((ctx)->remote_ip6[3]);                                                                \
        (ends)->local_port = READ((ctx)->local_port);                                                                  \
        (ends)->remote_port = bpf_ntohl(READ((ctx)->remote_port));                                                     \
        if ((ctx)->family == AF_INET) {                                                                                \
            (ends)->local[0] = (ends)->local[1] = (ends)->remote[0] = (ends)->remote[1] = 0;                           \
            (ends)->local[2] = (ends)->remote[2] = bpf_htonl(0xffff);                                                  \
            (ends)->local[3] = local4;                                                                                 \
            (ends)->remote[3] = remote4;                                                                               \
        }                                                                                                              \
    } while (0)

static void report(struct bpf_sock_ops *ctx, const struct ends *ends, unsigned int what)
{
    struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

    if (!e)
        return;
    e->what = what;
    e->srtt_us = ctx->srtt_us >> 3; /* kept in eighths */
    e->sent = ctx->bytes_acked;
    e->received = ctx->bytes_received;
    e->retransmitted = ctx->total_retrans;
    e->local_port = ends->local_port;
    e->remote_port = ends->remote_port;
    __builtin_memcpy(e->local, ends->local, sizeof(e->local));
    __builtin_memcpy(e->remote, ends->remote, sizeof(e->remote));
    bpf_ringbuf_submit(e, 0);
}

SEC("sockops")
int connections(struct bpf_sock_ops *ctx)
{
    unsigned int op = ctx->op, what;
    struct ends ends;

    if (op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
        what = CONNECTED;
    else if (op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
        what = ACCEPTED;
    else if (op == BPF_SOCK_OPS_STATE_CB && ctx->args[1] == BPF_TCP_CLOSE)
        what = CLOSED;
    else
        return 1;
    READ_ENDS(&ends, ctx);
    report(ctx, &ends, what);
    if (what != CLOSED) {
        bpf_sock_ops_cb_flags_set(ctx, ctx->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_STATE_CB_FLAG);
        if (redirect)
            bpf_sock_hash_update(ctx, &sockets, &ends, BPF_ANY);
    }
    return 1;
}

/* What a socket of the map sends goes into the other end's queue if that is in the map too, else through TCP. */
SEC("sk_msg")
int pass_on(struct sk_msg_md *msg)
{
    struct ends own, other;

    READ_ENDS(&own, msg);
    __builtin_memcpy(other.local, own.remote, sizeof(other.local));
    __builtin_memcpy(other.remote, own.local, sizeof(other.remote));
    other.local_port = own.remote_port;
    other.remote_port = own.local_port;
    if (bpf_msg_redirect_hash(msg, &sockets, &other, BPF_F_INGRESS) == SK_PASS) {
        __sync_fetch_and_add(&messages, 1);
        __sync_fetch_and_add(&bytes, msg->size);
    }
    return SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";
