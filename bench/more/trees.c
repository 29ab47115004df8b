/* Binary trees from malloc, made, walked and freed; a linked list sorted by merging. */
#include <stdint.h>
#include <stdlib.h>

struct node {
    struct node *left, *right;
    uint32_t key;
};

static struct node *make(int depth)
{
    struct node *n = malloc(sizeof *n);

    n->left = depth ? make(depth - 1) : 0;
    n->right = depth ? make(depth - 1) : 0;
    n->key = depth;
    return n;
}

static uint32_t check(const struct node *n)
{
    return n ? 1 + check(n->left) + check(n->right) : 0;
}

static void release(struct node *n)
{
    if (n) {
        release(n->left);
        release(n->right);
        free(n);
    }
}

static struct node *merge(struct node *a, struct node *b)
{
    struct node head, *last = &head;

    while (a && b) {
        struct node **least = a->key <= b->key ? &a : &b;

        last = last->right = *least;
        *least = (*least)->right;
    }
    last->right = a ? a : b;
    return head.right;
}

static struct node *sort(struct node *list, int n)
{
    struct node *half = list, *rest;

    if (n < 2)
        return list;
    for (int i = 1; i < n / 2; i++)
        half = half->right;
    rest = half->right;
    half->right = 0;
    return merge(sort(list, n / 2), sort(rest, n - n / 2));
}

__attribute__((export_name("run"))) int run(int rounds)
{
    uint32_t sum = 0, x = 11;

    for (int r = 0; r < rounds; r++) {
        struct node *tree = make(13), *list = 0;

        sum += check(tree);
        release(tree);
        for (int i = 0; i < 5000; i++) {
            struct node *n = malloc(sizeof *n);

            x = x * 1664525 + 1013904223;
            *n = (struct node){0, list, x >> 8};
            list = n;
        }
        list = sort(list, 5000);
        for (int i = 0; list; i++) {
            struct node *next = list->right;

            if (i % 97 == 0)
                sum = sum * 31 + list->key;
            free(list);
            list = next;
        }
    }
    return sum;
}
