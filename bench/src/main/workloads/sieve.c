/* Bytes of a large static array. */
#define N 2000000

static unsigned char composite[N + 1];

__attribute__((export_name("run"))) int run(int rounds)
{
    int primes = 0;

    for (int r = 0; r < rounds; r++) {
        primes = 0;
        for (int i = 0; i <= N; i++)
            composite[i] = 0;
        for (int i = 2; i * i <= N; i++)
            if (!composite[i])
                for (int j = i * i; j <= N; j += i)
                    composite[j] = 1;
        for (int i = 2; i <= N; i++)
            primes += !composite[i];
    }
    return primes;
}
