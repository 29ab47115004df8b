/* SHA-256 of MiB megabytes (FIPS 180-4, section 6.2; without padding): rotations, a table, a small array on the stack. */
#include <stdint.h>

static uint32_t k[64], state[8];
static uint8_t buffer[1 << 16];

static uint32_t rotr(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

/* The first 32 bits of the fractional part of the root of a prime, found by bisection in integers. */
static uint32_t root_bits(uint32_t prime, int power)
{
    uint64_t low = 0, high = 1ull << 36;

    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;
        unsigned __int128 value = (unsigned __int128)middle * middle;
        int bits = 64;

        if (power == 3) {
            value = (value >> 32) * middle;
            bits = 64;
        }
        if (value <= (unsigned __int128)prime << bits)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static void setup(void)
{
    int found = 0;

    for (uint32_t n = 2; found < 64; n++) {
        int prime = 1;

        for (uint32_t d = 2; d * d <= n; d++)
            if (n % d == 0)
                prime = 0;
        if (prime) {
            if (found < 8)
                state[found] = root_bits(n, 2);
            k[found++] = root_bits(n, 3);
        }
    }
}

static void block(const uint8_t *p)
{
    uint32_t w[64], v[8];

    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | p[4 * i + 1] << 16 | p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ w[i - 2] >> 10;

        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    for (int i = 0; i < 8; i++)
        v[i] = state[i];
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = rotr(v[4], 6) ^ rotr(v[4], 11) ^ rotr(v[4], 25);
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t t1 = v[7] + s1 + choice + k[i] + w[i];
        uint32_t s0 = rotr(v[0], 2) ^ rotr(v[0], 13) ^ rotr(v[0], 22);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);

        v[7] = v[6];
        v[6] = v[5];
        v[5] = v[4];
        v[4] = v[3] + t1;
        v[3] = v[2];
        v[2] = v[1];
        v[1] = v[0];
        v[0] = t1 + s0 + majority;
    }
    for (int i = 0; i < 8; i++)
        state[i] += v[i];
}

__attribute__((export_name("run"))) int run(int mib)
{
    setup();
    for (int i = 0; i < 1 << 16; i++)
        buffer[i] = i * 7;
    for (int m = 0; m < mib * 16; m++)
        for (int i = 0; i < 1 << 16; i += 64)
            block(buffer + i);
    return state[0];
}
