// The sign of an array element: only named fields have one.
#include "core.h"

struct local_root { int a[4]; } CORE;
PROGRAM(element)
{
	PUT(FIELD(p->a[1], SIGNED));
	return 0;
}
