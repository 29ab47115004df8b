/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* arpa/inet.h for wasm-bpf guests: the C library's, taking the kernel's numbers of address families. */
#include_next <arpa/inet.h>

#ifndef WASM_BPF_ARPA_INET_H
#define WASM_BPF_ARPA_INET_H

#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline int wasm_bpf__family(int family)
{
    return family == AF_INET ? WASM_BPF__LIBC_AF_INET : family == AF_INET6 ? WASM_BPF__LIBC_AF_INET6 : -1;
}

static inline const char *wasm_bpf__inet_ntop(int family, const void *address, char *text, socklen_t size)
{
    return inet_ntop(wasm_bpf__family(family), address, text, size);
}

static inline int wasm_bpf__inet_pton(int family, const char *text, void *address)
{
    return inet_pton(wasm_bpf__family(family), text, address);
}

#define inet_ntop(family, address, text, size) wasm_bpf__inet_ntop(family, address, text, size)
#define inet_pton(family, text, address) wasm_bpf__inet_pton(family, text, address)

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_ARPA_INET_H */
