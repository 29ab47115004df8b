/* A chained hash table that grows, its entries from malloc: insert, look up, delete. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    struct entry *next;
    uint32_t hash, count;
    char key[16];
};

static struct entry **buckets;
static uint32_t size, used;

static uint32_t hashOf(const char *s)
{
    uint32_t h = 5381;

    for (; *s; s++)
        h = h * 33 ^ (uint8_t)*s;
    return h;
}

static void grow(void)
{
    uint32_t to = size ? size * 2 : 64;
    struct entry **bigger = calloc(to, sizeof *bigger);

    for (uint32_t i = 0; i < size; i++)
        for (struct entry *e = buckets[i], *next; e; e = next) {
            next = e->next;
            e->next = bigger[e->hash & to - 1];
            bigger[e->hash & to - 1] = e;
        }
    free(buckets);
    buckets = bigger;
    size = to;
}

static struct entry **find(const char *key, uint32_t h)
{
    struct entry **at = &buckets[h & size - 1];

    while (*at && ((*at)->hash != h || strcmp((*at)->key, key)))
        at = &(*at)->next;
    return at;
}

static void make(char *key, uint32_t x)
{
    int n = 0;

    do
        key[n++] = 'a' + x % 26;
    while (x /= 26);
    key[n] = 0;
}

__attribute__((export_name("run"))) int run(int operations)
{
    uint32_t x = 1, sum = 0;
    char key[16];

    size = used = 0;
    buckets = 0;
    grow();
    for (int i = 0; i < operations; i++) {
        x = x * 1664525 + 1013904223;
        make(key, (x >> 8) % 50000);
        uint32_t h = hashOf(key);
        struct entry **at = find(key, h), *e = *at;

        if (x >> 30 == 3 && e) {
            sum += e->count;
            *at = e->next;
            free(e);
            used--;
        } else if (e) {
            e->count++;
        } else {
            if (used++ > size)
                grow(), at = find(key, h);
            e = malloc(sizeof *e);
            *e = (struct entry){0, h, 1, ""};
            strcpy(e->key, key);
            *at = e;
        }
    }
    for (uint32_t i = 0; i < size; i++)
        for (struct entry *e = buckets[i], *next; e; e = next) {
            next = e->next;
            sum = sum * 31 + e->count;
            free(e);
        }
    free(buckets);
    return sum + used;
}
