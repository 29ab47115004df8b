/* A ring of records as the kernel's: length words, records of 168 bytes copied out of it and counted in a histogram. */
#include <stdint.h>
#include <string.h>

struct event {
    uint32_t pid, ppid, exitCode, flags;
    uint64_t duration;
    char comm[16];
    char file[128];
};

#define SIZE (1 << 16)
static uint8_t ring[2 * SIZE];
static uint64_t producer, consumer;
static uint32_t histogram[64], exits[256];
static uint32_t hash;

static void produce(uint32_t x)
{
    struct event e = {.pid = x >> 12, .ppid = x >> 20, .exitCode = x & 255, .flags = x & 1, .duration = (uint64_t)x << (x & 15)};
    uint32_t at = producer & SIZE - 1;
    uint32_t length = sizeof e;

    memcpy(e.comm, "systemd-journal", 16);
    memcpy(e.file, "/usr/lib/systemd/systemd-journald", 34);
    memcpy(ring + at, &length, 4);
    memcpy(ring + at + 8, &e, sizeof e);
    if (at + 8 + sizeof e > SIZE)
        memcpy(ring, ring + SIZE, at + 8 + sizeof e - SIZE);
    producer += 8 + sizeof e;
}

__attribute__((noinline)) static int handle(void *context, const void *data, uint32_t size)
{
    struct event e;
    int slot = 0;

    if (size < sizeof e)
        return -1;
    memcpy(&e, data, sizeof e);
    for (uint64_t us = e.duration / 1000; us > 1; us >>= 1)
        slot++;
    histogram[slot]++;
    exits[e.exitCode]++;
    for (const char *s = e.comm; *s; s++)
        hash = (hash ^ (uint8_t)*s) * 16777619u;
    hash += e.pid + e.ppid + *(uint32_t *)context;
    return 0;
}

static int drain(int (*callback)(void *, const void *, uint32_t), void *context)
{
    int n = 0;

    while (consumer < producer) {
        uint32_t at = consumer & SIZE - 1, length;

        memcpy(&length, ring + at, 4);
        if (at + 8 + length > SIZE)
            memcpy(ring + SIZE, ring, at + 8 + length - SIZE);
        if (callback(context, ring + at + 8, length) < 0)
            break;
        consumer += 8 + length;
        n++;
    }
    return n;
}

__attribute__((export_name("run"))) int run(int rounds)
{
    static int (*volatile callback)(void *, const void *, uint32_t) = handle;
    uint32_t x = 1, sum = 0;

    producer = consumer = 0;
    hash = 0;
    memset(histogram, 0, sizeof histogram);
    memset(exits, 0, sizeof exits);
    for (int r = 0; r < rounds; r++) {
        for (int i = 0; i < 300; i++) {
            x = x * 1664525 + 1013904223;
            produce(x);
        }
        sum += drain(callback, &x);
    }
    for (int i = 0; i < 64; i++)
        sum = sum * 31 + histogram[i];
    for (int i = 0; i < 256; i++)
        sum = sum * 31 + exits[i];
    return sum ^ hash;
}
