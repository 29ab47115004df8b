/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* net/if.h for wasm-bpf guests: interfaces of the host by name and number. */
#ifndef WASM_BPF_NET_IF_H
#define WASM_BPF_NET_IF_H

#include <wasm-bpf/host.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IF_NAMESIZE 16
#define IFNAMSIZ IF_NAMESIZE

/* 0 and errno if there is none. */
static inline unsigned if_nametoindex(const char *name)
{
    int index = wasm_bpf__libc(wasm_bpf_if_nametoindex(name));
    return index < 0 ? 0 : (unsigned)index;
}

/* name has room for IF_NAMESIZE bytes. NULL and errno if there is none. */
static inline char *if_indextoname(unsigned index, char *name)
{
    return wasm_bpf__libc(wasm_bpf_if_indextoname((int)index, name)) < 0 ? (char *)0 : name;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_NET_IF_H */
