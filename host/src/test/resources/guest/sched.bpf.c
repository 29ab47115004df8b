// A CPU scheduler that leaves all to the defaults of sched_ext.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct task_struct;

struct sched_ext_ops {
    void (*running)(struct task_struct *task);
    __u32 timeout_ms;
    char name[128];
} __attribute__((preserve_access_index));

__u64 hits = 0;

SEC("struct_ops/running")
void BPF_PROG(running, struct task_struct *task)
{
    __sync_fetch_and_add(&hits, 1);
}

SEC(".struct_ops.link")
struct sched_ext_ops scheduler = {
    .running = (void *)running,
    .timeout_ms = 5000,
    .name = "wasmbpf",
};
