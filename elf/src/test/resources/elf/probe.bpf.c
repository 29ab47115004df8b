// A BPF object with every sort of section the reader meets: programs, maps, data, relocations, BTF.
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name

struct {
    __uint(type, 1);
    __uint(max_entries, 16);
    __type(key, unsigned);
    __type(value, unsigned long long);
} counts SEC(".maps");

static void *(*map_lookup)(void *, const void *) = (void *)1;

int total;
int threshold = 7;
const volatile int limit = 3;
__attribute__((visibility("hidden"))) long hidden_state;
static int file_local[4];

__attribute__((noinline)) int step(int by)
{
    file_local[by & 3] += by;
    return total += by;
}

SEC("kprobe/do_nothing")
int probe(void *ctx)
{
    unsigned key = limit;
    unsigned long long *value = map_lookup(&counts, &key);
    if (value)
        *value += threshold;
    hidden_state++;
    return step(1);
}

char LICENSE[] SEC("license") = "GPL";
