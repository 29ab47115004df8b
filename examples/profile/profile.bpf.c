// SPDX-License-Identifier: GPL-2.0
/* Takes the stacks of whatever runs when a CPU's clock event comes: counts them, or hands each on. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "profile.h"

struct {
    __uint(type, BPF_MAP_TYPE_STACK_TRACE);
    __uint(max_entries, 16384);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, MAX_DEPTH * sizeof(__u64));
} stacks SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16384);
    __type(key, struct key);
    __type(value, __u64);
} counts SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 20);
} samples SEC(".maps");

/* Set before the load. */
const volatile int target_pid = 0;
const volatile _Bool live = 0;
const volatile _Bool user = 1;
const volatile _Bool kernel = 1;

/* Samples for which there was no room. */
__u64 lost = 0;

static void count(void *ctx, int pid)
{
    struct key key = { .pid = pid, .kernel_stack = -1, .user_stack = -1 };
    __u64 one = 1, *known;

    bpf_get_current_comm(key.comm, sizeof(key.comm));
    if (kernel)
        key.kernel_stack = bpf_get_stackid(ctx, &stacks, BPF_F_FAST_STACK_CMP);
    if (user)
        key.user_stack = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK | BPF_F_FAST_STACK_CMP);
    known = bpf_map_lookup_elem(&counts, &key);
    if (known)
        __sync_fetch_and_add(known, 1);
    else if (bpf_map_update_elem(&counts, &key, &one, BPF_NOEXIST))
        __sync_fetch_and_add(&lost, 1);
}

static void hand_on(void *ctx, int pid)
{
    struct sample *s = bpf_ringbuf_reserve(&samples, sizeof(*s), 0);

    if (!s) {
        __sync_fetch_and_add(&lost, 1);
        return;
    }
    s->pid = pid;
    s->cpu = bpf_get_smp_processor_id();
    s->kernel_size = s->user_size = -1;
    bpf_get_current_comm(s->comm, sizeof(s->comm));
    if (kernel)
        s->kernel_size = bpf_get_stack(ctx, s->kernel, sizeof(s->kernel), 0);
    if (user)
        s->user_size = bpf_get_stack(ctx, s->user, sizeof(s->user), BPF_F_USER_STACK);
    bpf_ringbuf_submit(s, 0);
}

SEC("perf_event")
int sample(void *ctx)
{
    int pid = bpf_get_current_pid_tgid() >> 32;

    if (!pid || (target_pid && pid != target_pid)) /* 0: the CPU is idle */
        return 0;
    if (live)
        hand_on(ctx, pid);
    else
        count(ctx, pid);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
