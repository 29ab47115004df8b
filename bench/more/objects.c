/* Objects as C has them: structs that point to a table of functions of several types. */
#include <stdint.h>

struct shape;
struct methods {
    int (*area)(const struct shape *);
    void (*scale)(struct shape *, int);
    double (*weight)(const struct shape *, double);
    uint64_t (*hash)(const struct shape *, uint64_t);
};
struct shape {
    const struct methods *methods;
    int a, b, c;
};

static int rectArea(const struct shape *s) { return s->a * s->b; }
static void rectScale(struct shape *s, int k) { s->a = s->a * k % 1009; s->b = s->b * k % 1013; }
static double rectWeight(const struct shape *s, double g) { return s->a * g + s->b; }
static uint64_t rectHash(const struct shape *s, uint64_t h) { return (h ^ s->a) * 1099511628211u + s->b; }
static int boxArea(const struct shape *s) { return 2 * (s->a * s->b + s->b * s->c + s->a * s->c); }
static void boxScale(struct shape *s, int k) { rectScale(s, k); s->c = (s->c + k) % 997; }
static double boxWeight(const struct shape *s, double g) { return (double)s->a * s->b * s->c * g; }
static uint64_t boxHash(const struct shape *s, uint64_t h) { return rectHash(s, h) ^ (uint64_t)s->c << 32; }
static int circleArea(const struct shape *s) { return s->a * s->a * 3; }
static void circleScale(struct shape *s, int k) { s->a = s->a * k % 503; }
static double circleWeight(const struct shape *s, double g) { return s->a * s->a * 3.14159 * g; }
static uint64_t circleHash(const struct shape *s, uint64_t h) { return h * 31 + s->a; }

static const struct methods kinds[3] = {
    {rectArea, rectScale, rectWeight, rectHash},
    {boxArea, boxScale, boxWeight, boxHash},
    {circleArea, circleScale, circleWeight, circleHash},
};
static struct shape shapes[1000];

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t sum = 0, x = 9;
    uint64_t hash = 14695981039346656037u;
    double weight = 0;

    for (int i = 0; i < 1000; i++) {
        x = x * 1664525 + 1013904223;
        shapes[i] = (struct shape){&kinds[(x >> 16) % 3], 1 + (x >> 20) % 100, 1 + (x >> 8) % 100, 1 + (x >> 4) % 50};
    }
    for (int r = 0; r < rounds; r++)
        for (int i = 0; i < 1000; i++) {
            struct shape *s = &shapes[i];

            sum += s->methods->area(s);
            weight += s->methods->weight(s, 0.5);
            hash = s->methods->hash(s, hash);
            if (i % 7 == r % 7)
                s->methods->scale(s, 3);
        }
    return sum ^ (uint32_t)hash ^ (uint32_t)(int64_t)weight;
}
