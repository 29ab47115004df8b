/* Numbers between their types, rounded, clamped and compared; floor, ceil, fabs, min and max. */
#include <math.h>
#include <stdint.h>

#define N 1024
static float f[N];
static double d[N];
static int32_t i32[N];
static uint64_t u64[N];
static uint8_t bytes[N];

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t sum = 0;

    for (int i = 0; i < N; i++)
        i32[i] = i * 2654435761u >> 7;
    for (int r = 0; r < rounds; r++) {
        for (int i = 0; i < N; i++)
            f[i] = i32[i] * 0.37f + r;
        for (int i = 0; i < N; i++)
            d[i] = floor(f[i] / 3.0) + fabs(ceil(f[i]) - 1e6);
        for (int i = 0; i < N; i++)
            u64[i] = (uint64_t)d[i] * 3;
        for (int i = 0; i < N; i++) {
            double x = (double)u64[i] / 65536;

            x = fmin(fmax(x, 10), 250);
            bytes[i] = (uint8_t)(unsigned)x;
        }
        for (int i = 0; i < N; i++)
            i32[i] = (int32_t)(f[i] * 0.5f) + bytes[i] - (int32_t)(int64_t)(d[i] * 0.25);
        for (int i = 0; i < N; i += 33)
            sum = sum * 31 + i32[i];
        for (int i = 0; i < N; i++)
            i32[i] &= 0xFFFFFF;
    }
    return sum;
}
