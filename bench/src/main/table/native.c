/* NATIVE ARGUMENT SECONDS: what wasmbpf.bench.table.EngineRun does, for a workload built for this machine. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int run(int);

static double cpu_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    double first = cpu_ms(), best = 1e300;
    int result = 0;

    for (int runs = 0; runs < 3 || cpu_ms() - first < atof(argv[2]) * 1e3; runs++) {
        double before = cpu_ms(), ms;

        result = run(atoi(argv[1]));
        ms = cpu_ms() - before;
        best = ms < best ? ms : best;
    }
    printf("RESULT %d\nCPU-MS %.3f\n", result, best);
    return 0;
}
