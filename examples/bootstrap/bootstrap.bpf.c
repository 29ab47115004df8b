// SPDX-License-Identifier: GPL-2.0
/* Reports each process that starts (exec) and each that ends (its last thread exits). */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "bootstrap.h"

/* Just the kernel types and members that are read; CO-RE finds their place in the running kernel. */
typedef struct {
    int counter;
} atomic_t;

struct signal_struct {
    atomic_t live;
    int group_exit_code;
} __attribute__((preserve_access_index));

struct task_struct {
    int tgid;
    int exit_code;
    struct task_struct *real_parent;
    struct signal_struct *signal;
} __attribute__((preserve_access_index));

struct trace_event_raw_sched_process_exec {
    unsigned int __data_loc_filename;
} __attribute__((preserve_access_index));

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384);
    __type(key, int);
    __type(value, __u64);
} exec_start SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 20);
} rb SEC(".maps");

/* Set by the Wasm side before the load: report only processes that lived at least this long. */
const volatile unsigned long long min_duration_ns = 0;

SEC("tp/sched/sched_process_exec")
int handle_exec(struct trace_event_raw_sched_process_exec *ctx)
{
    int pid = bpf_get_current_pid_tgid() >> 32;
    __u64 now = bpf_ktime_get_ns();

    bpf_map_update_elem(&exec_start, &pid, &now, BPF_ANY);
    if (min_duration_ns)
        return 0;

    struct event *e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0);
    if (!e)
        return 0;
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    e->duration_ns = 0;
    e->pid = pid;
    e->ppid = BPF_CORE_READ(task, real_parent, tgid);
    e->exit_code = 0;
    e->is_exit = false;
    bpf_get_current_comm(&e->comm, sizeof(e->comm));
    bpf_probe_read_kernel_str(&e->filename, sizeof(e->filename), (void *)ctx + (ctx->__data_loc_filename & 0xffff));
    bpf_ringbuf_submit(e, 0);
    return 0;
}

SEC("tp/sched/sched_process_exit")
int handle_exit(void *ctx)
{
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();

    /* Threads exit here too; the process is over when none of its threads is left. */
    if (BPF_CORE_READ(task, signal, live.counter) != 0)
        return 0;

    int pid = bpf_get_current_pid_tgid() >> 32;
    __u64 duration = 0, *start = bpf_map_lookup_elem(&exec_start, &pid);
    if (start)
        duration = bpf_ktime_get_ns() - *start;
    else if (min_duration_ns)
        return 0;
    bpf_map_delete_elem(&exec_start, &pid);
    if (duration < min_duration_ns)
        return 0;

    struct event *e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0);
    if (!e)
        return 0;
    int status = BPF_CORE_READ(task, signal, group_exit_code);
    e->duration_ns = duration;
    e->pid = pid;
    e->ppid = BPF_CORE_READ(task, real_parent, tgid);
    e->exit_code = status ? status : BPF_CORE_READ(task, exit_code);
    e->is_exit = true;
    bpf_get_current_comm(&e->comm, sizeof(e->comm));
    e->filename[0] = 0;
    bpf_ringbuf_submit(e, 0);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
