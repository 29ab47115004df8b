/* Calls: Ackermann, Takeuchi, and a function of ten parameters that calls itself. */
#include <stdint.h>

static int ackermann(int m, int n)
{
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static int tak(int x, int y, int z)
{
    return y >= x ? z : tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

__attribute__((noinline)) static int64_t many(int n, int a, int b, int c, int d, int64_t e, int64_t f, int g, int h, int i)
{
    if (n <= 0)
        return a + b + c + d + e + f + g + h + i;
    return many(n - 1, b, c, d, a ^ n, f, e + a, h, i, g + n) + many(n - 2, i, h, g, d, e ^ f, f, c, b, a);
}

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t sum = 0;

    for (int r = 0; r < rounds; r++) {
        sum += ackermann(2, 300 + r);
        sum = sum * 31 + tak(14, 8, r % 3);
        sum ^= (uint32_t)many(19, r, 2, 3, 4, 5, 6, 7, 8, 9);
    }
    return sum;
}
