// One program for each way to attach that needs no interface or socket; each counts its calls by the process `target`.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <linux/ptrace.h>
#include <stdbool.h>
#include <bpf/usdt.bpf.h>

char LICENSE[] SEC("license") = "GPL";

enum { TRACEPOINT, RAW_TP, TP_BTF, UPROBE, URETPROBE, UPROBE_MULTI, USDT, PERF_EVENT, USDT_ARGUMENT };

const volatile __u32 target = 0;
const volatile __u64 system_call = 0;
__u64 hits[16] = {};

static void count(int which)
{
    if (bpf_get_current_pid_tgid() >> 32 == target)
        __sync_fetch_and_add(&hits[which], 1);
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int on_tracepoint(void *ctx)
{
    count(TRACEPOINT);
    return 0;
}

SEC("raw_tp/sys_enter")
int on_raw_tp(struct bpf_raw_tracepoint_args *ctx)
{
    if (ctx->args[1] == system_call)
        count(RAW_TP);
    return 0;
}

SEC("tp_btf/sys_enter")
int on_tp_btf(__u64 *ctx)
{
    if (ctx[1] == system_call)
        count(TP_BTF);
    return 0;
}

SEC("uprobe/libc.so.6:a64l")
int on_uprobe(void *ctx)
{
    count(UPROBE);
    return 0;
}

SEC("uretprobe/libc.so.6:a64l")
int on_uretprobe(void *ctx)
{
    count(URETPROBE);
    return 0;
}

SEC("uprobe.multi/libc.so.6:?64l")
int on_uprobe_multi(void *ctx)
{
    count(UPROBE_MULTI);
    return 0;
}

SEC("usdt")
int on_usdt(struct pt_regs *ctx)
{
    long argument = 0;

    count(USDT);
    if (bpf_get_current_pid_tgid() >> 32 == target && bpf_usdt_arg(ctx, 1, &argument) == 0)
        hits[USDT_ARGUMENT] = argument;
    return 0;
}

SEC("perf_event")
int on_perf_event(void *ctx)
{
    __sync_fetch_and_add(&hits[PERF_EVENT], 1);
    return 0;
}
