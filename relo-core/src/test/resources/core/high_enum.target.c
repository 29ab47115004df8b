#include "core.h"

enum high { H_TOP = 0x90000001U, H_ALL = 5, H_LOW = 0xfffffff0U, H_BECOMES_HIGH = 0x80000000U };
enum high *k1;
