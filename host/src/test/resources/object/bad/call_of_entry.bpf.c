#include "../bpf.h"
SEC("tc") __noinline int entry(void *ctx) { return *(int *)ctx; }
SEC("xdp") int caller(void *ctx) { return entry(ctx) + 1; }
