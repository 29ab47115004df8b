/* The spectral norm of a matrix made of 1 / ((i + j) (i + j + 1) / 2 + i + 1): conversions and divisions. */
#include <math.h>

#define MAX 1000
static double u[MAX], v[MAX], t[MAX];

static double a(int i, int j)
{
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

static void times(const double *x, double *y, int n, int transposed)
{
    for (int i = 0; i < n; i++) {
        double sum = 0;

        for (int j = 0; j < n; j++)
            sum += (transposed ? a(j, i) : a(i, j)) * x[j];
        y[i] = sum;
    }
}

__attribute__((export_name("run"))) int run(int n)
{
    double vbv = 0, vv = 1e-300;

    for (int i = 0; i < n; i++)
        u[i] = 1;
    for (int i = 0; i < 10; i++) {
        times(u, t, n, 0);
        times(t, v, n, 1);
        times(v, t, n, 0);
        times(t, u, n, 1);
    }
    for (int i = 0; i < n; i++) {
        vbv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    return (int)(sqrt(vbv / vv) * 1e9);
}
