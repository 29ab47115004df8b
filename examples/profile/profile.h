/* What profile.bpf.c and profile.c share. Fixed-width members, each at a multiple of its size. */
#ifndef PROFILE_H
#define PROFILE_H

#define MAX_DEPTH 127 /* the kernel's limit, unless sysctl kernel.perf_event_max_stack says otherwise */

/* Samples are counted by this. A stack's number is negative, an errno, where there is none. */
struct key {
    int pid;
    int kernel_stack;
    int user_stack;
    char comm[16];
};

/* With --live, each sample as it is; sizes in bytes, negative (an errno) where there is no such stack. */
struct sample {
    int pid;
    int cpu;
    int kernel_size;
    int user_size;
    char comm[16];
    unsigned long long kernel[MAX_DEPTH];
    unsigned long long user[MAX_DEPTH];
};

#endif
