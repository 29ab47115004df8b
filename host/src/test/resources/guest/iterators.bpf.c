// Iterators: one line each.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct seq_file;
struct bpf_iter_meta {
    struct seq_file *seq;
} __attribute__((preserve_access_index));

struct task_struct {
    int pid;
    int tgid;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
} __attribute__((preserve_access_index));

struct bpf_iter__task_file {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
    __u32 fd;
    void *file;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_map_elem {
    struct bpf_iter_meta *meta;
    void *map;
    void *key;
    void *value;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_prog {
    struct bpf_iter_meta *meta;
    void *prog;
} __attribute__((preserve_access_index));

struct bpf_iter__ksym {
    struct bpf_iter_meta *meta;
    void *ksym;
} __attribute__((preserve_access_index));

const volatile int target = 0;

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} table SEC(".maps");

SEC("?iter/task")
int task(struct bpf_iter__task *ctx)
{
    struct task_struct *each = ctx->task;

    if (each && each->pid == target)
        BPF_SEQ_PRINTF(ctx->meta->seq, "task %d\n", each->pid);
    return 0;
}

SEC("?iter.s/task")
int task_sleepable(struct bpf_iter__task *ctx)
{
    struct task_struct *each = ctx->task;

    if (each && each->pid == target)
        BPF_SEQ_PRINTF(ctx->meta->seq, "task %d\n", each->pid);
    return 0;
}

SEC("?iter/task_file")
int task_file(struct bpf_iter__task_file *ctx)
{
    struct task_struct *each = ctx->task;

    if (each && ctx->file && each->tgid == target && each->pid == target && ctx->fd == 0)
        BPF_SEQ_PRINTF(ctx->meta->seq, "descriptor %d\n", ctx->fd);
    return 0;
}

SEC("?iter/bpf_map_elem")
int map_elem(struct bpf_iter__bpf_map_elem *ctx)
{
    __u32 *key = ctx->key;
    __u64 *value = ctx->value;

    if (key && value)
        BPF_SEQ_PRINTF(ctx->meta->seq, "%u=%llu\n", *key, *value);
    return 0;
}

SEC("?iter/bpf_prog")
int bpf_prog(struct bpf_iter__bpf_prog *ctx)
{
    if (ctx->prog)
        BPF_SEQ_PRINTF(ctx->meta->seq, "program\n");
    return 0;
}

SEC("?iter/ksym")
int ksym(struct bpf_iter__ksym *ctx)
{
    if (ctx->ksym)
        BPF_SEQ_PRINTF(ctx->meta->seq, "s\n");
    return 0;
}
