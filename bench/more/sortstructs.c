/* Structs of 24 bytes sorted in place by libc-like quicksort with a comparison function, and by heap sort. */
#include <stdint.h>

struct item {
    uint64_t time;
    uint32_t pid;
    int32_t delta;
    uint64_t cookie;
};

#define N 20000
static struct item items[N], copy[N];

static int byTime(const struct item *a, const struct item *b)
{
    return a->time < b->time ? -1 : a->time > b->time;
}

static int byPid(const struct item *a, const struct item *b)
{
    return a->pid != b->pid ? (a->pid < b->pid ? -1 : 1) : (a->delta > b->delta) - (a->delta < b->delta);
}

typedef int compare(const struct item *, const struct item *);

static void quick(struct item *a, int n, compare *order)
{
    while (n > 12) {
        struct item pivot = a[n / 2];
        int i = 0, j = n - 1;

        while (i <= j) {
            while (order(&a[i], &pivot) < 0)
                i++;
            while (order(&pivot, &a[j]) < 0)
                j--;
            if (i <= j) {
                struct item t = a[i];

                a[i++] = a[j];
                a[j--] = t;
            }
        }
        if (j + 1 < n - i) {
            quick(a, j + 1, order);
            a += i;
            n -= i;
        } else {
            quick(a + i, n - i, order);
            n = j + 1;
        }
    }
    for (int i = 1; i < n; i++) {
        struct item t = a[i];
        int j = i;

        for (; j > 0 && order(&t, &a[j - 1]) < 0; j--)
            a[j] = a[j - 1];
        a[j] = t;
    }
}

static void sift(struct item *a, int i, int n)
{
    struct item t = a[i];

    for (int child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && a[child].cookie < a[child + 1].cookie)
            child++;
        if (a[child].cookie <= t.cookie)
            break;
        a[i] = a[child];
    }
    a[i] = t;
}

static void heap(struct item *a, int n)
{
    for (int i = n / 2 - 1; i >= 0; i--)
        sift(a, i, n);
    for (int i = n - 1; i > 0; i--) {
        struct item t = a[0];

        a[0] = a[i];
        a[i] = t;
        sift(a, 0, i);
    }
}

__attribute__((export_name("run"))) int run(int rounds)
{
    uint64_t x = 88172645463325252u;
    uint32_t sum = 0;
    compare *const orders[2] = {byTime, byPid};

    for (int r = 0; r < rounds; r++) {
        for (int i = 0; i < N; i++) {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            copy[i] = items[i] = (struct item){x >> 20, x & 0x3FFF, (int32_t)(x >> 40), x * 3};
        }
        quick(items, N, orders[r & 1]);
        heap(copy, N);
        for (int i = 0; i < N; i += 101)
            sum = sum * 31 + items[i].pid + (uint32_t)copy[i].time;
    }
    return sum;
}
