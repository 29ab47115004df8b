/* What bootstrap.bpf.c puts into the ring buffer and bootstrap.c takes out. Fixed-width members only, each at a
 * multiple of its size: then the kernel side (64-bit) and the Wasm side (32-bit) agree about every offset. */
#ifndef BOOTSTRAP_H
#define BOOTSTRAP_H

#define COMM_LEN 16
#define FILENAME_LEN 128

struct event {
    unsigned long long duration_ns; /* of an exited process, 0 where its start was not seen */
    int pid;
    int ppid;
    unsigned int exit_code; /* wait(2)'s status word: low byte the signal, next byte the status */
    int is_exit;
    char comm[COMM_LEN];
    char filename[FILENAME_LEN];
};

#endif
