// Reads what user space writes, calls other programs by number, and keeps maps in a map: what loading has to set up.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
    __uint(type, BPF_MAP_TYPE_USER_RINGBUF);
    __uint(max_entries, 4096);
} commands SEC(".maps");

struct inner {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} first SEC(".maps"), second SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 4);
    __type(key, __u32);
    __array(values, struct inner);
} outer SEC(".maps") = {
    .values = {[1] = &first, [3] = &second},
};

int tail(void *ctx);

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 3);
    __uint(key_size, sizeof(__u32));
    __array(values, int(void *));
} jumps SEC(".maps") = {
    .values = {[2] = (void *)&tail},
};

__u64 count = 0;
__u64 sum = 0;

static long on_command(struct bpf_dynptr *record, void *ctx)
{
    __u64 number = 0;

    if (bpf_dynptr_read(&number, sizeof(number), record, 0, 0) == 0) {
        count++;
        sum += number;
    }
    return 0;
}

SEC("syscall")
int drain(void *ctx)
{
    return bpf_user_ringbuf_drain(&commands, on_command, 0, 0);
}

SEC("raw_tp/sys_enter")
int tail(void *ctx)
{
    return 77;
}

SEC("raw_tp/sys_enter")
int jump(void *ctx)
{
    bpf_tail_call(ctx, &jumps, 2);
    return 1;
}

SEC("raw_tp/sys_enter")
int write_inner(struct bpf_raw_tracepoint_args *ctx)
{
    __u32 slot = ctx->args[0], zero = 0;
    void *inner = bpf_map_lookup_elem(&outer, &slot);

    if (!inner)
        return 2;
    __u64 *value = bpf_map_lookup_elem(inner, &zero);
    if (!value)
        return 3;
    *value = ctx->args[1];
    return 0;
}
