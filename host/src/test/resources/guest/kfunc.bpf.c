// A function of the kernel's, and one it does not have.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern int no_such_kfunc(void) __ksym __weak;

__u64 hits = 0;
__u64 values[8] = {};

SEC("tc")
int kfunc(struct __sk_buff *ctx)
{
    bpf_rcu_read_lock();
    hits++;
    bpf_rcu_read_unlock();
    values[0] = no_such_kfunc != 0;
    return 0;
}
