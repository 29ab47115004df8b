/* Integer arithmetic in registers: a xorshift generator and a branch nobody can predict. */
#include <stdint.h>

__attribute__((export_name("run"))) int run(int n)
{
    uint32_t x = 123456789u, sum = 0;

    for (int i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        sum += (x * 2654435761u) >> 7;
        if (x & 1)
            sum ^= x;
        else
            sum -= i;
    }
    return sum;
}
