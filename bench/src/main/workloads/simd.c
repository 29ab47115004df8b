/* Vectors of 128 bits (-msimd128): a filter over bytes and a dot product of floats. */
#include <stdint.h>

typedef uint8_t bytes __attribute__((vector_size(16)));
typedef uint16_t shorts __attribute__((vector_size(16)));
typedef uint16_t wide __attribute__((vector_size(32)));
typedef float floats __attribute__((vector_size(16)));

#define N 65536

static bytes image[N / 16 + 2], blurred[N / 16];
static floats a[N / 4], b[N / 4];

/* Each byte becomes the mean of itself and its neighbours in the vectors before and behind. */
static void blur(void)
{
    for (int i = 0; i < N / 16; i++) {
        wide sum = __builtin_convertvector(image[i], wide) + 2 * __builtin_convertvector(image[i + 1], wide) +
                   __builtin_convertvector(image[i + 2], wide);
        bytes mean = __builtin_convertvector(sum >> 2, bytes);

        blurred[i] = mean + 1 + 2 * (bytes)(mean > 127); /* true is -1 */
    }
}

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t sum = 0;

    for (int i = 0; i < N + 32; i++)
        ((uint8_t *)image)[i] = i * 7 + (i >> 5);
    for (int i = 0; i < N; i++) {
        ((float *)a)[i] = i & 15;
        ((float *)b)[i] = 1 + (i & 3);
    }
    for (int r = 0; r < rounds; r++) {
        floats dot = {0};

        blur();
        for (int i = 0; i < N / 4; i++)
            dot += a[i] * b[i];
        for (int i = 0; i < N / 16; i++)
            image[i + 1] ^= blurred[i];
        sum = sum * 31 + (uint32_t)(dot[0] + dot[1] + dot[2] + dot[3]) + blurred[r & 4095][r & 15];
    }
    return sum;
}
