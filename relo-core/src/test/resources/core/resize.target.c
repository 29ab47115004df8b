#include "core.h"

enum e { E = 0x100000000ULL };
struct local_root {
	u64 filler;
	u64 grows;
	u32 shrinks;
	u64 grows_much;
	u8 shrinks_much;
	s64 signed_grows;
	s64 becomes_signed;
	u32 character;
	u16 boolean;
	enum e enumeration;
	u64 array[4];
	u32 becomes_bits : 8;
	struct { u64 x; } composite;
	u32 same;
};
struct local_root *root;
