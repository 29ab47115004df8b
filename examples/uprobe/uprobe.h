/* What uprobe.bpf.c counts for each process, by the power of two of the size asked for. */
#ifndef UPROBE_H
#define UPROBE_H

#define SLOTS 32
#define COMM_LEN 16

struct calls {
    unsigned long long returned; /* calls that returned */
    unsigned long long failed;   /* of these, that returned NULL */
    unsigned int slots[SLOTS];
    char comm[COMM_LEN];
};

#endif
