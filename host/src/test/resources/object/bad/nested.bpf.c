#include "../bpf.h"
struct leaf { __uint(type, 2); __uint(max_entries, 1); __type(key, u32); __type(value, u32); };
struct middle { __uint(type, 12); __uint(max_entries, 1); __uint(key_size, 4); struct leaf *values[]; };
struct { __uint(type, 12); __uint(max_entries, 1); __uint(key_size, 4); struct middle *values[]; } deep SEC(".maps");
SEC("xdp") int prog(void *ctx) { u32 k = 0; return bpf_map_lookup_elem(&deep, &k) != 0; }
