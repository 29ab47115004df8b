/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* asm/unistd.h for wasm-bpf guests: the numbers <sys/syscall.h> knows. */
#ifndef WASM_BPF_ASM_UNISTD_H
#define WASM_BPF_ASM_UNISTD_H

#define __NR_getpid 39
#define __NR_gettid 186
#define __NR_perf_event_open 298
#define __NR_bpf 321

#endif /* WASM_BPF_ASM_UNISTD_H */
