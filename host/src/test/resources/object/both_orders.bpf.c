/* Everything whose bytes depend on the byte order: maps, data, a version, subprograms, CO-RE. */
#include "bpf.h"
char _license[] SEC("license") = "GPL";
u32 _version SEC("version") = 0x060c03;
struct { __uint(type, 1); __uint(max_entries, 300); __type(key, u32); __type(value, u64); } table SEC(".maps");
u32 counter = 0x01020304;
const volatile u64 limit = 0x1122334455667788ull;
struct task_struct { int pid; int tgid; } __attribute__((preserve_access_index));
static __noinline int twice(int a) { return a * 2 + counter; }
SEC("raw_tp/sys_enter") int entry(u64 *ctx) {
    u32 key = 1;
    struct task_struct *task = (void *)ctx[0];
    u64 *v = bpf_map_lookup_elem(&table, &key);
    return twice(v ? *v : limit) + __builtin_preserve_field_info(task->tgid, 0);
}
