// Programs that write as many events as their caller says, run by BPF_PROG_TEST_RUN: exact counts.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct event {
    __u32 number;
    __u32 bias;
    char text[5];
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} rb SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, sizeof(int));
    __uint(value_size, sizeof(int));
} pe SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} counts SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u32);
} each_cpu SEC(".maps");

const volatile __u32 bias = 3;
__u64 dropped = 0;
__u64 written = 100;

struct emit_args {
    __u32 first;
    __u32 count;
    __u32 discard_every;
};

SEC("syscall")
int emit(struct emit_args *args)
{
    for (__u32 i = 0; i < 1024; i++) {
        if (i >= args->count)
            break;
        struct event *event = bpf_ringbuf_reserve(&rb, sizeof(*event), 0);
        if (!event) {
            dropped++;
            continue;
        }
        event->number = args->first + i;
        event->bias = bias;
        __builtin_memcpy(event->text, "text", 5);
        written++;
        if (args->discard_every && i % args->discard_every == 0)
            bpf_ringbuf_discard(event, 0);
        else
            bpf_ringbuf_submit(event, 0);
    }
    return 0;
}

SEC("raw_tp/sys_enter")
int emit_perf(struct bpf_raw_tracepoint_args *ctx)
{
    struct event event = {.number = ctx->args[0], .bias = bias, .text = "perf"};

    return bpf_perf_event_output(ctx, &pe, BPF_F_CURRENT_CPU, &event, sizeof(event));
}
