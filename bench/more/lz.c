/* A compressor of the LZ77 family with a hash of four bytes, and its decompressor. */
#include <stdint.h>
#include <string.h>

#define N 100000
static uint8_t text[N], packed[2 * N], back[N];
static int heads[4096];

static uint32_t word(const uint8_t *p)
{
    uint32_t x;

    memcpy(&x, p, 4);
    return x;
}

static int compress(const uint8_t *in, int n, uint8_t *out)
{
    uint8_t *start = out;
    int at = 0, literals = 0;

    memset(heads, 0xFF, sizeof heads);
    while (at + 8 < n) {
        uint32_t w = word(in + at), h = w * 2654435761u >> 20;
        int before = heads[h];

        heads[h] = at;
        if (before >= 0 && at - before < 65536 && word(in + before) == w) {
            int length = 4;

            while (at + length < n && length < 250 && in[before + length] == in[at + length])
                length++;
            *out++ = literals;
            memcpy(out, in + at - literals, literals);
            out += literals;
            *out++ = length;
            *out++ = at - before;
            *out++ = (at - before) >> 8;
            at += length;
            literals = 0;
        } else {
            at++;
            if (++literals == 255) {
                *out++ = 255;
                memcpy(out, in + at - 255, 255);
                out += 255;
                *out++ = 0;
                literals = 0;
            }
        }
    }
    literals += n - at;
    *out++ = literals;
    memcpy(out, in + n - literals, literals);
    return out + literals - start;
}

static int expand(const uint8_t *in, int n, uint8_t *out)
{
    const uint8_t *end = in + n;
    uint8_t *start = out;

    while (in < end) {
        int literals = *in++;

        for (int i = 0; i < literals; i++)
            *out++ = *in++;
        if (in >= end)
            break;
        int length = *in++;
        if (length) {
            const uint8_t *from = out - (in[0] | in[1] << 8);

            in += 2;
            while (length--)
                *out++ = *from++;
        }
    }
    return out - start;
}

__attribute__((export_name("run"))) int run(int rounds)
{
    static const char *const words[8] = {"the ", "kernel ", "event ", "of ", "a ", "process ", "exits ", "0x"};
    uint32_t x = 3, sum = 0;

    for (int r = 0; r < rounds; r++) {
        for (int i = 0; i < N;) {
            x = x * 1664525 + 1013904223;
            for (const char *w = words[x >> 29]; *w && i < N; w++)
                text[i++] = *w;
            if (!(x >> 8 & 7) && i < N)
                text[i++] = x >> 16;
        }
        int size = compress(text, N, packed);
        int n = expand(packed, size, back);

        sum = sum * 31 + size + n + !memcmp(text, back, N);
    }
    return sum;
}
