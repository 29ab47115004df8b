// SPDX-License-Identifier: GPL-2.0
/* How long tasks wait on a run queue: from wake-up (or being preempted) to being switched to. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "runqlat.h"

#define TASK_RUNNING 0

/* Just the members that are read. task_struct.state was renamed in 5.14, hence the second flavour. */
struct task_struct {
    unsigned int __state;
    int pid;
    int tgid;
    char comm[COMM_LEN];
} __attribute__((preserve_access_index));

struct task_struct___old {
    long state;
} __attribute__((preserve_access_index));

/* Set by the Wasm side before the load. */
const volatile bool filter_cgroup = false;
const volatile bool per_process = false;
const volatile bool milliseconds = false;
const volatile int target_tgid = 0;

struct {
    __uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
    __type(key, __u32);
    __type(value, __u32);
    __uint(max_entries, 1);
} cgroups SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384);
    __type(key, int);
    __type(value, __u64);
} start SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4096);
    __type(key, int);
    __type(value, struct hist);
} hists SEC(".maps");

static const struct hist zero;

static __always_inline long state_of(struct task_struct *task)
{
    if (bpf_core_field_exists(task->__state))
        return BPF_CORE_READ(task, __state);
    return BPF_CORE_READ((struct task_struct___old *)task, state);
}

static __always_inline void enqueue(int pid, int tgid)
{
    if (!pid || (target_tgid && tgid != target_tgid))
        return;
    __u64 now = bpf_ktime_get_ns();
    bpf_map_update_elem(&start, &pid, &now, BPF_ANY);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(on_wakeup, struct task_struct *task)
{
    if (filter_cgroup && !bpf_current_task_under_cgroup(&cgroups, 0))
        return 0;
    enqueue(task->pid, task->tgid);
    return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *task)
{
    if (filter_cgroup && !bpf_current_task_under_cgroup(&cgroups, 0))
        return 0;
    enqueue(task->pid, task->tgid);
    return 0;
}

static __always_inline unsigned int log2_of(__u64 v)
{
    unsigned int r = 0;

    for (int i = 5; i >= 0; i--) {
        if (v >> (1 << i)) {
            v >>= 1 << i;
            r += 1 << i;
        }
    }
    return r;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
    if (filter_cgroup && !bpf_current_task_under_cgroup(&cgroups, 0))
        return 0;
    if (state_of(prev) == TASK_RUNNING) /* preempted: waits again */
        enqueue(prev->pid, prev->tgid);

    int pid = next->pid;
    __u64 *since = bpf_map_lookup_elem(&start, &pid);
    if (!since)
        return 0;
    __s64 wait = bpf_ktime_get_ns() - *since;
    bpf_map_delete_elem(&start, &pid);
    if (wait < 0)
        return 0;

    int key = per_process ? next->tgid : -1;
    struct hist *h = bpf_map_lookup_elem(&hists, &key);
    if (!h) {
        bpf_map_update_elem(&hists, &key, &zero, BPF_NOEXIST);
        h = bpf_map_lookup_elem(&hists, &key);
        if (!h)
            return 0;
        bpf_probe_read_kernel_str(&h->comm, sizeof(h->comm), next->comm);
    }
    unsigned int slot = log2_of(wait / (milliseconds ? 1000000 : 1000));
    if (slot >= SLOTS)
        slot = SLOTS - 1;
    __sync_fetch_and_add(&h->slots[slot], 1);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
