// The kernel that fields.bpf.c is relocated against.
#include "core.h"

enum color { RED = 7, GREEN, BLUE };

struct inner___kernel {
	u64 before;
	u32 second[6];
	u32 first;
};

struct other { int x; };

struct local_root {
	u64 new_first;
	u32 last;
	u32 only_in_target;
	struct {
		u32 pad;
		union {
			u16 in_anonymous;
			u64 filler;
		};
	};
	u32 out_of_anonymous;
	struct {
		union {
			struct {
				u32 before_deep;
				union {
					u64 deep;
					u32 deeper[2];
				};
			};
		};
	};
	struct inner___kernel nested;
	struct inner___kernel nested_array[4];
	u32 matrix[4][5];
	void *pointer;
	enum color color;
	u8 moved;
	s8 sign8;
	s64 sign64;
	u64 unsigned64;
	u64 : 11;
	u64 bits_a : 9;
	u64 bits_b : 5;
	s64 bits_c : 33;
	u32 : 0;
	u32 bits_wide : 30;
	u8 bits_after : 2;
	_Bool flag;
	u32 plain_becomes_bits : 12;
	u16 bits_become_plain;
	struct other wrong_kind;
	float real;
	struct inner___kernel flexible[];
};

struct local_root *root;
