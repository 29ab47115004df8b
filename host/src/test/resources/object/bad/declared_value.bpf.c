/* No program uses the value's struct, so clang's BTF only declares it. */
#include "../bpf.h"
struct counts { u64 calls; };
struct each { __uint(type, 2); __uint(max_entries, 1); __type(key, u32); __type(value, struct counts); };
struct { __uint(type, 12); __uint(max_entries, 1); __uint(key_size, 4); struct each *values[]; } outer SEC(".maps");
SEC("xdp") int prog(void *ctx) { u32 k = 0; return bpf_map_lookup_elem(&outer, &k) != 0; }
