/* What C programs do to strings: length, comparison, search, copy to lower case, splitting at commas. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

static char lines[200][96];
static char lower[96];

static int length(const char *s)
{
    const char *p = s;

    while (*p)
        p++;
    return p - s;
}

static int compare(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (uint8_t)*a - (uint8_t)*b;
}

static const char *search(const char *s, const char *wanted)
{
    for (; *s; s++) {
        int i = 0;

        while (wanted[i] && s[i] == wanted[i])
            i++;
        if (!wanted[i])
            return s;
    }
    return 0;
}

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t x = 5, sum = 0;

    for (int i = 0; i < 200; i++) {
        int n = 20 + i % 70;

        for (int k = 0; k < n; k++) {
            x = x * 1664525 + 1013904223;
            lines[i][k] = x >> 29 ? "EtaoinSHRDLU/usr"[x >> 24 & 15] : ',';
        }
        lines[i][n] = 0;
    }
    for (int r = 0; r < rounds; r++)
        for (int i = 0; i < 200; i++) {
            const char *s = lines[i], *hit = search(s, "in"), *comma;
            int fields = 1;

            for (comma = s; (comma = strchr(comma, ',')); comma++)
                fields++;
            sum = sum * 31 + length(s) + fields + (hit ? hit - s : -1);
            sum += compare(s, lines[(i + r) % 200]);
            sum ^= memcmp(s, lines[(i + 70) % 200], 16) < 0;
            for (char *to = lower; (*to = tolower(*s)); s++)
                to++;
            sum += strstr(lower, "use") != 0;
            sum += strlen(lower) + (strcmp(lower, lines[i]) > 0);
        }
    return sum;
}
