// A guest that handles signals: it waits for one, then works for some milliseconds of its own and ends with status 7.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

__attribute__((import_module("wasm_bpf"), import_name("wasm_bpf_signal"))) int wasm_bpf_signal(int operation, int signal);

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
    struct timespec wait = {.tv_nsec = 10000000};
    long long end;
    int signal;

    printf("ready\n");
    fflush(stdout);
    while (!(signal = wasm_bpf_signal(0, 0)))
        nanosleep(&wait, NULL);
    for (end = now() + atoi(argv[1]); now() < end;)
        ;
    printf("finished after signal %d\n", signal);
    return 7;
}
