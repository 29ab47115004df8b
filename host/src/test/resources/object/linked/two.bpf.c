/* Second half: its shared() is dropped by the linker, which leaves the code, relocations and CO-RE records of it. */
#include "../bpf.h"
extern struct { __uint(type, 2); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } seen SEC(".maps");
u32 from_two = 2;
struct task_struct { int pid; int tgid; } __attribute__((preserve_access_index));
__weak __noinline int shared(struct task_struct *t) { return t ? t->tgid - from_two : 2; }
SEC("raw_tp/sys_exit") int second(u64 *ctx) { u32 k = 0; return shared((void *)ctx[0]) + (bpf_map_lookup_elem(&seen, &k) != 0) + from_two; }
