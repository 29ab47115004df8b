/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * sys/resource.h for wasm-bpf guests, in place of wasi-libc's, which has no limits. A module sets RLIMIT_MEMLOCK so that
 * maps can be made: the host does so by itself where the kernel wants it. All limits read as none.
 */
#ifndef WASM_BPF_SYS_RESOURCE_H
#define WASM_BPF_SYS_RESOURCE_H

#include <errno.h>
#include <sys/time.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned long long rlim_t;

struct rlimit {
    rlim_t rlim_cur;
    rlim_t rlim_max;
};

#define RLIM_INFINITY (~0ULL)
#define RLIM_SAVED_CUR RLIM_INFINITY
#define RLIM_SAVED_MAX RLIM_INFINITY

#define RLIMIT_CPU 0
#define RLIMIT_FSIZE 1
#define RLIMIT_DATA 2
#define RLIMIT_STACK 3
#define RLIMIT_CORE 4
#define RLIMIT_RSS 5
#define RLIMIT_NPROC 6
#define RLIMIT_NOFILE 7
#define RLIMIT_MEMLOCK 8
#define RLIMIT_AS 9

static inline int getrlimit(int resource, struct rlimit *limit)
{
    (void)resource;
    limit->rlim_cur = limit->rlim_max = RLIM_INFINITY;
    return 0;
}

static inline int setrlimit(int resource, const struct rlimit *limit)
{
    (void)limit;
    if (resource >= 0 && resource <= RLIMIT_AS)
        return 0;
    errno = EINVAL;
    return -1;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_SYS_RESOURCE_H */
