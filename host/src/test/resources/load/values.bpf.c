// Values of every kind of type, for what prints them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

typedef __u64 u64;

enum color { RED, GREEN = 5 };
enum small { LOW = -3, HIGH = 3 };
enum big { HUGE = 0x123456789aLL, TINY = -1 };

struct inner {
    int a;
    union {
        int b;
        unsigned char raw[4];
    };
};

struct sample {
    char name[16];
    char binary[4];
    signed char s8;
    unsigned char u8;
    short s16;
    unsigned short u16;
    int s32;
    unsigned int u32;
    long long s64;
    u64 u64v;
    _Bool yes;
    char letter;
    char control;
    enum color color;
    enum color other;
    enum small small;
    enum big big;
    const void *pointer;
    unsigned int low : 3, high : 5;
    int sign : 6;
    struct inner nested[2];
    unsigned int matrix[2][2];
    struct {
        int x;
        int y;
    };
    int end[0];
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, int);
    __type(value, struct sample);
} samples SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 2);
    __type(key, unsigned int);
    __type(value, struct inner);
} each_cpu SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __uint(key_size, 4);
    __uint(value_size, 20);
} untyped SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_QUEUE);
    __uint(max_entries, 4);
    __uint(value_size, 4);
} queue SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 2);
    __uint(key_size, 4);
    __uint(value_size, 4);
} programs SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 2);
    __uint(key_size, 4);
    __array(values, struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(max_entries, 2);
        __uint(key_size, 4);
        __uint(value_size, 20);
    });
} maps_of_arrays SEC(".maps");

int counter = 7;
struct inner initial = {.a = 1, .b = 2};
unsigned int numbers[3] = {1, 2, 3};
struct {
    unsigned int a : 4, b : 4;
} flags;
const volatile char text[8] = "hello";
static volatile int hidden = 3;

static __attribute__((noinline)) int add(int a, int b)
{
    return a + b + hidden;
}

SEC("socket")
int a_program_of_a_long_name(void *ctx)
{
    unsigned int key = 0;
    struct sample *sample = bpf_map_lookup_elem(&samples, &key);

    if (sample)
        sample->s32++;
    bpf_map_lookup_elem(&untyped, &key);
    bpf_map_lookup_elem(&maps_of_arrays, &key);
    bpf_map_push_elem(&queue, &key, 0);
    bpf_tail_call(ctx, &programs, 1);
    return add(counter, initial.a + text[0] + numbers[1] + flags.a);
}

char LICENSE[] SEC("license") = "GPL";
