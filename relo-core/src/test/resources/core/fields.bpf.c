// Relocations of fields: offsets, sizes, signs and shifts; bit fields, flavours, anonymous nesting, arrays.
#include "core.h"

enum color { RED, GREEN };

struct inner {
	u32 first;
	u32 second[4];
} CORE;

struct local_root {
	u8 moved;			// lies elsewhere in the target
	u16 in_anonymous;		// the target has it in an anonymous union in an anonymous struct
	struct {
		u32 out_of_anonymous;	// the target has it at the top
		union {
			u64 deep;
			u32 deeper[2];
		};
	};
	struct inner nested;
	struct inner nested_array[3];
	u32 matrix[3][5];
	void *pointer;
	enum color color;
	s8 sign8;
	s64 sign64;
	u64 unsigned64;
	u32 bits_a : 3;
	s32 bits_b : 7;
	u32 bits_c : 22;
	u64 bits_wide : 40;
	u64 bits_after : 17;
	_Bool flag;
	u32 plain_becomes_bits;
	u32 bits_become_plain : 5;
	u32 missing;
	u32 wrong_kind;
	float real;
	u32 last;
	struct inner flexible[];
} CORE;

// Accesses through a pointer: the offset goes into the load, or into an addition.
PROGRAM(offsets)
{
	PUT(p->moved);
	PUT(p->in_anonymous);
	PUT(p->out_of_anonymous);
	PUT(p->deep);
	PUT(p->deeper[1]);
	PUT(p->nested.second[2]);
	PUT(p->nested_array[2].second[3]);
	PUT(p->matrix[2][4]);
	PUT(p->pointer);
	PUT(p->color);
	PUT(p->flag);
	PUT(p->flexible[7].second[1]);
	PUT(p[1].last);
	return 0;
}

PROGRAM(byte_offsets)
{
	PUT(FIELD(p->moved, BYTE_OFFSET));
	PUT(FIELD(p->in_anonymous, BYTE_OFFSET));
	PUT(FIELD(p->deeper[1], BYTE_OFFSET));
	PUT(FIELD(p->nested_array[1].second, BYTE_OFFSET));
	PUT(FIELD(p->flexible[3], BYTE_OFFSET));
	PUT(FIELD(p->bits_a, BYTE_OFFSET));
	PUT(FIELD(p->bits_b, BYTE_OFFSET));
	PUT(FIELD(p->bits_c, BYTE_OFFSET));
	PUT(FIELD(p->bits_wide, BYTE_OFFSET));
	PUT(FIELD(p->bits_after, BYTE_OFFSET));
	PUT(FIELD(p->plain_becomes_bits, BYTE_OFFSET));
	PUT(FIELD(p->bits_become_plain, BYTE_OFFSET));
	return 0;
}

PROGRAM(sizes)
{
	PUT(FIELD(p->moved, BYTE_SIZE));
	PUT(FIELD(p->nested, BYTE_SIZE));
	PUT(FIELD(p->nested_array, BYTE_SIZE));
	PUT(FIELD(p->nested_array[0], BYTE_SIZE));
	PUT(FIELD(p->matrix, BYTE_SIZE));
	PUT(FIELD(p->matrix[1], BYTE_SIZE));
	PUT(FIELD(p->pointer, BYTE_SIZE));
	PUT(FIELD(p->real, BYTE_SIZE));
	PUT(FIELD(p->bits_a, BYTE_SIZE));
	PUT(FIELD(p->bits_wide, BYTE_SIZE));
	PUT(FIELD(p->bits_after, BYTE_SIZE));
	PUT(FIELD(p->flexible, BYTE_SIZE));
	return 0;
}

PROGRAM(exists)
{
	PUT(FIELD(p->moved, EXISTS));
	PUT(FIELD(p->deeper[1], EXISTS));
	PUT(FIELD(p->missing, EXISTS));
	PUT(FIELD(p->wrong_kind, EXISTS));
	PUT(FIELD(p->matrix[2][4], EXISTS));
	PUT(FIELD(p->bits_b, EXISTS));
	PUT(FIELD(p->flexible[9], EXISTS));
	return 0;
}

PROGRAM(signs)
{
	PUT(FIELD(p->moved, SIGNED));
	PUT(FIELD(p->sign8, SIGNED));
	PUT(FIELD(p->sign64, SIGNED));
	PUT(FIELD(p->color, SIGNED));
	PUT(FIELD(p->bits_b, SIGNED));
	PUT(FIELD(p->bits_c, SIGNED));
	PUT(FIELD(p->flag, SIGNED));
	return 0;
}

PROGRAM(shifts)
{
	PUT(FIELD(p->moved, LSHIFT_U64));
	PUT(FIELD(p->moved, RSHIFT_U64));
	PUT(FIELD(p->sign64, LSHIFT_U64));
	PUT(FIELD(p->sign64, RSHIFT_U64));
	PUT(FIELD(p->bits_a, LSHIFT_U64));
	PUT(FIELD(p->bits_a, RSHIFT_U64));
	PUT(FIELD(p->bits_b, LSHIFT_U64));
	PUT(FIELD(p->bits_b, RSHIFT_U64));
	PUT(FIELD(p->bits_c, LSHIFT_U64));
	PUT(FIELD(p->bits_c, RSHIFT_U64));
	PUT(FIELD(p->bits_wide, LSHIFT_U64));
	PUT(FIELD(p->bits_wide, RSHIFT_U64));
	PUT(FIELD(p->bits_after, LSHIFT_U64));
	PUT(FIELD(p->bits_after, RSHIFT_U64));
	PUT(FIELD(p->plain_becomes_bits, LSHIFT_U64));
	PUT(FIELD(p->bits_become_plain, RSHIFT_U64));
	return 0;
}

PROGRAM(stores)
{
	p->moved = 1;
	p->in_anonymous = (u16)sink;
	p->nested.second[3] = 0x12345678;
	p->pointer = (void *)sink;
	p->sign64 = sink;
	p->deep = -1;
	return 0;
}

// Poisoned: nothing in the target, or a type that does not fit.
PROGRAM(poisoned)
{
	PUT(p->missing);
	PUT(FIELD(p->missing, BYTE_OFFSET));
	PUT(FIELD(p->missing, BYTE_SIZE));
	PUT(FIELD(p->missing, SIGNED));
	PUT(FIELD(p->missing, LSHIFT_U64));
	PUT(FIELD(p->missing, RSHIFT_U64));
	PUT(p->wrong_kind);
	p->missing = 3;
	return 0;
}

struct local_root___flavour {
	u32 only_in_target;
	u8 moved;
} CORE;

struct local_root___other_flavour {
	u32 renamed;
} CORE;

struct no_such_struct {
	u32 a;
} CORE;

PROGRAM(flavours)
{
	struct local_root___flavour *f = (void *)p;
	struct local_root___other_flavour *o = (void *)p;
	struct no_such_struct *n = (void *)p;

	PUT(f->only_in_target);
	PUT(f->moved);
	PUT(FIELD(o->renamed, EXISTS));
	PUT(o->renamed);
	PUT(FIELD(n->a, EXISTS));
	PUT(n->a);
	return 0;
}
