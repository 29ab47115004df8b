/* Edit distance: a row of ints, the least of three. */
#include <stdint.h>

#define N 1000
static char a[N + 1], b[N + 1];
static int row[N + 1];

static int distance(int n, int m)
{
    for (int j = 0; j <= m; j++)
        row[j] = j;
    for (int i = 1; i <= n; i++) {
        int corner = row[0];

        row[0] = i;
        for (int j = 1; j <= m; j++) {
            int best = corner + (a[i - 1] != b[j - 1]);

            corner = row[j];
            if (corner + 1 < best)
                best = corner + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[m];
}

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t x = 7, sum = 0;

    for (int r = 0; r < rounds; r++) {
        for (int i = 0; i < N; i++) {
            x = x * 1664525 + 1013904223;
            a[i] = 'a' + (x >> 24) % 8;
            b[i] = x >> 28 ? a[i] : 'x';
        }
        sum = sum * 31 + distance(N, N - r);
    }
    return sum;
}
