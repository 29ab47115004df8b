#include "../bpf.h"
struct ops { int (*run)(void *); };
SEC("xdp") int not_ops(void *ctx) { return 2; }
SEC(".struct_ops") struct ops impl = { .run = not_ops };
