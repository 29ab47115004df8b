#include "../bpf.h"
struct { __uint(type, 1); __uint(max_entries, 1); __uint(key_size, 8); __type(key, u32); __type(value, u32); } torn SEC(".maps");
SEC("xdp") int prog(void *ctx) { u32 k = 0; return bpf_map_lookup_elem(&torn, &k) != 0; }
