// SPDX-License-Identifier: GPL-2.0
/* Reports how long TCP connections took to be made, from one tracepoint of socket states. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "tcpconnlat.h"

#define AF_INET 2
#define IPPROTO_TCP 6

enum { ESTABLISHED = 1, SYN_SENT = 2 };

struct trace_event_raw_inet_sock_set_state {
    const void *skaddr;
    int oldstate;
    int newstate;
    __u16 sport;
    __u16 dport;
    __u16 family;
    __u16 protocol;
    __u8 saddr[4];
    __u8 daddr[4];
    __u8 saddr_v6[16];
    __u8 daddr_v6[16];
} __attribute__((preserve_access_index));

/* Who began to connect and when, by socket: the answer comes in any process's time. */
struct start {
    __u64 at;
    int pid;
    char comm[16];
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384);
    __type(key, const void *);
    __type(value, struct start);
} starts SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 18);
} events SEC(".maps");

/* Set before the load: faster connections are not reported. */
const volatile __u64 min_nanos = 0;

SEC("tp/sock/inet_sock_set_state")
int set_state(struct trace_event_raw_inet_sock_set_state *ctx)
{
    const void *socket = ctx->skaddr;
    struct start *start;
    struct event *e;
    __u64 nanos;

    if (ctx->protocol != IPPROTO_TCP)
        return 0;
    if (ctx->newstate == SYN_SENT) {
        struct start new = { .at = bpf_ktime_get_ns(), .pid = bpf_get_current_pid_tgid() >> 32 };

        bpf_get_current_comm(new.comm, sizeof(new.comm));
        bpf_map_update_elem(&starts, &socket, &new, BPF_ANY);
        return 0;
    }
    if (ctx->oldstate != SYN_SENT)
        return 0;
    start = bpf_map_lookup_elem(&starts, &socket);
    if (!start)
        return 0;
    nanos = bpf_ktime_get_ns() - start->at;
    if (nanos < min_nanos)
        goto out;
    e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
    if (!e)
        goto out;
    __builtin_memset(e, 0, sizeof(*e));
    e->nanos = nanos;
    e->pid = start->pid;
    e->family = ctx->family;
    e->source_port = ctx->sport;
    e->target_port = ctx->dport;
    e->refused = ctx->newstate != ESTABLISHED;
    __builtin_memcpy(e->comm, start->comm, sizeof(e->comm));
    if (ctx->family == AF_INET) {
        bpf_probe_read_kernel(e->source, 4, ctx->saddr);
        bpf_probe_read_kernel(e->target, 4, ctx->daddr);
    } else {
        bpf_probe_read_kernel(e->source, 16, ctx->saddr_v6);
        bpf_probe_read_kernel(e->target, 16, ctx->daddr_v6);
    }
    bpf_ringbuf_submit(e, 0);
out:
    bpf_map_delete_elem(&starts, &socket);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
