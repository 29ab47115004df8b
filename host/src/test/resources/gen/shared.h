/* A header that a program and user space share, with what changes its size on wasm32 and what does not. */
#ifndef SHARED_H
#define SHARED_H

#define NAME_LENGTH 16
#define POINT(x) ((struct point){ x, \
                                  x })

/* struct commented { long size; }; */
enum operation { READ, WRITE };

struct point { // no long here: its text stays
	int x, y;
};

struct event {
	unsigned char first;
	ssize_t size; /* 8 bytes, at 8 */
	const char *name;
	enum operation operation;
	char comm[NAME_LENGTH];
};

typedef struct {
	unsigned long slots[4];
	struct point where;
} histogram_t;

struct outer {
	enum { EARLY = 3, LATE } when;
	struct inner {
		long stamp;
		union {
			struct point *at;
			int number;
		};
	} in;
	unsigned long flags : 5;
	unsigned long rest : 27;
} __attribute__((packed));

struct user_only {
	void *private_data;
	long long total;
};

static inline int sum(const struct point *p)
{
	return p->x + p->y;
}

#endif /* SHARED_H */
