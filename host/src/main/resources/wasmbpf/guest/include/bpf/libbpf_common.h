/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* bpf/libbpf_common.h for wasm-bpf guests: versions, and the structs of options that functions take. */
#ifndef __LIBBPF_LIBBPF_COMMON_H
#define __LIBBPF_LIBBPF_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define LIBBPF_MAJOR_VERSION 1
#define LIBBPF_MINOR_VERSION 6
#define LIBBPF_API
#define LIBBPF_DEPRECATED(msg) __attribute__((deprecated(msg)))
#define LIBBPF_DEPRECATED_SINCE(major, minor, msg)

/* A struct of options with its size set and the members that are named; all others, padding included, are zero. */
#define LIBBPF_OPTS(TYPE, NAME, ...)                                                                                   \
    struct TYPE NAME = ({                                                                                              \
        memset(&NAME, 0, sizeof(struct TYPE));                                                                         \
        (struct TYPE){.sz = sizeof(struct TYPE), __VA_ARGS__};                                                         \
    })
#define DECLARE_LIBBPF_OPTS LIBBPF_OPTS

#define LIBBPF_OPTS_RESET(NAME, ...)                                                                                   \
    do {                                                                                                               \
        typeof(NAME) ___##NAME = ({                                                                                    \
            memset(&___##NAME, 0, sizeof(NAME));                                                                       \
            (typeof(NAME)){.sz = sizeof(NAME), __VA_ARGS__};                                                           \
        });                                                                                                            \
        memcpy(&NAME, &___##NAME, sizeof(NAME));                                                                       \
    } while (0)

/* A member of options that the caller's struct, which may be of an older header, may lack. */
#define WASM_BPF__OPT(opts, member, otherwise)                                                                         \
    ((opts) && (opts)->sz >= offsetof(__typeof__(*(opts)), member) + sizeof((opts)->member) ? (opts)->member           \
                                                                                            : (otherwise))

#endif /* __LIBBPF_LIBBPF_COMMON_H */
