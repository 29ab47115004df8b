// An event each time the process `target` calls getpgid(), by two kinds of buffer; and records it sends itself.
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} ring SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, sizeof(int));
    __uint(value_size, sizeof(int));
} perf SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_USER_RINGBUF);
    __uint(max_entries, 4096);
} commands SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_STACK_TRACE);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, 127 * sizeof(__u64));
    __uint(max_entries, 16);
} stacks SEC(".maps");

const volatile int target = 0;
__u64 hits = 0;
__s64 seen = 0;

static bool mine(void)
{
    return bpf_get_current_pid_tgid() >> 32 == target;
}

SEC("?tp/syscalls/sys_enter_getpgid")
int to_ring(void *ctx)
{
    if (mine()) {
        __u64 number = hits++;

        bpf_ringbuf_output(&ring, &number, sizeof(number), 0);
    }
    return 0;
}

SEC("?tp/syscalls/sys_enter_getpgid")
int to_perf(void *ctx)
{
    if (mine()) {
        __u64 number = hits++;

        bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &number, sizeof(number));
    }
    return 0;
}

SEC("?kprobe/security_task_getpgid")
int takes_stack(void *ctx)
{
    if (mine()) {
        __sync_fetch_and_add(&hits, 1);
        seen = bpf_get_stackid(ctx, &stacks, 0);
    }
    return 0;
}

static long on_command(struct bpf_dynptr *record, void *ctx)
{
    __u64 number = 0;

    if (bpf_dynptr_read(&number, sizeof(number), record, 0, 0) == 0) {
        hits++;
        seen += number;
    }
    return 0;
}

SEC("?tp/syscalls/sys_enter_getpgid")
int drains(void *ctx)
{
    if (mine())
        bpf_user_ringbuf_drain(&commands, on_command, 0, 0);
    return 0;
}

SEC("?syscall")
int called(__u64 *argument)
{
    hits++;
    seen = *argument;
    return 42;
}
