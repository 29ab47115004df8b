// What a program takes from the kernel by name.
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool LINUX_HAS_SYSCALL_WRAPPER __kconfig __weak;
extern int CONFIG_HZ __kconfig;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern enum libbpf_tristate CONFIG_TUN __kconfig;
extern char CONFIG_DEFAULT_HOSTNAME[16] __kconfig;
extern int CONFIG_NO_SUCH_THING __kconfig __weak;

extern const void init_task __ksym;
extern const void no_such_symbol __ksym __weak;

__u64 hits = 0;
__u64 values[8] = {};

SEC("?socket")
int kconfig(struct __sk_buff *ctx)
{
    hits++;
    values[0] = LINUX_KERNEL_VERSION;
    values[1] = CONFIG_HZ;
    values[2] = CONFIG_BPF_SYSCALL;
    values[3] = CONFIG_TUN;
    values[4] = CONFIG_DEFAULT_HOSTNAME[0];
    values[5] = CONFIG_NO_SUCH_THING;
    values[6] = LINUX_HAS_SYSCALL_WRAPPER;
    return 0;
}

SEC("?socket")
int symbol(struct __sk_buff *ctx)
{
    hits++;
    values[0] = (__u64)&init_task;
    values[1] = (__u64)&no_such_symbol;
    return 0;
}
