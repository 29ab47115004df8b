/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* stdlib.h for wasm-bpf guests: the C library's; temporary files, and system, which clears a
 * terminal and else fails: a module starts no process. */
#include_next <stdlib.h>

#ifndef WASM_BPF_STDLIB_H
#define WASM_BPF_STDLIB_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#ifdef __cplusplus
extern "C" {
#endif

int getentropy(void *, size_t);

/* The folder must lie under one that wasm-bpf was given with --dir. */
static inline int wasm_bpf__mkostemp(char *path, int flags)
{
    size_t length = strlen(path);
    if (length < 6 || strcmp(path + length - 6, "XXXXXX")) {
        errno = EINVAL;
        return -1;
    }
    for (int tries = 0; tries < 100; tries++) {
        unsigned char random[6];
        getentropy(random, sizeof(random));
        for (int i = 0; i < 6; i++)
            path[length - 6 + (size_t)i] = "abcdefghijklmnopqrstuvwxyz012345"[random[i] & 31];
        int fd = open(path, O_RDWR | O_CREAT | O_EXCL | flags, 0600);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

static inline int wasm_bpf__system(const char *command)
{
    if (!command)
        return 0;
    if (!strcmp(command, "clear"))
        return fputs("\033[H\033[2J", stdout) < 0 || fflush(stdout) ? -1 : 0;
    errno = ENOSYS;
    return -1;
}

#define mkstemp(path) wasm_bpf__mkostemp(path, 0)
#define mkostemp(path, flags) wasm_bpf__mkostemp(path, flags)
#define system(command) wasm_bpf__system(command)

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_STDLIB_H */
