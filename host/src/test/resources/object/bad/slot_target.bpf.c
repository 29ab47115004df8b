#include "../bpf.h"
static int not_a_program = 4;
struct { __uint(type, 3); __uint(max_entries, 2); __uint(key_size, 4); int (*values[])(void *); } jump SEC(".maps") = { .values = { [1] = (void *)&not_a_program } };
SEC("xdp") int prog(void *ctx) { u32 k = 0; return bpf_map_lookup_elem(&jump, &k) != 0; }
