/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* sys/wait.h for wasm-bpf guests: what a status means. There are no processes to wait for. */
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

#endif /* WASM_BPF_SYS_WAIT_H */
