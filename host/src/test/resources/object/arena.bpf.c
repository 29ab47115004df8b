/* Variables in an arena; 2 pages of 100 are taken by them. */
#include "bpf.h"
char _license[] SEC("license") = "GPL";
#define __arena __attribute__((address_space(1)))
struct { __uint(type, 33); __uint(map_flags, 1 << 10); __uint(max_entries, 100); } arena SEC(".maps");
int __arena first = 7;
char __arena block[5000];
int __arena last = 9;
SEC("syscall") int use(void *ctx) { last = first + block[4000]; return *(int *)&arena; }
