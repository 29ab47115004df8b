// SPDX-License-Identifier: BSD-2-Clause
/* Prints what the CPUs spend their time on: samples of kernel and user stacks, counted, or each as it comes. */
#include <argp.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "profile.h"
#include "profile.skel.h"
#include "symbols.h"

static struct {
    int pid;
    int frequency;
    int seconds;
    bool folded, live, no_user, no_kernel;
} args = { .frequency = 49 };

static struct symbols kernel_symbols;
static volatile sig_atomic_t stop;

static const struct argp_option options[] = {
    { .name = "frequency", .key = 'F', .arg = "HZ", .doc = "Samples a second of each CPU (49)" },
    { .name = "folded", .key = 'f', .doc = "A line for each stack, as flame graphs want it" },
    { .name = "live", .key = 'l', .doc = "Print each sample when it is taken" },
    { .name = "pid", .key = 'p', .arg = "PID", .doc = "Of this process only" },
    { .name = "user-stacks-only", .key = 'U', .doc = "Without what happens in the kernel" },
    { .name = "kernel-stacks-only", .key = 'K', .doc = "Without what happens in user space" },
    {},
};

static int number(const char *text, int most, const char *what, struct argp_state *state)
{
    char *end;
    long long n = strtoll(text, &end, 10);

    if (end == text || *end || n < 1 || n > most)
        argp_error(state, "%s: not a %s", text, what);
    return (int)n;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case 'F':
        args.frequency = number(argument, 10000, "number of samples a second, up to 10000", state);
        return 0;
    case 'f':
        args.folded = true;
        return 0;
    case 'l':
        args.live = true;
        return 0;
    case 'p':
        args.pid = number(argument, 4194304, "process id", state);
        return 0;
    case 'U':
        args.no_kernel = true;
        return 0;
    case 'K':
        args.no_user = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "%s: one number of seconds only", argument);
        args.seconds = number(argument, 86400, "number of seconds", state);
        return 0;
    case ARGP_KEY_END:
        if (args.no_user && args.no_kernel)
            argp_error(state, "-U and -K together leave nothing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[SECONDS]",
    .doc = "Prints the stacks that run, most frequent last, after SECONDS or at Ctrl-C. Functions are named as far as the "
           "files that tell are given to the module: wasm-bpf --dir /proc for the kernel, --dir / for programs too.",
};

static void on_signal(int signal)
{
    stop = 1;
}

struct stacks {
    const char *comm;
    int pid;
    const unsigned long long *kernel, *user; /* the innermost function first */
    int kernel_depth, user_depth;
    unsigned long long count;
};

static int depth(const unsigned long long *stack, int most)
{
    int depth = 0;

    while (depth < most && stack[depth])
        depth++;
    return depth;
}

static void print_folded(const struct stacks *s)
{
    char name[512];

    printf("%s", s->comm);
    for (int i = s->user_depth - 1; i >= 0; i--) {
        user_name(s->pid, s->user[i], name, sizeof(name));
        printf(";%s", name);
    }
    for (int i = s->kernel_depth - 1; i >= 0; i--) {
        kernel_name(&kernel_symbols, s->kernel[i], name, sizeof(name));
        printf(";%s_[k]", name);
    }
    printf(" %llu\n", s->count);
}

static void print_long(const struct stacks *s)
{
    char name[512];

    for (int i = 0; i < s->kernel_depth; i++) {
        kernel_name(&kernel_symbols, s->kernel[i], name, sizeof(name));
        printf("    %016llx %s [kernel]\n", s->kernel[i], name);
    }
    for (int i = 0; i < s->user_depth; i++) {
        user_name(s->pid, s->user[i], name, sizeof(name));
        printf("    %016llx %s\n", s->user[i], name);
    }
    printf("    %s (%d): %llu\n\n", s->comm, s->pid, s->count);
}

static void print(const struct stacks *s)
{
    if (args.folded)
        print_folded(s);
    else
        print_long(s);
}

static int print_sample(void *ctx, void *data, size_t size)
{
    const struct sample *sample = data;
    struct stacks s = {
        .comm = sample->comm,
        .pid = sample->pid,
        .kernel = sample->kernel,
        .user = sample->user,
        .kernel_depth = sample->kernel_size > 0 ? sample->kernel_size / 8 : 0,
        .user_depth = sample->user_size > 0 ? sample->user_size / 8 : 0,
        .count = 1,
    };

    print(&s);
    return 0;
}

struct counted {
    struct key key;
    unsigned long long count;
};

static int by_count(const void *a, const void *b)
{
    unsigned long long x = ((const struct counted *)a)->count, y = ((const struct counted *)b)->count;

    return (x > y) - (x < y);
}

/* All that was counted. NULL: no memory. */
static struct counted *read_counts(int fd, size_t *count)
{
    struct counted *all = NULL;
    size_t room = 0;
    struct key *previous = NULL, key;

