/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* sys/wait.h for wasm-bpf guests: what a status means. There are no processes to wait for: ECHILD. */
#ifndef WASM_BPF_SYS_WAIT_H
#define WASM_BPF_SYS_WAIT_H

#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WTERMSIG(status) ((status)&0x7f)
#define WSTOPSIG(status) WEXITSTATUS(status)
#define WIFEXITED(status) (WTERMSIG(status) == 0)
#define WIFSIGNALED(status) (WTERMSIG(status) != 0 && WTERMSIG(status) != 0x7f)
#define WIFSTOPPED(status) (((status)&0xff) == 0x7f)
#define WCOREDUMP(status) ((status)&0x80)
#define WNOHANG 1

#include <errno.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline pid_t wasm_bpf__no_child(void)
{
    errno = ECHILD;
    return -1;
}

#define waitpid(pid, status, options) ((void)(pid), (void)(status), (void)(options), wasm_bpf__no_child())
#define wait(status) ((void)(status), wasm_bpf__no_child())

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_SYS_WAIT_H */
