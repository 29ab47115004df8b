// Unsigned 32-bit enumerators of 2^31 and more. libbpf sign-extends them and refuses the object.
#include "core.h"

struct local_root;
enum high { H_TOP = 0x80000000U, H_ALL = 0xffffffffU, H_LOW = 1, H_BECOMES_HIGH = 2 };
PROGRAM(values)
{
	PUT(ENUM_VALUE(enum high, H_TOP));
	PUT(ENUM_VALUE(enum high, H_ALL));
	PUT(ENUM_VALUE(enum high, H_LOW));
	PUT(ENUM_VALUE(enum high, H_BECOMES_HIGH));
	return 0;
}
