// A field further away than a load reaches.
#include "core.h"

struct local_root { int near; int far; } CORE;
PROGRAM(far)
{
	PUT(p->near);
	PUT(p->far);
	return 0;
}
