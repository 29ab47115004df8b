// Programs the verifier refuses, each for a reason that is recognised, and one it takes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

struct task_struct {
    int no_such_field;
} __attribute__((preserve_access_index));

extern int no_such_kfunc(int x) __ksym __weak;

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} left_out SEC(".maps");

SEC("?raw_tp/sys_enter")
int reads_anywhere(void *ctx)
{
    return *(int *)0x100;
}

SEC("?raw_tp/sys_enter")
int wrong_helper(void *ctx)
{
    return bpf_skb_load_bytes(ctx, 0, ctx, 1);
}

SEC("?raw_tp/sys_enter")
int missing_field(void *ctx)
{
    struct task_struct *task = (void *)bpf_get_current_task();
    int value = 0;

    bpf_core_read(&value, sizeof(value), &task->no_such_field);
    return value;
}

SEC("?tp_btf/sys_enter")
int missing_kfunc(void *ctx)
{
    return no_such_kfunc(1);
}

SEC("?raw_tp/sys_enter")
int missing_map(void *ctx)
{
    __u32 zero = 0;

    return bpf_map_lookup_elem(&left_out, &zero) != 0;
}

SEC("?fentry/no_such_function_anywhere")
int missing_target(void *ctx)
{
    return 0;
}

SEC("?raw_tp/sys_enter")
int taken(void *ctx)
{
    return 0;
}
