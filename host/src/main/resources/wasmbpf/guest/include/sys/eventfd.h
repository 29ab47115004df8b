/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* sys/eventfd.h for wasm-bpf guests: nobody is there to tell: ENOSYS. */
#ifndef WASM_BPF_SYS_EVENTFD_H
#define WASM_BPF_SYS_EVENTFD_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint64_t eventfd_t;

#define EFD_SEMAPHORE 1
#define EFD_CLOEXEC 02000000
#define EFD_NONBLOCK 04000

static inline int eventfd(unsigned int count, int flags)
{
    (void)count;
    (void)flags;
    errno = ENOSYS;
    return -1;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_SYS_EVENTFD_H */
