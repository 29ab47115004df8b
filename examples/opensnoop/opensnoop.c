// SPDX-License-Identifier: BSD-2-Clause
/* Prints which files are opened, by whom, and what came of it. Plain libbpf code with argp and a signal handler. */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/libbpf.h>

#include "opensnoop.h"
#include "opensnoop.skel.h"

static struct {
    int pid;
    const char *name;
    bool failed_only;
    bool extended;
    bool time;
} wanted;

static volatile sig_atomic_t stop;

static const struct argp_option options[] = {
    { "pid", 'p', "PID", 0, "Only this process", 0 },
    { "name", 'n', "NAME", 0, "Only processes with NAME in their name", 0 },
    { "failed", 'x', NULL, 0, "Only calls that failed", 0 },
    { "extended", 'e', NULL, 0, "With user id and flags", 0 },
    { "timestamp", 't', NULL, 0, "With the time", 0 },
    {},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    char *end;

    switch (key) {
    case 'p':
        wanted.pid = strtol(argument, &end, 10);
        if (end == argument || *end || wanted.pid <= 0)
            argp_error(state, "-p %s: not a process id", argument);
        break;
    case 'n':
        wanted.name = argument;
        break;
    case 'x':
        wanted.failed_only = true;
        break;
    case 'e':
        wanted.extended = true;
        break;
    case 't':
        wanted.time = true;
        break;
    case ARGP_KEY_ARG:
        argp_usage(state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .doc = "Prints a line for every openat(2) and openat2(2).",
};

static void on_signal(int signal)
{
    stop = 1;
}

static int print_event(void *ctx, void *data, size_t size)
{
    const struct event *e = data;

    if (wanted.name && !strstr(e->comm, wanted.name))
        return 0;
    if (wanted.time) {
        char when[16];
        time_t now = time(NULL);

        strftime(when, sizeof(when), "%H:%M:%S", localtime(&now));
        printf("%-8s ", when);
    }
    if (wanted.extended)
        printf("%-6u ", e->uid);
    printf("%-7d %-16s %4d %4d ", e->pid, e->comm, e->result >= 0 ? e->result : -1, e->result >= 0 ? 0 : -e->result);
    if (wanted.extended)
        printf("%08x ", (unsigned int)e->flags);
    printf("%s\n", e->name);
    return 0;
}

int main(int argc, char **argv)
{
    struct ring_buffer *events = NULL;
    struct opensnoop_bpf *skel;
    int err;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    skel = opensnoop_bpf__open();
    if (!skel)
        return 1;
    skel->rodata->wanted_pid = wanted.pid;
    skel->rodata->failed_only = wanted.failed_only;
    err = opensnoop_bpf__load(skel);
    if (err)
        goto out;
    err = opensnoop_bpf__attach(skel);
    if (err)
        goto out;
    events = ring_buffer__new(bpf_map__fd(skel->maps.events), print_event, NULL, NULL);
    if (!events) {
        err = -errno;
        goto out;
    }

    if (wanted.time)
        printf("%-8s ", "TIME");
    if (wanted.extended)
        printf("%-6s ", "UID");
    printf("%-7s %-16s %4s %4s ", "PID", "COMM", "FD", "ERR");
    if (wanted.extended)
        printf("%-8s ", "FLAGS");
    printf("PATH\n");
    while (!stop) {
        err = ring_buffer__poll(events, 100);
        if (err < 0 && err != -EINTR)
            break;
        err = 0;
    }
out:
    if (err)
        fprintf(stderr, "opensnoop: %s\n", strerror(-err));
    ring_buffer__free(events);
    opensnoop_bpf__destroy(skel);
    return err ? 1 : 0;
}
