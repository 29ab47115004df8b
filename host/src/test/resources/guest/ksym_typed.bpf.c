// A variable of the kernel's that has BTF, and one it does not have.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// Per CPU, as nearly all variables that have BTF.
struct rq {
    int cpu;
} __attribute__((preserve_access_index));
extern const struct rq runqueues __ksym;
extern const struct rq no_such_variable __ksym __weak;

__u64 hits = 0;
__u64 values[8] = {};

SEC("raw_tp/sys_enter")
int variable(void *ctx)
{
    const struct rq *second = bpf_per_cpu_ptr(&runqueues, 1);

    hits++;
    values[0] = second ? second->cpu : 99;
    values[1] = &no_such_variable != 0;
    return 0;
}
