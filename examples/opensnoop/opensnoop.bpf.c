// SPDX-License-Identifier: GPL-2.0
/* Reports each openat and openat2, when it returns. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "opensnoop.h"

/* The contexts of all syscalls:sys_enter_* and sys_exit_* tracepoints. */
struct trace_event_raw_sys_enter {
    unsigned long args[6];
} __attribute__((preserve_access_index));

struct trace_event_raw_sys_exit {
    long ret;
} __attribute__((preserve_access_index));

/* struct open_how, as openat2's third argument points to it. */
struct how {
    __u64 flags;
};

/* Set before the load. */
const volatile int wanted_pid = 0;
const volatile bool failed_only = false;

struct call {
    const char *name;
    int flags;
};

/* Calls that have not returned, by thread. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 10240);
    __type(key, __u32);
    __type(value, struct call);
} calls SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 20);
} events SEC(".maps");

static int enter(const char *name, int flags)
{
    __u64 id = bpf_get_current_pid_tgid();
    __u32 thread = id;
    struct call call = { .name = name, .flags = flags };

    if (wanted_pid && id >> 32 != wanted_pid)
        return 0;
    bpf_map_update_elem(&calls, &thread, &call, BPF_ANY);
    return 0;
}

static int leave(long result)
{
    __u64 id = bpf_get_current_pid_tgid();
    __u32 thread = id;
    struct call *call = bpf_map_lookup_elem(&calls, &thread);

    if (!call)
        return 0;
    if (failed_only && result >= 0)
        goto out;
    struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
    if (!e)
        goto out;
    e->pid = id >> 32;
    e->uid = bpf_get_current_uid_gid();
    e->result = result;
    e->flags = call->flags;
    bpf_get_current_comm(e->comm, sizeof(e->comm));
    /* On return the page of the name is in memory, which on entry it need not be. */
    if (bpf_probe_read_user_str(e->name, sizeof(e->name), call->name) < 0)
        e->name[0] = 0;
    bpf_ringbuf_submit(e, 0);
out:
    bpf_map_delete_elem(&calls, &thread);
    return 0;
}

SEC("tp/syscalls/sys_enter_openat")
int enter_openat(struct trace_event_raw_sys_enter *ctx)
{
    return enter((const char *)ctx->args[1], ctx->args[2]);
}

SEC("tp/syscalls/sys_enter_openat2")
int enter_openat2(struct trace_event_raw_sys_enter *ctx)
{
    struct how how = {};

    bpf_probe_read_user(&how, sizeof(how), (const void *)ctx->args[2]);
    return enter((const char *)ctx->args[1], how.flags);
}

SEC("tp/syscalls/sys_exit_openat")
int leave_openat(struct trace_event_raw_sys_exit *ctx)
{
    return leave(ctx->ret);
}

SEC("tp/syscalls/sys_exit_openat2")
int leave_openat2(struct trace_event_raw_sys_exit *ctx)
{
    return leave(ctx->ret);
}

char LICENSE[] SEC("license") = "GPL";
