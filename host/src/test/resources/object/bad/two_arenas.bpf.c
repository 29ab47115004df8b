#include "../bpf.h"
struct { __uint(type, 33); __uint(max_entries, 1); } a1 SEC(".maps");
struct { __uint(type, 33); __uint(max_entries, 1); } a2 SEC(".maps");
SEC("syscall") int prog(void *ctx) { return *(int *)&a1 + *(int *)&a2; }
