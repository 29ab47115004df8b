/* A fast Fourier transform of complex doubles in place, and a blur of a grid of floats. */
#include <math.h>
#include <stdint.h>

#define N 4096
static double re[N], im[N], cosines[N / 2], sines[N / 2];
static float grid[128][128], next[128][128];

static void transform(void)
{
    for (int i = 1, j = 0; i < N; i++) {
        int bit = N >> 1;

        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            double t = re[i];

            re[i] = re[j];
            re[j] = t;
            t = im[i];
            im[i] = im[j];
            im[j] = t;
        }
    }
    for (int size = 2; size <= N; size *= 2)
        for (int start = 0; start < N; start += size)
            for (int k = 0; k < size / 2; k++) {
                double c = cosines[k * (N / size)], s = sines[k * (N / size)];
                int a = start + k, b = a + size / 2;
                double x = re[b] * c - im[b] * s, y = re[b] * s + im[b] * c;

                re[b] = re[a] - x;
                im[b] = im[a] - y;
                re[a] += x;
                im[a] += y;
            }
}

static void blur(void)
{
    for (int y = 1; y < 127; y++)
        for (int x = 1; x < 127; x++)
            next[y][x] = grid[y][x] * 0.5f + (grid[y - 1][x] + grid[y + 1][x] + grid[y][x - 1] + grid[y][x + 1]) * 0.125f;
    for (int y = 1; y < 127; y++)
        for (int x = 1; x < 127; x++)
            grid[y][x] = next[y][x];
}

__attribute__((export_name("run"))) int run(int rounds)
{
    double c = 1, s = 0, c1 = 0.99999882345170188, s1 = 0.0015339801862847655;
    uint32_t sum = 0;

    for (int i = 0; i < N / 2; i++) {
        double t = c * c1 - s * s1;

        cosines[i] = c;
        sines[i] = s;
        s = s * c1 + c * s1;
        c = t;
    }
    for (int i = 0; i < N; i++) {
        re[i] = i % 17;
        im[i] = i % 5;
    }
    for (int i = 0; i < 128 * 128; i++)
        grid[0][i] = i % 251;
    for (int r = 0; r < rounds; r++) {
        transform();
        for (int i = 0; i < N; i++) {
            re[i] /= 64;
            im[i] /= 64;
        }
        blur();
        sum = sum * 31 + (int)(grid[64][r % 128] * 16);
    }
    return sum + (int)(re[7] * 1e3);
}
