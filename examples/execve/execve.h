/* What execve.bpf.c hands to execve.c for each call. Fixed-width members, each at a multiple of its size. */
#ifndef EXECVE_H
#define EXECVE_H

#define COMM_LEN 16
#define ARG_LEN 128
#define ARGS_LEN 2048
#define MAX_ARGS 32

struct event {
    int pid;
    unsigned int uid;
    int result;              /* 0, or a negative errno of the kernel */
    unsigned int count;      /* arguments there are, at most MAX_ARGS + 1 */
    unsigned int size;       /* bytes of args that are used */
    char comm[COMM_LEN];     /* of the process before the call */
    char args[ARGS_LEN];     /* each ended by a zero, cut at ARG_LEN - 1 bytes */
};

#endif
