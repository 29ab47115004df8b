// SPDX-License-Identifier: BSD-2-Clause
/* Prints how often processes called malloc and for how much, with a uprobe and a uretprobe. */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "uprobe.h"
#include "uprobe.skel.h"

static const char *library = "libc.so.6", *function = "malloc";
static long pid = -1, seconds;
static volatile sig_atomic_t stop;

static const struct argp_option options[] = {
    { "library", 'l', "FILE", 0, "The file with malloc, libc.so.6 if not given", 0 },
    { "function", 'f', "NAME", 0, "A function other than malloc whose argument is a size", 0 },
    { "pid", 'p', "PID", 0, "Only this process", 0 },
    {},
};

static long positive(struct argp_state *state, const char *text)
{
    char *end;
    long n = strtol(text, &end, 10);

    if (end == text || *end || n < 1)
        argp_error(state, "%s: not a positive number", text);
    return n;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case 'l':
        library = argument;
        break;
    case 'f':
        function = argument;
        break;
    case 'p':
        pid = positive(state, argument);
        break;
    case ARGP_KEY_ARG:
        if (seconds)
            argp_usage(state);
        seconds = positive(state, argument);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[SECONDS]",
    .doc = "Counts calls of malloc until Ctrl-C or for SECONDS, then prints them by size.",
};

static void on_signal(int signal)
{
    stop = 1;
}

static int print(int map)
{
    unsigned int key, *last = NULL;
    struct calls calls;

    while (!bpf_map_get_next_key(map, last, &key)) {
        last = &key;
        if (bpf_map_lookup_elem(map, &key, &calls))
            continue;
        printf("\n%s(%u): %llu returned, %llu of them NULL\n", calls.comm, key, calls.returned, calls.failed);
        for (int i = 0; i < SLOTS; i++) {
            if (calls.slots[i])
                printf("%12llu .. %-12llu %u\n", i ? 1ULL << i : 0, (2ULL << i) - 1, calls.slots[i]);
        }
    }
    return errno == ENOENT ? 0 : -errno;
}

int main(int argc, char **argv)
{
    LIBBPF_OPTS(bpf_uprobe_opts, entry, .retprobe = false);
    LIBBPF_OPTS(bpf_uprobe_opts, end, .retprobe = true);
    struct uprobe_bpf *skel;
    int err;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    skel = uprobe_bpf__open_and_load();
    if (!skel)
        return 1;
    entry.func_name = function;
    end.func_name = function;
    /* The return first, so that no call is seen whose return is not. */
    skel->links.returned = bpf_program__attach_uprobe_opts(skel->progs.returned, pid, library, 0, &end);
    if (skel->links.returned)
        skel->links.called = bpf_program__attach_uprobe_opts(skel->progs.called, pid, library, 0, &entry);
    if (!skel->links.called) {
        err = -errno;
        fprintf(stderr, "uprobe: %s in %s: %s\n", function, library, strerror(-err));
        goto out;
    }

    printf("Counting %s of %s... Hit Ctrl-C to end.\n", function, library);
    while (!stop) {
        sleep(1);
        if (seconds && --seconds == 0)
            stop = 1;
    }
    bpf_link__destroy(skel->links.called);
    skel->links.called = NULL;
    err = print(bpf_map__fd(skel->maps.processes));
    if (err)
        fprintf(stderr, "uprobe: %s\n", strerror(-err));
out:
    uprobe_bpf__destroy(skel);
    return err ? 1 : 0;
}
