// Pointers and longs of a 32-bit kernel, whose types CoreRelocatorTest writes.
#include "core.h"

struct local_root {
	void *pointer;
	unsigned long number;
	long signed_number;
	void *array[2];
	struct local_root *next;
} CORE;

PROGRAM(pointers)
{
	PUT(p->pointer);
	PUT(p->number);
	PUT(p->next->next);
	PUT(p->array[1]);
	PUT(p->signed_number);
	PUT(FIELD(p->pointer, BYTE_SIZE));
	PUT(FIELD(p->array, BYTE_SIZE));
	p->pointer = 0;
	p->next = p;
	return 0;
}
