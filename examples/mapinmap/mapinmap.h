/* What mapinmap.bpf.c and mapinmap.c share. Fixed-width members, each at a multiple of its size. */
#ifndef MAPINMAP_H
#define MAPINMAP_H

#define SLOTS 32 /* one for each power of two */

/* Of one CPU. */
struct writes {
    unsigned long long calls;
    unsigned long long bytes;
};

#endif
