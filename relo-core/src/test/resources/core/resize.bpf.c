// Loads and stores whose field has another size in the kernel: adapted if no sign is lost, else poisoned.
#include "core.h"

enum e { E };
struct local_root {
	u32 grows;
	u64 shrinks;
	u8 grows_much;
	u64 shrinks_much;
	s32 signed_grows;
	u32 becomes_signed;
	char character;
	_Bool boolean;
	enum e enumeration;
	u32 array[4];
	u32 becomes_bits;
	u32 to_odd_size;
	struct { u32 x; } composite;
	u32 same;
} CORE;

PROGRAM(loads)
{
	PUT(p->grows);
	PUT(p->shrinks);
	PUT(p->grows_much);
	PUT(p->shrinks_much);
	PUT(p->signed_grows);
	PUT(p->becomes_signed);
	PUT(p->character);
	PUT(p->boolean);
	PUT(p->enumeration);
	PUT(p->array[2]);
	PUT(p->becomes_bits);
	PUT(p->same);
	return 0;
}

PROGRAM(stores)
{
	p->grows = 1;
	p->shrinks = sink;
	p->grows_much = (u8)sink;
	p->shrinks_much = 4;
	p->signed_grows = 5;
	p->boolean = 1;
	p->array[1] = 6;
	return 0;
}

// Not a load or store: the offset is patched whatever the size.
PROGRAM(additions)
{
	PUT(&p->grows);
	PUT(&p->signed_grows);
	PUT(&p->array);
	PUT(&p->composite);
	PUT(FIELD(p->becomes_signed, BYTE_OFFSET));
	return 0;
}
