/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * wasm-bpf/format.h: printf for sources that count on 64-bit longs. stdio.h includes it in C with -DWASM_BPF_WIDE_FORMATS.
 *
 * What is a long, a size_t or a pointer on Linux may have 64 bits in a module while %ld, %zu and %p read 32: time_t has,
 * and members that a struct shares with a BPF program. printf, fprintf, sprintf, snprintf, dprintf and asprintf are then
 * macros that know which of their first 32 arguments have 64 bits and write the format's length modifiers anew ("ll") for
 * these; formats with positions (%1$d) stay as they are. Arguments are evaluated once.
 */
#ifndef WASM_BPF_FORMAT_H
#define WASM_BPF_FORMAT_H
#ifndef __cplusplus /* which has no _Generic */

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Writes the format for arguments of which those in wide, by bits, have 64 bits. out has room for twice its length. */
static inline void wasm_bpf__widen(const char *format, unsigned long long wide, char *out)
{
    unsigned int argument = 0;

    while (*format) {
        const char *modifiers;
        size_t length;
        bool is_wide;

        if (*format != '%') {
            *out++ = *format++;
            continue;
        }
        *out++ = *format++;
        length = strspn(format, "-+ #'0123456789.*");
        for (size_t i = 0; i < length; i++)
            argument += format[i] == '*';
        memcpy(out, format, length);
        out += length;
        modifiers = format += length;
        length = strspn(format, "hlqLjzt");
        format += length;
        if (!*format)
            break;
        is_wide = argument < 32 && wide >> argument & 1;
        if (*format != '%' && *format != 'm')
            argument++;
        if (is_wide && strchr("diouxXp", *format)) {
            if (*format == 'p')
                *out++ = '#';
            *out++ = 'l';
            *out++ = 'l';
            *out++ = *format == 'p' ? 'x' : *format;
        } else {
            memcpy(out, modifiers, length);
            out += length;
            *out++ = *format;
        }
        format++;
    }
    *out = 0;
}

#define WASM_BPF__FORMAT(format, wide)                                                                                 \
    char wasm_bpf__format[wide ? 2 * strlen(format) + 1 : 1];                                                          \
    if (wide && !strstr(format, "$"))                                                                                  \
        format = (wasm_bpf__widen(format, wide, wasm_bpf__format), wasm_bpf__format)

#define WASM_BPF__PRINTER(name, parameters, format, wide_at, call)                                                     \
    __attribute__((format(printf, wide_at + 1, wide_at + 2))) static inline int name parameters                        \
    {                                                                                                                  \
        va_list list;                                                                                                  \
        int result;                                                                                                    \
                                                                                                                       \
        WASM_BPF__FORMAT(format, wide);                                                                                \
        va_start(list, format);                                                                                        \
        result = call;                                                                                                 \
        va_end(list);                                                                                                  \
        return result;                                                                                                 \
    }

WASM_BPF__PRINTER(wasm_bpf__printf, (unsigned long long wide, const char *format, ...), format, 1, vprintf(format, list))
WASM_BPF__PRINTER(wasm_bpf__fprintf, (FILE * stream, unsigned long long wide, const char *format, ...), format, 2,
                  vfprintf(stream, format, list))
WASM_BPF__PRINTER(wasm_bpf__sprintf, (char *to, unsigned long long wide, const char *format, ...), format, 2,
                  vsprintf(to, format, list))
WASM_BPF__PRINTER(wasm_bpf__snprintf, (char *to, size_t size, unsigned long long wide, const char *format, ...), format, 3,
                  vsnprintf(to, size, format, list))
WASM_BPF__PRINTER(wasm_bpf__dprintf, (int fd, unsigned long long wide, const char *format, ...), format, 2,
                  vdprintf(fd, format, list))
#ifdef _GNU_SOURCE
WASM_BPF__PRINTER(wasm_bpf__asprintf, (char **to, unsigned long long wide, const char *format, ...), format, 2,
                  vasprintf(to, format, list))
#endif

#define WASM_BPF__BIT(i, argument)                                                                                     \
    ((unsigned long long)_Generic((argument), long long: 1, unsigned long long: 1, default: 0) << i)
#define WASM_BPF__BITS(format, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18,    \
                       a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, ...)                           \
    (WASM_BPF__BIT(0, a0) | WASM_BPF__BIT(1, a1) | WASM_BPF__BIT(2, a2) | WASM_BPF__BIT(3, a3) |                       \
     WASM_BPF__BIT(4, a4) | WASM_BPF__BIT(5, a5) | WASM_BPF__BIT(6, a6) | WASM_BPF__BIT(7, a7) |                       \
     WASM_BPF__BIT(8, a8) | WASM_BPF__BIT(9, a9) | WASM_BPF__BIT(10, a10) | WASM_BPF__BIT(11, a11) |                   \
     WASM_BPF__BIT(12, a12) | WASM_BPF__BIT(13, a13) | WASM_BPF__BIT(14, a14) | WASM_BPF__BIT(15, a15) |               \
     WASM_BPF__BIT(16, a16) | WASM_BPF__BIT(17, a17) | WASM_BPF__BIT(18, a18) | WASM_BPF__BIT(19, a19) |               \
     WASM_BPF__BIT(20, a20) | WASM_BPF__BIT(21, a21) | WASM_BPF__BIT(22, a22) | WASM_BPF__BIT(23, a23) |               \
     WASM_BPF__BIT(24, a24) | WASM_BPF__BIT(25, a25) | WASM_BPF__BIT(26, a26) | WASM_BPF__BIT(27, a27) |               \
     WASM_BPF__BIT(28, a28) | WASM_BPF__BIT(29, a29) | WASM_BPF__BIT(30, a30) | WASM_BPF__BIT(31, a31))
#define WASM_BPF__WIDE(...)                                                                                            \
    WASM_BPF__BITS(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
                   0, 0, 0, 0)

#define printf(...) wasm_bpf__printf(WASM_BPF__WIDE(__VA_ARGS__), __VA_ARGS__)
#define fprintf(stream, ...) wasm_bpf__fprintf(stream, WASM_BPF__WIDE(__VA_ARGS__), __VA_ARGS__)
#define sprintf(to, ...) wasm_bpf__sprintf(to, WASM_BPF__WIDE(__VA_ARGS__), __VA_ARGS__)
#define snprintf(to, size, ...) wasm_bpf__snprintf(to, size, WASM_BPF__WIDE(__VA_ARGS__), __VA_ARGS__)
#define dprintf(fd, ...) wasm_bpf__dprintf(fd, WASM_BPF__WIDE(__VA_ARGS__), __VA_ARGS__)
#ifdef _GNU_SOURCE
#define asprintf(to, ...) wasm_bpf__asprintf(to, WASM_BPF__WIDE(__VA_ARGS__), __VA_ARGS__)
#endif

#endif /* __cplusplus */
#endif /* WASM_BPF_FORMAT_H */
