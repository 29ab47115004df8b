// SPDX-License-Identifier: GPL-2.0
/* Reports each execve with its arguments, when it returns: what failed too. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "execve.h"

struct trace_event_raw_sys_enter {
    unsigned long args[6];
} __attribute__((preserve_access_index));

struct trace_event_raw_sys_exit {
    long ret;
} __attribute__((preserve_access_index));

static const struct event empty;

/* Calls that have not returned. By process, since a thread that succeeds becomes the process's first. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, struct event);
} calls SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 20);
} events SEC(".maps");

SEC("tp/syscalls/sys_enter_execve")
int enter(struct trace_event_raw_sys_enter *ctx)
{
    const char *const *argv = (const char *const *)ctx->args[1];
    __u32 pid = bpf_get_current_pid_tgid() >> 32;
    unsigned int used = 0, count = 0;
    struct event *e;

    if (bpf_map_update_elem(&calls, &pid, &empty, BPF_ANY))
        return 0;
    e = bpf_map_lookup_elem(&calls, &pid);
    if (!e)
        return 0;
    e->pid = pid;
    e->uid = bpf_get_current_uid_gid();
    bpf_get_current_comm(e->comm, sizeof(e->comm));
    for (int i = 0; i <= MAX_ARGS; i++) {
        const char *arg = NULL;
        long size;

        if (bpf_probe_read_user(&arg, sizeof(arg), &argv[i]) || !arg)
            break;
        count++;
        if (i == MAX_ARGS || used > ARGS_LEN - ARG_LEN)
            break;
        size = bpf_probe_read_user_str(&e->args[used], ARG_LEN, arg);
        if (size < 0 || size > ARG_LEN)
            break;
        used += size;
    }
    e->count = count;
    e->size = used;
    return 0;
}

SEC("tp/syscalls/sys_exit_execve")
int leave(struct trace_event_raw_sys_exit *ctx)
{
    __u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct event *e = bpf_map_lookup_elem(&calls, &pid);

    if (!e)
        return 0;
    e->result = ctx->ret;
    bpf_ringbuf_output(&events, e, sizeof(*e), 0);
    bpf_map_delete_elem(&calls, &pid);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
