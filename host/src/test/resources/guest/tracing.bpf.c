// Programs that run when a process does something by name: each counts what the process `target` does.
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

// The kernel's registers, which bpf_tracing.h reads; it takes vmlinux.h for where they come from.
#define __VMLINUX_H__
struct pt_regs {
    unsigned long di, si, dx, r10, r8, r9, cx, ax, bp, sp, ip, orig_ax;
} __attribute__((preserve_access_index));
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

#define GETPGID 121 // on x86-64

const volatile int target = 0;
__u64 hits = 0;
__s64 seen = 0;

static int count(__s64 value)
{
    if (bpf_get_current_pid_tgid() >> 32 == target) {
        __sync_fetch_and_add(&hits, 1);
        seen = value;
    }
    return 0;
}

SEC("?kprobe/security_task_getpgid")
int kprobe(struct pt_regs *ctx)
{
    return count(1);
}

SEC("?kprobe/security_task_getpgid+0x0")
int kprobe_offset(struct pt_regs *ctx)
{
    return count(1);
}

SEC("?kretprobe/__x64_sys_getpgid")
int BPF_KRETPROBE(kretprobe, long result)
{
    return count(result);
}

SEC("?ksyscall/getpgid")
int BPF_KSYSCALL(ksyscall, int pid)
{
    return count(pid);
}

SEC("?kretsyscall/getpgid")
int BPF_KRETPROBE(kretsyscall, long result)
{
    return count(result);
}

SEC("?kprobe/tun_chr_open")
int kprobe_module(struct pt_regs *ctx)
{
    return count(1);
}

SEC("?kprobe.multi/security_task_getpgid")
int kprobe_multi(struct pt_regs *ctx)
{
    return count(1);
}

SEC("?kprobe.multi/security_task_getpg*")
int kprobe_multi_pattern(struct pt_regs *ctx)
{
    return count(1);
}

SEC("?kretprobe.multi/__x64_sys_getpgid")
int BPF_KRETPROBE(kretprobe_multi, long result)
{
    return count(result);
}

SEC("?kprobe.multi/tun_chr_open")
int kprobe_multi_module(struct pt_regs *ctx)
{
    return count(1);
}

// At entry and at return.
SEC("?kprobe.session/security_task_getpgid")
int kprobe_session(struct pt_regs *ctx)
{
    return count(1);
}

// At entry alone: 1 says that its return is of no interest.
SEC("?kprobe.session/security_task_getpgid")
int kprobe_session_entry(struct pt_regs *ctx)
{
    count(1);
    return 1;
}

SEC("?uprobe/libc.so.6:a64l")
int uprobe(struct pt_regs *ctx)
{
    return count(1);
}

SEC("?uretprobe/libc.so.6:a64l")
int BPF_KRETPROBE(uretprobe, long result)
{
    return count(result);
}

SEC("?uprobe.s/libc.so.6:a64l")
int uprobe_sleepable(struct pt_regs *ctx)
{
    char text[3] = {};

    // What a program that may not sleep cannot do.
    bpf_copy_from_user(text, 2, (void *)PT_REGS_PARM1(ctx));
    return count(text[0]);
}

SEC("?uprobe.multi/libc.so.6:a64l")
int uprobe_multi(struct pt_regs *ctx)
{
    return count(1);
}

// a64l and l64a, of which only the first is called.
SEC("?uprobe.multi/libc.so.6:?64?")
int uprobe_multi_pattern(struct pt_regs *ctx)
{
    return count(1);
}

SEC("?uretprobe.multi/libc.so.6:a64l")
int BPF_KRETPROBE(uretprobe_multi, long result)
{
    return count(result);
}

SEC("?uprobe.session/libc.so.6:a64l")
int uprobe_session(struct pt_regs *ctx)
{
    return count(1);
}

SEC("?tp/syscalls/sys_enter_getpgid")
int tracepoint(void *ctx)
{
    return count(1);
}

SEC("?tp.s/syscalls/sys_enter_getpgid")
int tracepoint_sleepable(void *ctx)
{
    return count(1);
}

SEC("?raw_tp/sys_enter")
int raw_tp(struct bpf_raw_tracepoint_args *ctx)
{
    return ctx->args[1] == GETPGID ? count(1) : 0;
}

// The kernel's own test of what programs return; the program may write to the error.
SEC("?raw_tp.w/bpf_test_finish")
int raw_tp_writable(struct bpf_raw_tracepoint_args *ctx)
{
    int *error = (int *)ctx->args[0];

    *error = 0;
    return count(1);
}

SEC("?tp_btf/sys_enter")
int BPF_PROG(tp_btf, struct pt_regs *regs, long id)
{
    return id == GETPGID ? count(1) : 0;
}

SEC("?fentry/bpf_fentry_test1")
int BPF_PROG(fentry, int a)
{
    return count(a);
}

SEC("?fexit/bpf_fentry_test1")
int BPF_PROG(fexit, int a, int result)
{
    return count(result);
}

SEC("?fentry/security_task_getpgid")
int BPF_PROG(fentry_called)
{
    return count(1);
}

SEC("?fentry.s/bpf_fentry_test1")
int BPF_PROG(fentry_sleepable, int a)
{
    return count(a);
}

SEC("?fsession/bpf_fentry_test1")
int BPF_PROG(fsession, int a)
{
    return count(a);
}

SEC("?fmod_ret/bpf_modify_return_test")
int BPF_PROG(fmod_ret, int a, int *b, int result)
{
    return count(a);
}

// Makes getpgid() fail, for one process.
SEC("?fmod_ret/security_task_getpgid")
int BPF_PROG(fmod_ret_denies)
{
    count(1);
    return bpf_get_current_pid_tgid() >> 32 == target ? -1 : 0;
}

SEC("?fentry/tun_chr_open")
int BPF_PROG(fentry_module)
{
    return count(1);
}

SEC("?fexit/tun_chr_open")
int BPF_PROG(fexit_module, void *inode, void *file, int result)
{
    return count(result);
}

SEC("?perf_event")
int perf_event(void *ctx)
{
    __sync_fetch_and_add(&hits, 1);
    return 0;
}
