/*
 * What clang makes of plain loops with -msimd128: a[i] += k * b[i] on floats, sums of products of bytes (extmul or extend, dot),
 * ints to doubles and back to floats.
 */
#include <stdint.h>

#define N 16384

static float a[N], b[N];
static int8_t x[N], y[N];
static int32_t ints[N];
static double doubles[N];

static void add(float *restrict to, const float *restrict from, float k)
{
    for (int i = 0; i < N; i++)
        to[i] += k * from[i];
}

static int32_t products(const int8_t *p, const int8_t *q)
{
    int32_t sum = 0;

    for (int i = 0; i < N; i++)
        sum += p[i] * q[i];
    return sum;
}

static void convert(float *restrict to, double *restrict by, const int32_t *restrict from)
{
    for (int i = 0; i < N; i++)
        by[i] = from[i] * 0.5;
    for (int i = 0; i < N; i++)
        to[i] = (float)(by[i] + 1);
}

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t sum = 0;

    for (int i = 0; i < N; i++) {
        a[i] = 0;
        x[i] = i * 7;
        y[i] = i * 3 + 1;
        ints[i] = i * 77 & 0xFFFF;
    }
    for (int r = 0; r < rounds; r++) {
        convert(b, doubles, ints);
        add(a, b, (r & 7) - 3.5f);
        sum = sum * 31 + products(x, y) + (int32_t)(a[r % N] * 0.125f);
        x[r % N]++;
        ints[r % N] = r & 0xFF;
    }
    return sum;
}
