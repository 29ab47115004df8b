/* Base64 there and back, with a table of characters and one of values. */
#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static int8_t values[256];
static uint8_t plain[48000], back[48000];
static char coded[64001];

static int encode(const uint8_t *in, int n, char *out)
{
    char *start = out;

    for (; n >= 3; n -= 3, in += 3) {
        uint32_t x = in[0] << 16 | in[1] << 8 | in[2];

        *out++ = alphabet[x >> 18];
        *out++ = alphabet[x >> 12 & 63];
        *out++ = alphabet[x >> 6 & 63];
        *out++ = alphabet[x & 63];
    }
    *out = 0;
    return out - start;
}

static int decode(const char *in, uint8_t *out)
{
    uint8_t *start = out;
    uint32_t x = 0;
    int bits = 0;

    for (; *in; in++) {
        int v = values[(uint8_t)*in];

        if (v < 0)
            continue;
        x = x << 6 | v;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *out++ = x >> bits;
        }
    }
    return out - start;
}

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t sum = 0;

    for (int i = 0; i < 256; i++)
        values[i] = -1;
    for (int i = 0; i < 64; i++)
        values[(uint8_t)alphabet[i]] = i;
    for (int i = 0; i < (int)sizeof plain; i++)
        plain[i] = i * 31 ^ i >> 5;
    for (int r = 0; r < rounds; r++) {
        int n = encode(plain, sizeof plain, coded);

        n += decode(coded, back);
        for (int i = 0; i < (int)sizeof back; i += 97)
            sum = sum * 31 + back[i];
        sum += n;
        plain[r % sizeof plain]++;
    }
    return sum;
}
