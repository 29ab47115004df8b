// A bit field that no load of 8 bytes holds, in the kernel.
#include "core.h"

struct local_root { u64 a : 40; } CORE;
PROGRAM(wide)
{
	PUT(FIELD(p->a, BYTE_SIZE));
	return 0;
}
