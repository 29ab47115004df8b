/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* sys/ioctl.h for wasm-bpf guests: the C library's, and those of perf events and terminals, which the host makes. */
#include_next <sys/ioctl.h>

#ifndef WASM_BPF_SYS_IOCTL_H
#define WASM_BPF_SYS_IOCTL_H

#include <stdarg.h>
#include <wasm-bpf/host.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef TIOCGWINSZ
#define TIOCGWINSZ 0x5413

struct winsize {
    unsigned short ws_row;
    unsigned short ws_col;
    unsigned short ws_xpixel;
    unsigned short ws_ypixel;
};
#endif

static inline int wasm_bpf__ioctl(int fd, unsigned long request, ...)
{
    va_list args;
    intptr_t argument;
    va_start(args, request);
    argument = va_arg(args, intptr_t);
    va_end(args);
    if (request == TIOCGWINSZ || (request >> 8 & 0xff) == 0x24)
        return wasm_bpf__libc(wasm_bpf_ioctl(fd, (uint32_t)request, argument));
    return ioctl(fd, (int)request, argument);
}
#define ioctl(fd, ...) wasm_bpf__ioctl(fd, __VA_ARGS__)

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_SYS_IOCTL_H */
