/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * setjmp.h for wasm-bpf guests whose C library has none: setjmp returns 0, and a longjmp, which would need WebAssembly's
 * exceptions, says so and ends the program.
 */
#ifndef WASM_BPF_SETJMP_H
#define WASM_BPF_SETJMP_H

#include <stdio.h>
#include <stdlib.h>

typedef int jmp_buf[1];
typedef int sigjmp_buf[1];

static inline int wasm_bpf__setjmp(int *env)
{
    env[0] = 0;
    return 0;
}

__attribute__((noreturn)) static inline void wasm_bpf__longjmp(int *env, int value)
{
    (void)env;
    fprintf(stderr, "longjmp(%d): a wasm-bpf guest cannot jump out of functions\n", value);
    abort();
}

#define setjmp(env) wasm_bpf__setjmp(env)
#define sigsetjmp(env, save) wasm_bpf__setjmp(env)
#define longjmp(env, value) wasm_bpf__longjmp(env, value)
#define siglongjmp(env, value) wasm_bpf__longjmp(env, value)

#endif /* WASM_BPF_SETJMP_H */
