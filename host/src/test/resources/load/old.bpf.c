// A tool that has to run on kernels from 5.4 on, with types and helpers that came later.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

#define __tagged __attribute__((btf_type_tag("later")))
#define __declared __attribute__((btf_decl_tag("later")))

enum wide { WIDE = 0x123456789abcULL };
enum negative { NEGATIVE = -1 };

struct value {
    enum wide wide;
    enum negative negative;
    float fraction;
    long __tagged *pointer;
} __declared;

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __type(key, int);
    __type(value, struct value);
} values SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, 4);
    __uint(value_size, 4);
} events SEC(".maps");

const volatile int wanted = 7;
long seen;

__attribute__((noinline)) int remember(int key)
{
    struct value value = {.wide = WIDE, .negative = NEGATIVE};

    return bpf_map_update_elem(&values, &key, &value, BPF_ANY);
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int on_tracepoint(void *ctx)
{
    char text[8];
    int key = wanted;

    if (bpf_probe_read_kernel(text, sizeof(text), &seen) || bpf_probe_read_user_str(text, sizeof(text), ctx))
        return 0;
    __sync_fetch_and_add(&seen, 1);
    bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, text, sizeof(text));
    return remember(key);
}

SEC("kprobe/do_unlinkat")
int on_kprobe(struct pt_regs *ctx)
{
    return remember(1);
}

SEC("raw_tp/sys_enter")
int on_raw_tp(void *ctx)
{
    return remember(2);
}

SEC("cgroup/connect4")
int on_connect4(struct bpf_sock_addr *ctx)
{
    return 1;
}

SEC("xdp")
int on_xdp(struct xdp_md *ctx)
{
    return XDP_PASS;
}
