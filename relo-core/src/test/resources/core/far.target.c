#include "core.h"

struct local_root { int near; char gap[32768]; int far; };
struct local_root *k1;
