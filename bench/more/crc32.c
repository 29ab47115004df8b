/* A checksum by a table: a load that depends on the one before, for each byte. */
#include <stdint.h>

static uint32_t table[256];
static uint8_t data[65536];

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t crc = 0;

    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;

        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xEDB88320u ^ c >> 1 : c >> 1;
        table[i] = c;
    }
    for (int i = 0; i < (int)sizeof data; i++)
        data[i] = i * 7 + (i >> 8);
    for (int r = 0; r < rounds; r++) {
        uint32_t c = ~crc;

        for (int i = 0; i < (int)sizeof data; i++)
            c = table[(c ^ data[i]) & 0xFF] ^ c >> 8;
        crc = ~c;
    }
    return crc;
}
