#include "../bpf.h"
extern float CONFIG_HZ __attribute__((section(".kconfig")));
SEC("xdp") int prog(void *ctx) { return *(int *)&CONFIG_HZ; }
