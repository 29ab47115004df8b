/* A module of 2 MB, to be decoded, validated and instantiated: 4,096 functions of a few hundred bytes each, all different. */
#include <stdint.h>

static uint32_t memory[1024];

#define FUNCTION(n)                                                                  \
    static uint32_t f##n(uint32_t x, uint64_t y, double z)                           \
    {                                                                                \
        uint32_t sum = x * (0x##n##u * 2654435761u | 1);                             \
                                                                                     \
        for (uint32_t i = 0; i < (x & 15); i++) {                                    \
            memory[(x + i) & 1023] += sum ^ i;                                       \
            switch ((sum >> i) & 15) {                                               \
            case 0: sum += memory[(sum + 0x##n) & 1023]; break;                      \
            case 1: sum ^= (uint32_t)(y >> (i & 31)); break;                         \
            case 2: sum -= z > i ? 0x##n : i; break;                                 \
            case 3: sum = sum << 7 | sum >> 25; break;                               \
            case 4: z = z * 1.5 + 0x##n; break;                                      \
            case 5: y = y * 0x##n##1 + sum; break;                                   \
            case 6: sum *= 3; break;                                                 \
            case 7: z = z / (sum + 1.0) - i; break;                                  \
            case 8: y ^= (uint64_t)sum << (x & 31) | 0x##n; break;                   \
            case 9: sum = sum % (i + 0x##n##3) + x; break;                           \
            case 10: memory[sum & 1023] = (uint32_t)(int32_t)(float)x + 0x##n; break; \
            case 11: sum += (int8_t)y + (int16_t)sum; break;                         \
            case 12: if ((int32_t)sum < 0) x ^= 0x##n; else x += sum; break;         \
            default: return sum;                                                     \
            }                                                                        \
        }                                                                            \
        return sum + (uint32_t)y + (z < 0x##n);                                      \
    }

#define EACH16(m, p) m(p##0) m(p##1) m(p##2) m(p##3) m(p##4) m(p##5) m(p##6) m(p##7) m(p##8) m(p##9) m(p##a) m(p##b) m(p##c) m(p##d) m(p##e) m(p##f)
#define EACH256(m, p) EACH16(m, p##0) EACH16(m, p##1) EACH16(m, p##2) EACH16(m, p##3) EACH16(m, p##4) EACH16(m, p##5) EACH16(m, p##6) EACH16(m, p##7) \
    EACH16(m, p##8) EACH16(m, p##9) EACH16(m, p##a) EACH16(m, p##b) EACH16(m, p##c) EACH16(m, p##d) EACH16(m, p##e) EACH16(m, p##f)
#define EACH(m) EACH256(m, 0) EACH256(m, 1) EACH256(m, 2) EACH256(m, 3) EACH256(m, 4) EACH256(m, 5) EACH256(m, 6) EACH256(m, 7) \
    EACH256(m, 8) EACH256(m, 9) EACH256(m, a) EACH256(m, b) EACH256(m, c) EACH256(m, d) EACH256(m, e) EACH256(m, f)

EACH(FUNCTION)

#define NAME(n) f##n,

static uint32_t (*const functions[4096])(uint32_t, uint64_t, double) = {EACH(NAME)};

__attribute__((export_name("run"))) int run(int n)
{
    return functions[n & 4095](n, n * 3, n);
}
