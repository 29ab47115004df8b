// SPDX-License-Identifier: GPL-2.0
/* Reports Java threads as they start and stop, from the static probes (USDT) of HotSpot's libjvm.so. */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>
#include "usdt.h"

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 18);
} events SEC(".maps");

/* Both probes have the same arguments; the name is not ended by a zero. */
static int report(struct pt_regs *ctx, int stopped)
{
    long name = 0, length = 0, java_id = 0, native_id = 0, is_daemon = 0;
    struct event *e;

    bpf_usdt_arg(ctx, 0, &name);
    bpf_usdt_arg(ctx, 1, &length);
    bpf_usdt_arg(ctx, 2, &java_id);
    bpf_usdt_arg(ctx, 3, &native_id);
    bpf_usdt_arg(ctx, 4, &is_daemon);
    e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
    if (!e)
        return 0;
    __builtin_memset(e, 0, sizeof(*e));
    e->pid = bpf_get_current_pid_tgid() >> 32;
    e->native_id = native_id;
    e->java_id = java_id;
    e->is_daemon = is_daemon & 1;
    e->stopped = stopped;
    if (length < 0 || length > NAME_LEN - 1)
        length = NAME_LEN - 1;
    bpf_probe_read_user(e->name, length & (NAME_LEN - 1), (const void *)name);
    bpf_ringbuf_submit(e, 0);
    return 0;
}

SEC("usdt")
int thread_start(struct pt_regs *ctx)
{
    return report(ctx, 0);
}

SEC("usdt")
int thread_stop(struct pt_regs *ctx)
{
    return report(ctx, 1);
}

char LICENSE[] SEC("license") = "GPL";
