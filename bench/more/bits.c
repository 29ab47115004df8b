/* 64-bit tricks: population counts, leading and trailing zeros, rotations, byte swaps, a bitmap and xxHash's rounds. */
#include <stdint.h>

static uint64_t map[4096];

static uint64_t rotl(uint64_t x, int n)
{
    return x << n | x >> (64 - n & 63);
}

__attribute__((export_name("run"))) int run(int rounds)
{
    uint64_t x = 0x9E3779B97F4A7C15u, h = 1, sum = 0;

    for (int i = 0; i < 4096; i++)
        map[i] = 0;
    for (int r = 0; r < rounds; r++) {
        for (int i = 0; i < 4096; i++) {
            x += 0x9E3779B97F4A7C15u;
            uint64_t z = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;

            z ^= z >> 27;
            map[z >> 52] ^= 1ull << (z & 63);
            h = rotl(h + z * 0xC2B2AE3D27D4EB4Fu, 31) * 0x9E3779B185EBCA87u;
            sum += __builtin_ctzll(z | 1ull << 63) + __builtin_clzll(z | 1);
            sum ^= __builtin_bswap64(h);
        }
        for (int i = 0; i < 4096; i++)
            sum += __builtin_popcountll(map[i]);
        for (int i = 0; i < 64; i++)
            for (uint64_t w = map[i]; w; w &= w - 1)
                sum = rotl(sum, __builtin_ctzll(w) & 31);
    }
    return (uint32_t)(sum ^ sum >> 32 ^ h);
}
