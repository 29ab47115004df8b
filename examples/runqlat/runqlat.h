/* Shared by runqlat.bpf.c and runqlat.c. */
#ifndef RUNQLAT_H
#define RUNQLAT_H

#define COMM_LEN 16
#define SLOTS 32

/* A histogram by powers of two: slot n counts waits of 2^n to 2^(n+1)-1 units. */
struct hist {
    unsigned int slots[SLOTS];
    char comm[COMM_LEN];
};

#endif
