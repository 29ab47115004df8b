/* Large numbers in limbs of 32 bits: factorials, division by small ones, decimal digits. */
#include <stdint.h>

static uint32_t limbs[4000];
static int used;

static void multiply(uint32_t by)
{
    uint64_t carry = 0;

    for (int i = 0; i < used; i++) {
        carry += (uint64_t)limbs[i] * by;
        limbs[i] = carry;
        carry >>= 32;
    }
    if (carry)
        limbs[used++] = carry;
}

static uint32_t divide(uint32_t by)
{
    uint64_t rest = 0;

    for (int i = used - 1; i >= 0; i--) {
        rest = rest << 32 | limbs[i];
        limbs[i] = rest / by;
        rest %= by;
    }
    while (used && !limbs[used - 1])
        used--;
    return rest;
}

__attribute__((export_name("run"))) int run(int n)
{
    uint32_t sum = 0;

    limbs[0] = 1;
    used = 1;
    for (int i = 2; i <= n; i++)
        multiply(i);
    while (used)
        sum = sum * 31 + divide(1000000000);
    return sum;
}
