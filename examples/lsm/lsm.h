/* What lsm.bpf.c and lsm.c share. Fixed-width members, each at a multiple of its size. */
#ifndef LSM_H
#define LSM_H

#define NAME_SIZE 64

enum { REMOVE, RENAME };

struct denial {
    unsigned int what;
    int pid;
    unsigned int uid;
    char comm[16];
};

#endif
