#include "../bpf.h"
SEC("xdp") static int hidden_away(void *ctx) { return 2; }
