/* Data sections that end in an array, and in a plain variable. */
#include "bpf.h"
char _license[] SEC("license") = "GPL";
u32 SEC(".data.counts") head = 1;
u64 SEC(".data.counts") per_cpu[1] = { 2 };
u32 SEC(".data.plain") one = 3;
SEC("syscall") int use(void *ctx) { per_cpu[0] += head + one; return 0; }
