#include "core.h"

enum plain { P_NEW, P_ZERO = 100, P_ONE, P_MOVED, P_FLAVOUR___b };
enum negative { NEG_ONE = -7, NEG_MOVED = 12, NEG_MIN = -2147483647 - 1 };
enum wide { WIDE_HIGH = 0xfedcba987654321ULL, WIDE_LOW = 2, WIDE_MAX = 3 };
enum wide_negative { WN_LOW = -5, WN_ONE = -0x200000000LL };
enum grows { GROWS = 0x300000000ULL };
enum shrinks { SHRINKS = 17 };
enum flavoured___v2 { FL_B, FL_A };
typedef enum { TD_B = 40, TD_A = 50 } typedef_enum;
enum plain *k1; enum negative *k2; enum wide *k3; enum wide_negative *k4; enum grows *k5; enum shrinks *k6;
enum flavoured___v2 *k7; typedef_enum *k8;
