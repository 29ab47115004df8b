// SPDX-License-Identifier: GPL-2.0
/* Counts what write(2) wrote by its size, for the users who have a map in the map of maps. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "mapinmap.h"

struct trace_event_raw_sys_exit {
    long ret;
} __attribute__((preserve_access_index));

/* What the maps in the map are like; the module makes them. */
struct sizes {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, SLOTS);
    __type(key, __u32);
    __uint(value_size, sizeof(struct writes));
};

/* By user id. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __array(values, struct sizes);
} users SEC(".maps");

static __u32 log2(__u64 n)
{
    __u32 log = 0;

    for (int shift = 16; shift > 0; shift /= 2) {
        if (n >> shift) {
            n >>= shift;
            log += shift;
        }
    }
    return log;
}

SEC("tp/syscalls/sys_exit_write")
int written(struct trace_event_raw_sys_exit *ctx)
{
    __u32 uid = bpf_get_current_uid_gid(), slot;
    struct writes *writes;
    long bytes = ctx->ret;
    void *sizes;

    if (bytes < 0)
        return 0;
    sizes = bpf_map_lookup_elem(&users, &uid);
    if (!sizes)
        return 0;
    slot = log2(bytes);
    writes = bpf_map_lookup_elem(sizes, &slot);
    if (writes) {
        /* No other CPU writes here, so plain additions do. */
        writes->calls++;
        writes->bytes += bytes;
    }
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
