/* A printf of one's own: decimal, hexadecimal, 64 bits, padding, strings, by varargs. */
#include <stdarg.h>
#include <stdint.h>

static char *number(char *to, uint64_t value, int base, int width, char pad, int negative)
{
    char digits[24];
    int n = 0;

    do
        digits[n++] = "0123456789abcdef"[value % base];
    while (value /= base);
    if (negative)
        digits[n++] = '-';
    while (width-- > n)
        *to++ = pad;
    while (n)
        *to++ = digits[--n];
    return to;
}

static int format(char *out, const char *how, ...)
{
    char *to = out;
    va_list args;

    va_start(args, how);
    for (; *how; how++) {
        int width = 0, left = 0, wide = 0;
        char pad = ' ';

        if (*how != '%') {
            *to++ = *how;
            continue;
        }
        if (*++how == '-')
            left = 1, how++;
        if (*how == '0')
            pad = '0', how++;
        while (*how >= '0' && *how <= '9')
            width = width * 10 + *how++ - '0';
        while (*how == 'l')
            wide++, how++;
        switch (*how) {
        case 'd': {
            int64_t v = wide ? va_arg(args, int64_t) : va_arg(args, int);

            to = number(to, v < 0 ? -(uint64_t)v : v, 10, width, pad, v < 0);
            break;
        }
        case 'u':
            to = number(to, wide ? va_arg(args, uint64_t) : va_arg(args, unsigned), 10, width, pad, 0);
            break;
        case 'x':
            to = number(to, wide ? va_arg(args, uint64_t) : va_arg(args, unsigned), 16, width, pad, 0);
            break;
        case 's': {
            const char *s = va_arg(args, const char *), *end = s;

            while (*end)
                end++;
            for (int i = end - s; !left && i < width; i++)
                *to++ = ' ';
            for (width -= end - s; s < end; s++)
                *to++ = *s;
            while (left && width-- > 0)
                *to++ = ' ';
            break;
        }
        case 'c':
            *to++ = va_arg(args, int);
            break;
        default:
            *to++ = *how;
        }
    }
    va_end(args);
    *to = 0;
    return to - out;
}

__attribute__((export_name("run"))) int run(int lines)
{
    static const char *const names[4] = {"sh", "systemd", "kworker/0:1", "java"};
    char line[200];
    uint32_t sum = 0;

    for (int i = 0; i < lines; i++) {
        uint32_t x = i * 2654435761u;
        int n = format(line, "%-16s %5d %08x %llu.%03u %c %lld\n", names[x >> 30], i, x, (uint64_t)x * x, x % 1000,
                       'A' + x % 26, -(int64_t)x * i);

        for (int k = 0; k < n; k += 5)
            sum = sum * 31 + line[k];
        sum += n;
    }
    return sum;
}
