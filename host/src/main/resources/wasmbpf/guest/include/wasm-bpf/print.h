/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * wasm-bpf/print.h: libbpf_set_print and errors. Why something failed is a line of the host's: on standard error or, once
 * libbpf_set_print was called, through that function, after the call that failed.
 */
#ifndef WASM_BPF_PRINT_H
#define WASM_BPF_PRINT_H

#include <bpf/bpf.h>
#include <stdarg.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum libbpf_print_level { LIBBPF_WARN, LIBBPF_INFO, LIBBPF_DEBUG };

typedef int (*libbpf_print_fn_t)(enum libbpf_print_level level, const char *, va_list ap);

/* One for the program, however many of its files include this. */
struct wasm_bpf__print_state {
    libbpf_print_fn_t fn;
    bool keeping;
};
__attribute__((weak)) struct wasm_bpf__print_state wasm_bpf__print_state;

static inline int wasm_bpf__print_default(enum libbpf_print_level level, const char *format, va_list args)
{
    return level == LIBBPF_DEBUG ? 0 : vfprintf(stderr, format, args);
}

/* The function that is told why something failed; NULL: nobody is. Returns the one before. */
static inline libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn)
{
    libbpf_print_fn_t before =
        wasm_bpf__print_state.keeping ? wasm_bpf__print_state.fn : wasm_bpf__print_default;
    wasm_bpf__print_state.fn = fn;
    wasm_bpf__print_state.keeping = true;
    wasm_bpf_message(WASM_BPF_MESSAGES_KEEP, NULL, 0);
    return before;
}

__attribute__((format(printf, 1, 2))) static inline void wasm_bpf__print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (wasm_bpf__print_state.fn)
        wasm_bpf__print_state.fn(LIBBPF_WARN, format, args);
    va_end(args);
}

/* Hands on what the host said meanwhile. */
static inline void wasm_bpf__messages(void)
{
    char text[1024];
    int before = errno;
    if (!wasm_bpf__print_state.keeping)
        return;
    while (wasm_bpf_message(WASM_BPF_MESSAGES_NEXT, text, sizeof(text)) > 0)
        wasm_bpf__print("libbpf: %s\n", text);
    errno = before;
}

/* As libbpf_err, telling what was said. */
static inline int wasm_bpf__err(int ret)
{
    if (ret < 0)
        wasm_bpf__messages();
    return libbpf_err(ret);
}

enum libbpf_errno {
    __LIBBPF_ERRNO__START = 4000,
    LIBBPF_ERRNO__LIBELF = __LIBBPF_ERRNO__START,
    LIBBPF_ERRNO__FORMAT,
    LIBBPF_ERRNO__KVERSION,
    LIBBPF_ERRNO__ENDIAN,
    LIBBPF_ERRNO__INTERNAL,
    LIBBPF_ERRNO__RELOC,
    LIBBPF_ERRNO__LOAD,
    LIBBPF_ERRNO__VERIFY,
    LIBBPF_ERRNO__PROG2BIG,
    LIBBPF_ERRNO__KVER,
    LIBBPF_ERRNO__PROGTYPE,
    LIBBPF_ERRNO__WRNGPID,
    LIBBPF_ERRNO__INVSEQ,
    LIBBPF_ERRNO__NLPARSE,
    __LIBBPF_ERRNO__END,
};

/* The text of an error number, positive or negative. The host's errors are all errno's. */
static inline int libbpf_strerror(int err, char *buf, size_t size)
{
    if (!buf || !size)
        return libbpf_err(-22);
    err = err < 0 ? -err : err;
    if (err < __LIBBPF_ERRNO__START)
        snprintf(buf, size, "%s", strerror(err));
    else
        snprintf(buf, size, "Unknown libbpf error %d", err);
    return 0;
}

static inline __u32 libbpf_major_version(void)
{
    return LIBBPF_MAJOR_VERSION;
}

static inline __u32 libbpf_minor_version(void)
{
    return LIBBPF_MINOR_VERSION;
}

static inline const char *libbpf_version_string(void)
{
    return "v1.6";
}

/* How many values a per-CPU map has for a key. */
static inline int libbpf_num_possible_cpus(void)
{
    return libbpf_err((int)wasm_bpf_query(WASM_BPF_POSSIBLE_CPUS));
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_PRINT_H */
