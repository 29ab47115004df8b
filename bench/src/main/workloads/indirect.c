/* Calls through a table of four. */
#include <stdint.h>

typedef uint32_t (*operation)(uint32_t, uint32_t);

static uint32_t add(uint32_t a, uint32_t b) { return a + b; }
static uint32_t xor(uint32_t a, uint32_t b) { return a ^ b; }
static uint32_t triple(uint32_t a, uint32_t b) { return a * 3 + b; }
static uint32_t shift(uint32_t a, uint32_t b) { return (a << 5) - b; }

static operation volatile table[4] = {add, xor, triple, shift};

__attribute__((export_name("run"))) int run(int n)
{
    uint32_t x = 1;

    for (int i = 0; i < n; i++) {
        x = table[(x >> 3) & 3](x, i);
        x = table[i & 3](x, 7);
    }
    return x;
}
