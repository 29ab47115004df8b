/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* bpf/libbpf_legacy.h for wasm-bpf guests: what libbpf keeps of its time before 1.0. */
#ifndef __LIBBPF_LEGACY_BPF_H
#define __LIBBPF_LEGACY_BPF_H

#include <errno.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What libbpf 1.0 does anyway. */
enum libbpf_strict_mode {
    LIBBPF_STRICT_NONE = 0,
    LIBBPF_STRICT_CLEAN_PTRS = 1,
    LIBBPF_STRICT_DIRECT_ERRS = 2,
    LIBBPF_STRICT_SEC_NAME = 4,
    LIBBPF_STRICT_NO_OBJECT_LIST = 8,
    LIBBPF_STRICT_AUTO_RLIMIT_MEMLOCK = 16,
    LIBBPF_STRICT_MAP_DEFINITIONS = 32,
    LIBBPF_STRICT_ALL = -1,
};

static inline int libbpf_set_strict_mode(enum libbpf_strict_mode mode)
{
    (void)mode;
    return 0;
}

/* Why a function returned that pointer: 0, or a negative errno. */
static inline long libbpf_get_error(const void *ptr)
{
    if (ptr && (uintptr_t)ptr < (uintptr_t)-4095)
        return 0;
    if (ptr)
        errno = -(int)(intptr_t)ptr;
    return -errno;
}

#ifdef __cplusplus
}
#endif

#endif /* __LIBBPF_LEGACY_BPF_H */
