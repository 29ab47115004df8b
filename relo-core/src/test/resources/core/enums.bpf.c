// Relocations of enumerators: 32 and 64 bits, signed and unsigned, flavours.
#include "core.h"

struct local_root;
enum plain { P_ZERO, P_ONE, P_MOVED = 5, P_GONE = 6, P_FLAVOUR___a = 7 };
enum negative { NEG_ONE = -1, NEG_MOVED = -2, NEG_MIN = -2147483647 - 1 };
enum wide { WIDE_HIGH = 0x123456789abcdefULL, WIDE_LOW = 1, WIDE_MAX = 0xffffffffffffffffULL };
enum wide_negative { WN_LOW = -0x123456789aLL, WN_ONE = 1 };
enum grows { GROWS = 3 };
enum shrinks { SHRINKS = 0x100000000ULL };
enum is_gone { IS_GONE };
enum flavoured___v1 { FL_A = 10 };
typedef enum { TD_A = 4, TD_B } typedef_enum;

PROGRAM(exists)
{
	PUT(ENUM_EXISTS(enum plain, P_ONE));
	PUT(ENUM_EXISTS(enum plain, P_GONE));
	PUT(ENUM_EXISTS(enum plain, P_FLAVOUR___a));
	PUT(ENUM_EXISTS(enum negative, NEG_MOVED));
	PUT(ENUM_EXISTS(enum wide, WIDE_HIGH));
	PUT(ENUM_EXISTS(enum is_gone, IS_GONE));
	PUT(ENUM_EXISTS(typedef_enum, TD_B));
	return 0;
}

PROGRAM(values)
{
	PUT(ENUM_VALUE(enum plain, P_ZERO));
	PUT(ENUM_VALUE(enum plain, P_MOVED));
	PUT(ENUM_VALUE(enum plain, P_GONE));
	PUT(ENUM_VALUE(enum plain, P_FLAVOUR___a));
	PUT(ENUM_VALUE(enum negative, NEG_ONE));
	PUT(ENUM_VALUE(enum negative, NEG_MOVED));
	PUT(ENUM_VALUE(enum negative, NEG_MIN));
	PUT(ENUM_VALUE(enum wide, WIDE_HIGH));
	PUT(ENUM_VALUE(enum wide, WIDE_LOW));
	PUT(ENUM_VALUE(enum wide, WIDE_MAX));
	PUT(ENUM_VALUE(enum wide_negative, WN_LOW));
	PUT(ENUM_VALUE(enum wide_negative, WN_ONE));
	PUT(ENUM_VALUE(enum grows, GROWS));
	PUT(ENUM_VALUE(enum shrinks, SHRINKS));
	PUT(ENUM_VALUE(enum flavoured___v1, FL_A));
	PUT(ENUM_VALUE(typedef_enum, TD_A));
	PUT(ENUM_VALUE(enum is_gone, IS_GONE));
	return 0;
}
