#include "../bpf.h"
int tentative;
SEC("xdp") int prog(void *ctx) { return tentative; }
