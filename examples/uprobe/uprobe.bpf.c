// SPDX-License-Identifier: GPL-2.0
/* Counts calls of malloc and what they ask for. User space says in which file malloc is. */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "uprobe.h"

static const struct calls none;

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4096);
    __type(key, unsigned int);
    __type(value, struct calls);
} processes SEC(".maps");

static struct calls *mine(void)
{
    unsigned int pid = bpf_get_current_pid_tgid() >> 32;
    struct calls *calls = bpf_map_lookup_elem(&processes, &pid);

    if (calls)
        return calls;
    bpf_map_update_elem(&processes, &pid, &none, BPF_NOEXIST);
    calls = bpf_map_lookup_elem(&processes, &pid);
    if (calls)
        bpf_get_current_comm(calls->comm, sizeof(calls->comm));
    return calls;
}

SEC("uprobe")
int BPF_KPROBE(called, unsigned long size)
{
    struct calls *calls = mine();
    unsigned int slot = 0;

    if (!calls)
        return 0;
    for (int i = 0; i < SLOTS - 1 && size > 1; i++, size >>= 1)
        slot++;
    __sync_fetch_and_add(&calls->slots[slot & (SLOTS - 1)], 1);
    return 0;
}

SEC("uretprobe")
int BPF_KRETPROBE(returned, void *memory)
{
    struct calls *calls = mine();

    if (!calls)
        return 0;
    __sync_fetch_and_add(&calls->returned, 1);
    if (!memory)
        __sync_fetch_and_add(&calls->failed, 1);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