    *count = 0;
    for (;;) {
        if (*count == room) {
            room = room ? room * 2 : 256;
            struct counted *larger = realloc(all, room * sizeof(*all));

            if (!larger) {
                free(all);
                return NULL;
            }
            all = larger;
        }
        if (bpf_map_get_next_key(fd, previous, &all[*count].key))
            return all;
        key = all[*count].key;
        previous = &key;
        if (!bpf_map_lookup_elem(fd, &key, &all[*count].count))
            ++*count;
    }
}

static int print_counts(struct profile_bpf *skel)
{
    int stacks = bpf_map__fd(skel->maps.stacks);
    unsigned long long kernel[MAX_DEPTH], user[MAX_DEPTH];
    size_t count;
    struct counted *all = read_counts(bpf_map__fd(skel->maps.counts), &count);

    if (!all)
        return -ENOMEM;
    if (!count)
        fprintf(stderr, "profile: no samples: %s\n", args.pid ? "the process is not there, or it slept" : "nothing ran");
    qsort(all, count, sizeof(*all), by_count);
    for (size_t i = 0; i < count; i++) {
        struct key *key = &all[i].key;
        struct stacks s = { .comm = key->comm, .pid = key->pid, .kernel = kernel, .user = user, .count = all[i].count };

        if (key->kernel_stack >= 0 && !bpf_map_lookup_elem(stacks, &key->kernel_stack, kernel))
            s.kernel_depth = depth(kernel, MAX_DEPTH);
        if (key->user_stack >= 0 && !bpf_map_lookup_elem(stacks, &key->user_stack, user))
            s.user_depth = depth(user, MAX_DEPTH);
        print(&s);
    }
    free(all);
    return 0;
}

/* An event for each CPU, which the program is attached to. How many, or a negative errno. */
static int attach(struct profile_bpf *skel, struct bpf_link **links, int cpus)
{
    struct perf_event_attr attr = {
        .type = PERF_TYPE_SOFTWARE,
        .size = sizeof(attr),
        .config = PERF_COUNT_SW_CPU_CLOCK,
        .freq = 1,
        .sample_freq = args.frequency,
    };
    int attached = 0;

    for (int cpu = 0; cpu < cpus; cpu++) {
        int fd = syscall(__NR_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

        if (fd < 0 && errno == ENODEV) /* it is offline */
            continue;
        if (fd < 0) {
            fprintf(stderr, "profile: no clock event on CPU %d; perf_event_open wants CAP_PERFMON, or root\n", cpu);
            return -errno;
        }
        links[cpu] = bpf_program__attach_perf_event(skel->progs.sample, fd);
        if (!links[cpu]) {
            int err = -errno;

            close(fd);
            return err;
        }
        attached++;
    }
    return attached;
}

static int run(struct profile_bpf *skel)
{
    struct ring_buffer *samples = NULL;
    long long left_ms = args.seconds * 1000LL;
    int err = 0;

    if (args.live) {
        samples = ring_buffer__new(bpf_map__fd(skel->maps.samples), print_sample, NULL, NULL);
        if (!samples)
            return -errno;
    }
    while (!stop && (!args.seconds || left_ms > 0)) {
        if (!args.live) {
            usleep(100000);
        } else {
            err = ring_buffer__poll(samples, 100);
            if (err < 0 && err != -EINTR)
                break;
            err = 0;
        }
        left_ms -= 100;
    }
    ring_buffer__free(samples);
    return err;
}

int main(int argc, char **argv)
{
    struct bpf_link **links = NULL;
    struct profile_bpf *skel;
    int cpus = 0, attached, err;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    skel = profile_bpf__open();
    if (!skel)
        return 1;
    skel->rodata->target_pid = args.pid;
    skel->rodata->live = args.live;
    skel->rodata->user = !args.no_user;
    skel->rodata->kernel = !args.no_kernel;
    err = profile_bpf__load(skel);
    if (err)
        goto out;
    if (!args.no_kernel && !read_kernel_symbols(&kernel_symbols))
        fprintf(stderr, "profile: no names for the kernel's functions: /proc/kallsyms is not readable (wasm-bpf --dir /proc), "
                        "or hides addresses\n");
    cpus = libbpf_num_possible_cpus();
    links = cpus > 0 ? calloc(cpus, sizeof(*links)) : NULL;
    if (!links) {
        err = cpus < 0 ? cpus : -ENOMEM;
        goto out;
    }
    attached = attach(skel, links, cpus);
    if (attached <= 0) {
        err = attached;
        goto out;
    }
    fprintf(args.folded ? stderr : stdout, "Sampling %d CPUs at %d Hz... Hit Ctrl-C to end.\n", attached, args.frequency);
    err = run(skel);
    for (int i = 0; i < cpus; i++) {
        bpf_link__destroy(links[i]);
        links[i] = NULL;
    }
    if (!err && !args.live)
        err = print_counts(skel);
    if (skel->bss->lost)
        fprintf(stderr, "profile: no room for %llu samples\n", (unsigned long long)skel->bss->lost);
out:
    if (err)
        fprintf(stderr, "profile: %s\n", strerror(-err));
    for (int i = 0; links && i < cpus; i++)
        bpf_link__destroy(links[i]);
    free(links);
    profile_bpf__destroy(skel);
    return err ? 1 : 0;
}
