#include "../bpf.h"
static struct { __uint(type, 2); __uint(max_entries, 1); __type(key, u32); __type(value, u32); } local_map SEC(".maps");
SEC("xdp") int prog(void *ctx) { u32 k = 0; return bpf_map_lookup_elem(&local_map, &k) != 0; }
