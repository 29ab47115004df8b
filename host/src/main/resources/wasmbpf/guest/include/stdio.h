/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* stdio.h for wasm-bpf guests: the C library's; a module can start no process, so popen fails with ENOSYS. */
#include_next <stdio.h>

#ifndef WASM_BPF_STDIO_H
#define WASM_BPF_STDIO_H

#include <errno.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline FILE *wasm_bpf__popen(const char *command, const char *type)
{
    (void)command;
    (void)type;
    errno = ENOSYS;
    return NULL;
}

static inline int wasm_bpf__pclose(FILE *stream)
{
    (void)stream;
    errno = ECHILD;
    return -1;
}

#define popen(command, type) wasm_bpf__popen(command, type)
#define pclose(stream) wasm_bpf__pclose(stream)

#ifdef __cplusplus
}
#endif

#ifdef WASM_BPF_WIDE_FORMATS
#include "wasm-bpf/format.h"
#endif

#endif /* WASM_BPF_STDIO_H */
