/* What opensnoop.bpf.c hands to opensnoop.c for each call. Fixed-width members, each at a multiple of its size. */
#ifndef OPENSNOOP_H
#define OPENSNOOP_H

#define COMM_LEN 16
#define NAME_LEN 256

struct event {
    int pid;
    unsigned int uid;
    int result; /* the descriptor, or a negative errno of the kernel */
    int flags;
    char comm[COMM_LEN];
    char name[NAME_LEN];
};

#endif
