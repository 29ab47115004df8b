/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* sys/wait.h for wasm-bpf guests: what a status means. There are no processes to wait for: ECHILD. */
#ifndef WASM_BPF_SYS_WAIT_H
#define WASM_BPF_SYS_WAIT_H

#ifndef WEXITSTATUS /* Emscripten's stdlib.h has them too */
#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WTERMSIG(status) ((status)&0x7f)
#define WSTOPSIG(status) WEXITSTATUS(status)
#define WIFEXITED(status) (WTERMSIG(status) == 0)
#define WIFSIGNALED(status) (WTERMSIG(status) != 0 && WTERMSIG(status) != 0x7f)
#define WIFSTOPPED(status) (((status)&0xff) == 0x7f)
#define WNOHANG 1
#endif
#ifndef WCOREDUMP
#define WCOREDUMP(status) ((status)&0x80)
#endif

#include <errno.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Functions, not macros: C++ has members of the name wait. */
static inline pid_t waitpid(pid_t pid, int *status, int options)
{
    (void)pid;
    (void)status;
    (void)options;
    errno = ECHILD;
    return -1;
}

static inline pid_t wait(int *status)
{
    return waitpid(-1, status, 0);
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_SYS_WAIT_H */
