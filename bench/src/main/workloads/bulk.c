/* memory.copy and memory.fill (-mbulk-memory) of 1 byte to 64 KiB, overlapping ones too. */
#include <stdint.h>
#include <string.h>

#define N (1 << 18)

static uint8_t memory[N];

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t x = 1, sum = 0;

    for (int r = 0; r < rounds; r++) {
        for (int shift = 0; shift <= 16; shift++) {
            uint32_t size = 1u << shift, from, to;

            x = x * 1664525u + 1013904223u;
            from = x >> 8 & (N / 2 - 1);
            x = x * 1664525u + 1013904223u;
            to = x >> 8 & (N / 2 - 1);
            memset(memory + from, r + shift, size);
            memmove(memory + to, memory + from, size);
            memory[to] ^= (uint8_t)x;
            sum = sum * 31 + memory[to + size / 2] + memory[from];
        }
    }
    return sum;
}
