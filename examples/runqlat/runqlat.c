// SPDX-License-Identifier: BSD-2-Clause
/* Prints run queue latency as histograms, once per interval. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "runqlat.h"
#include "runqlat.skel.h"

static const char usage[] =
    "usage: runqlat [-mPT] [-p PID] [-c CGROUP] [INTERVAL [COUNT]]\n"
    "Run queue latency as histograms, every INTERVAL seconds (once at Ctrl-C without one), COUNT times.\n"
    "  -m          in milliseconds, not microseconds\n"
    "  -P          a histogram per process\n"
    "  -T          with a time stamp\n"
    "  -p PID      only this process\n"
    "  -c CGROUP   only tasks under this cgroup2 folder (wasm-bpf --dir CGROUP makes it reachable)\n"
    "  -h          this text\n";

static const char *unit = "usecs";
static volatile sig_atomic_t stop;

static void on_signal(int signal)
{
    stop = 1;
}

static void print_hist(const unsigned int *slots)
{
    unsigned int max = 0;
    int last = -1;

    for (int i = 0; i < SLOTS; i++) {
        if (slots[i])
            last = i;
        if (slots[i] > max)
            max = slots[i];
    }
    if (last < 0)
        return;
    printf("%10s%-14s : %-8s %s\n", "", unit, "count", "distribution");
    for (int i = 0; i <= last; i++) {
        unsigned long long low = i ? 1ULL << i : 0, high = (2ULL << i) - 1;
        int stars = (int)((unsigned long long)slots[i] * 40 / max);
        printf("%10llu -> %-10llu : %-8u |%.*s%*s|\n", low, high, slots[i], stars,
               "****************************************", 40 - stars, "");
    }
}

static int print_and_clear(int fd)
{
    struct hist hist;
    int key, next, err;

    for (err = bpf_map_get_next_key(fd, NULL, &next); err == 0; err = bpf_map_get_next_key(fd, &key, &next)) {
        key = next;
        err = bpf_map_lookup_elem(fd, &key, &hist);
        if (err == -ENOENT)
            continue;
        if (err < 0)
            return err;
        if (key != -1)
            printf("\npid = %d %s\n", key, hist.comm);
        print_hist(hist.slots);
    }
    while (bpf_map_get_next_key(fd, NULL, &key) == 0)
        bpf_map_delete_elem(fd, &key);
    return err == -ENOENT ? 0 : err;
}

static long number(const char *text, const char *what)
{
    char *end;
    long n = strtol(text, &end, 10);

    if (end == text || *end || n <= 0) {
        fprintf(stderr, "runqlat: %s: not a positive %s\n", text, what);
        exit(2);
    }
    return n;
}

int main(int argc, char **argv)
{
    bool per_process = false, milliseconds = false, timestamp = false;
    const char *cgroup = NULL;
    long interval = 0, count = 0, pid = 0;

    for (int c; (c = getopt(argc, argv, "mPTp:c:h")) != -1;) {
        switch (c) {
        case 'm':
            milliseconds = true;
            unit = "msecs";
            break;
        case 'P':
            per_process = true;
            break;
        case 'T':
            timestamp = true;
            break;
        case 'p':
            pid = number(optarg, "process id");
            break;
        case 'c':
            cgroup = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            return 0;
        default:
            fputs(usage, stderr);
            return 2;
        }
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    if (optind < argc)
        interval = number(argv[optind], "number of seconds");
    if (optind + 1 < argc)
        count = number(argv[optind + 1], "count");

    struct runqlat_bpf *skel = runqlat_bpf__open();
    if (!skel)
        return 1;
    skel->rodata->per_process = per_process;
    skel->rodata->milliseconds = milliseconds;
    skel->rodata->target_tgid = (int)pid;
    skel->rodata->filter_cgroup = cgroup != NULL;

    int err = runqlat_bpf__load(skel);
    if (err)
        goto out;
    if (cgroup) {
        int key = 0, dir = open(cgroup, O_RDONLY | O_DIRECTORY);
        if (dir < 0) {
            fprintf(stderr, "runqlat: cannot open cgroup %s; is it under a folder given with --dir?\n", cgroup);
            err = -ENOENT;
            goto out;
        }
        err = bpf_map_update_elem(bpf_map__fd(skel->maps.cgroups), &key, &dir, 0);
        close(dir);
        if (err) {
            fprintf(stderr, "runqlat: %s is no cgroup2 folder (%s)\n", cgroup, strerror(-err));
            goto out;
        }
    }
    err = runqlat_bpf__attach(skel);
    if (err) {
        fprintf(stderr, "runqlat: attach: %s\n", strerror(-err));
        goto out;
    }

    printf("Tracing run queue latency... Hit Ctrl-C to end.\n");
    int fd = bpf_map__fd(skel->maps.hists);
    for (long i = 0; count == 0 || i < count; i++) {
        sleep(interval ? (unsigned int)interval : 99999999);
        printf("\n");
        if (timestamp) {
            char when[16];
            time_t now = time(NULL);
            strftime(when, sizeof(when), "%H:%M:%S", localtime(&now));
            printf("%-8s\n", when);
        }
        err = print_and_clear(fd);
        if (err || stop || !interval)
            break;
    }
out:
    runqlat_bpf__destroy(skel);
    return err ? 1 : 0;
}
