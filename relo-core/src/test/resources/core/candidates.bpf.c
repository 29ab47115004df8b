// Several types of one name in the kernel: those that fit have to agree, and the list shrinks to them.
#include "core.h"

struct local_root { int a; int b; int only_second; int c; } CORE;
struct twin { int x; } CORE;
enum color { RED, GREEN };

PROGRAM(agree)
{
	PUT(p->a);
	PUT(FIELD(p->only_second, EXISTS));
	PUT(p->only_second);
	PUT(p->b);		// the candidates disagree on b, but only the second is left
	PUT(FIELD(p->c, EXISTS));
	return 0;
}

PROGRAM(twins)
{
	struct twin *t = (void *)p;

	PUT(t->x);
	PUT(TYPE_EXISTS(struct twin));
	PUT(TYPE_SIZE(struct twin));
	PUT(ENUM_VALUE(enum color, GREEN));
	return 0;
}
