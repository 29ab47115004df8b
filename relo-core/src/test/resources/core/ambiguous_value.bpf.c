// The candidates fit and disagree: an error.
#include "core.h"

struct local_root { int a; } CORE;
enum color { RED, GREEN };
PROGRAM(ambiguous)
{
	PUT(ENUM_VALUE(enum color, GREEN));
	return 0;
}
