/* First half of linked.bpf.o: its shared() wins, as it comes first. */
#include "../bpf.h"
char _license[] SEC("license") = "GPL";
struct { __uint(type, 2); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } seen SEC(".maps");
u32 from_one = 1;
struct task_struct { int pid; int tgid; } __attribute__((preserve_access_index));
__weak __noinline int shared(struct task_struct *t) { return t ? t->pid + from_one : 1; }
SEC("raw_tp/sys_enter") int first(u64 *ctx) { u32 k = 0; return shared((void *)ctx[0]) + (bpf_map_lookup_elem(&seen, &k) != 0); }
