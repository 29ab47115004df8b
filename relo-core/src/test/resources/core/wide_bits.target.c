#include "core.h"

struct __attribute__((packed)) local_root { u64 pad : 36; u64 a : 40; };
struct local_root *k1;
