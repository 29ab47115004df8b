/* Greatest common divisors: by remainders, and by shifts and differences, where which number is smaller is as good as random. */
#include <stdint.h>

static uint32_t by_remainders(uint32_t a, uint32_t b)
{
    while (b) {
        uint32_t r = a % b;

        a = b;
        b = r;
    }
    return a;
}

static uint32_t by_differences(uint32_t a, uint32_t b)
{
    int twos = __builtin_ctz(a | b);

    a >>= __builtin_ctz(a);
    do {
        uint32_t smaller, larger;

        b >>= __builtin_ctz(b);
        smaller = a < b ? a : b;
        larger = a < b ? b : a;
        a = smaller;
        b = larger - smaller;
    } while (b);
    return a << twos;
}

__attribute__((export_name("run"))) int run(int pairs)
{
    uint32_t x = 1, sum = 0;

    for (int i = 0; i < pairs; i++) {
        uint32_t a, b;

        x ^= x << 13, x ^= x >> 17, x ^= x << 5;
        a = x;
        x ^= x << 13, x ^= x >> 17, x ^= x << 5;
        b = x;
        sum = sum * 31 + by_remainders(a, b) + by_differences(a, b);
    }
    return sum;
}
