#include "../bpf.h"
extern int nowhere;
SEC("xdp") int prog(void *ctx) { return nowhere; }
