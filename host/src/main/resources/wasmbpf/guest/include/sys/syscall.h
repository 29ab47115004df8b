/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * sys/syscall.h for wasm-bpf guests: syscall(2) for the calls that the host has a function for. Their numbers are those
 * of x86-64 on every machine, and no others are known.
 */
#ifndef WASM_BPF_SYS_SYSCALL_H
#define WASM_BPF_SYS_SYSCALL_H

#include <asm/unistd.h>
#include <stdarg.h>
#include <wasm-bpf/host.h>

#define SYS_getpid __NR_getpid
#define SYS_gettid __NR_gettid
#define SYS_perf_event_open __NR_perf_event_open
#define SYS_bpf __NR_bpf

#ifdef __cplusplus
extern "C" {
#endif

/* -1 and errno, as the C library's; ENOSYS for a number that is not here. */
__attribute__((weak)) long wasm_bpf__syscall(long number, ...)
{
    long result;
    va_list args;
    va_start(args, number);
    switch (number) {
    case __NR_getpid:
        result = (long)wasm_bpf_query(WASM_BPF_PID);
        break;
    case __NR_gettid:
        result = (long)wasm_bpf_query(WASM_BPF_TID);
        break;
    case __NR_perf_event_open: {
        void *attr = va_arg(args, void *);
        int pid = va_arg(args, int), cpu = va_arg(args, int), group_fd = va_arg(args, int);
        result = wasm_bpf__libc(wasm_bpf_perf_event_open(attr, pid, cpu, group_fd, va_arg(args, unsigned long)));
        break;
    }
    case __NR_bpf: {
        int cmd = va_arg(args, int);
        void *attr = va_arg(args, void *);
        result = wasm_bpf__libc(wasm_bpf_bpf(cmd, attr, va_arg(args, int)));
        break;
    }
    default:
        errno = ENOSYS;
        result = -1;
    }
    va_end(args);
    return result;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_SYS_SYSCALL_H */
