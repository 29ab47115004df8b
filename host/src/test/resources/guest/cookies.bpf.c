// Programs that read the number they were attached with.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

const volatile int target = 0;
__u64 hits = 0;
__s64 seen = 0;

static int count(void *ctx)
{
    if (bpf_get_current_pid_tgid() >> 32 == target) {
        __sync_fetch_and_add(&hits, 1);
        seen = bpf_get_attach_cookie(ctx);
    }
    return 0;
}

#define PROGRAM(name, section) \
    SEC("?" section)           \
    int name(void *ctx)        \
    {                          \
        return count(ctx);     \
    }

PROGRAM(kprobe, "kprobe/security_task_getpgid")
PROGRAM(kretprobe, "kretprobe/security_task_getpgid")
PROGRAM(kprobe_multi, "kprobe.multi/security_task_getpg*")
PROGRAM(tracepoint, "tp/syscalls/sys_enter_getpgid")
PROGRAM(uprobe, "uprobe/libc.so.6:a64l")
PROGRAM(uprobe_multi, "uprobe.multi/libc.so.6:?64?")
PROGRAM(fentry, "fentry/bpf_fentry_test1")
PROGRAM(lsm, "lsm/task_getpgid")

SEC("?raw_tp/sys_enter")
int raw_tp(struct bpf_raw_tracepoint_args *ctx)
{
    return ctx->args[1] == 121 ? count(ctx) : 0;
}
