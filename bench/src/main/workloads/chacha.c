/* ChaCha20 on vectors of 128 bits (-msimd128): additions, exclusive ors, rotations and shuffles of 32-bit lanes. */
#include <stdint.h>

typedef uint32_t words __attribute__((vector_size(16)));

#define BLOCKS 1024
#define TURNED(v, n) (((v) << (n)) | ((v) >> (32 - (n))))
#define LANES(v, a, b, c, d) __builtin_shufflevector(v, v, a, b, c, d)

static words out[4 * BLOCKS];

static inline void quarters(words *a, words *b, words *c, words *d)
{
    *a += *b;
    *d = TURNED(*d ^ *a, 16);
    *c += *d;
    *b = TURNED(*b ^ *c, 12);
    *a += *b;
    *d = TURNED(*d ^ *a, 8);
    *c += *d;
    *b = TURNED(*b ^ *c, 7);
}

static void block(words *to, const words state[4])
{
    words a = state[0], b = state[1], c = state[2], d = state[3];

    for (int i = 0; i < 10; i++) {
        quarters(&a, &b, &c, &d);
        b = LANES(b, 1, 2, 3, 0);
        c = LANES(c, 2, 3, 0, 1);
        d = LANES(d, 3, 0, 1, 2);
        quarters(&a, &b, &c, &d);
        b = LANES(b, 3, 0, 1, 2);
        c = LANES(c, 2, 3, 0, 1);
        d = LANES(d, 1, 2, 3, 0);
    }
    to[0] = a + state[0];
    to[1] = b + state[1];
    to[2] = c + state[2];
    to[3] = d + state[3];
}

__attribute__((export_name("run"))) int run(int rounds)
{
    words state[4] = {{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}, {1, 2, 3, 4}, {5, 6, 7, 8}, {0, 0, 9, 10}};
    uint32_t sum = 0;

    for (int r = 0; r < rounds; r++) {
        for (int i = 0; i < BLOCKS; i++) {
            state[3][0]++;
            block(out + 4 * i, state);
        }
        sum = sum * 31 + out[r % (4 * BLOCKS)][r & 3];
    }
    return sum;
}
