// SPDX-License-Identifier: BSD-2-Clause
/* Prints how much processes of some users write at a time: a per-CPU map for each user, in a map of maps. */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "mapinmap.h"
#include "mapinmap.skel.h"

#define MAX_USERS 64

static struct user {
    unsigned int uid;
    int sizes; /* the map that is filled now */
} users[MAX_USERS];
static int user_count;
static long interval = 1, count;
static volatile sig_atomic_t stop;

static const struct argp_option options[] = {
    { .name = "interval", .key = 'i', .arg = "SECONDS", .doc = "How often to print (1)" },
    { .name = "count", .key = 'c', .arg = "N", .doc = "End after so many times" },
    {},
};

static long number(const char *text, long least, long most, const char *what, struct argp_state *state)
{
    char *end;
    long long n = strtoll(text, &end, 10);

    if (end == text || *end || n < least || n > most)
        argp_error(state, "%s: not a %s", text, what);
    return (long)n;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case 'i':
        interval = number(argument, 1, 86400, "number of seconds", state);
        return 0;
    case 'c':
        count = number(argument, 1, 1000000, "number of times", state);
        return 0;
    case ARGP_KEY_ARG:
        if (user_count == MAX_USERS)
            argp_error(state, "more than %d users", MAX_USERS);
        users[user_count].sizes = -1;
        users[user_count++].uid = (unsigned int)number(argument, 0, 2147483647, "user id (a number)", state);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "whose writes? User ids are wanted");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "UID...",
    .doc = "Prints how many bytes processes of these users write with one write(2).",
};

static void on_signal(int signal)
{
    stop = 1;
}

/* The values of all CPUs, added up. 0 or a negative errno. */
static int sum(int sizes, struct writes *slots)
{
    static struct writes *values;
    int cpus = libbpf_num_possible_cpus();

    if (cpus < 0)
        return cpus;
    if (!values)
        values = calloc(cpus, sizeof(*values));
    if (!values)
        return -ENOMEM;
    memset(slots, 0, SLOTS * sizeof(*slots));
    for (unsigned int slot = 0; slot < SLOTS; slot++) {
        int err = bpf_map_lookup_elem(sizes, &slot, values);

        if (err)
            return err;
        for (int cpu = 0; cpu < cpus; cpu++) {
            slots[slot].calls += values[cpu].calls;
            slots[slot].bytes += values[cpu].bytes;
        }
    }
    return 0;
}

static void print(unsigned int uid, const struct writes *slots)
{
    struct writes all = {};

    for (int i = 0; i < SLOTS; i++) {
        all.calls += slots[i].calls;
        all.bytes += slots[i].bytes;
    }
    printf("\nuser %u: %llu writes, %llu bytes\n", uid, all.calls, all.bytes);
    for (int i = 0; i < SLOTS; i++) {
        if (slots[i].calls)
            printf("%12llu .. %-12llu %10llu\n", i ? 1ULL << i : 0, (2ULL << i) - 1, slots[i].calls);
    }
}

/* Puts a fresh map in the place of a user's, which then nobody writes any more: the kernel waits for programs that still
 * have it. So nothing is counted twice or not at all. */
static int renew(int outer, struct user *user, int *old)
{
    int fresh = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "sizes", sizeof(unsigned int), sizeof(struct writes), SLOTS, NULL);
    int err;

    if (fresh < 0)
        return fresh;
    err = bpf_map_update_elem(outer, &user->uid, &fresh, BPF_ANY);
    if (err) {
        close(fresh);
        return err;
    }
    *old = user->sizes;
    user->sizes = fresh;
    return 0;
}

static int print_and_renew(int outer)
{
    struct writes slots[SLOTS];
    int old;

    for (int i = 0; i < user_count; i++) {
        int err = renew(outer, &users[i], &old);

        if (err)
            return err;
        err = sum(old, slots);
        close(old);
        if (err)
            return err;
        print(users[i].uid, slots);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct mapinmap_bpf *skel;
    int err, outer, none;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    skel = mapinmap_bpf__open_and_load();
    if (!skel)
        return 1;
    outer = bpf_map__fd(skel->maps.users);
    for (int i = 0; i < user_count && !err; i++)
        err = renew(outer, &users[i], &none);
    if (!err)
        err = mapinmap_bpf__attach(skel);
    if (err)
        goto out;

    printf("Counting writes by size... Hit Ctrl-C to end.\n");
    for (long i = 0; !err && !stop && (!count || i < count); i++) {
        sleep(interval);
        err = print_and_renew(outer);
    }
out:
    if (err)
        fprintf(stderr, "mapinmap: %s\n", strerror(-err));
    for (int i = 0; i < user_count; i++) {
        if (users[i].sizes >= 0)
            close(users[i].sizes);
    }
    mapinmap_bpf__destroy(skel);
    return err ? 1 : 0;
}
