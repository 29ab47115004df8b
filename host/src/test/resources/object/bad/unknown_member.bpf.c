#include "../bpf.h"
struct { __uint(type, 2); __uint(max_entries, 1); __type(key, u32); __type(value, u32); __uint(colour, 3); } coloured SEC(".maps");
SEC("xdp") int prog(void *ctx) { u32 k = 0; return bpf_map_lookup_elem(&coloured, &k) != 0; }
