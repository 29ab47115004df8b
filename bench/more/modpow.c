/* Miller-Rabin: 64-bit products modulo a number of 32 bits, and modulo 2^61 - 1 by halves. */
#include <stdint.h>

static uint64_t power(uint64_t b, uint64_t e, uint64_t m)
{
    uint64_t r = 1;

    for (b %= m; e; e >>= 1) {
        if (e & 1)
            r = r * b % m;
        b = b * b % m;
    }
    return r;
}

static int prime(uint32_t n)
{
    static const uint32_t bases[3] = {2, 7, 61};
    uint32_t d = n - 1;
    int s = 0;

    while (!(d & 1))
        d >>= 1, s++;
    for (int i = 0; i < 3; i++) {
        uint64_t x = power(bases[i], d, n);
        int r = 0;

        if (x == 1 || x == n - 1)
            continue;
        for (r = 1; r < s && x != n - 1; r++)
            x = x * x % n;
        if (x != n - 1)
            return 0;
    }
    return 1;
}

/* a * b mod 2^61 - 1 */
static uint64_t product61(uint64_t a, uint64_t b)
{
    const uint64_t m = (1ull << 61) - 1;
    uint64_t al = a & 0xFFFFFFFF, ah = a >> 32, bl = b & 0xFFFFFFFF, bh = b >> 32;
    uint64_t mid = al * bh + ah * bl;
    uint64_t r = ah * bh * 8 + (mid >> 29) + ((mid << 32) & m) + (al * bl >> 61) + (al * bl & m);

    r = (r & m) + (r >> 61);
    return r >= m ? r - m : r;
}

__attribute__((export_name("run"))) int run(int numbers)
{
    uint32_t sum = 0;
    uint64_t x = 123456789;

    for (int i = 0; i < numbers; i++) {
        sum = sum * 3 + prime(3000000001u + 2 * i);
        for (int k = 0; k < 20; k++)
            x = product61(x, x + i);
        sum ^= (uint32_t)x;
    }
    return sum;
}
