// SPDX-License-Identifier: BSD-2-Clause
/* Prints the threads that a Java process starts and ends, without an agent in it. */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "usdt.h"
#include "usdt.skel.h"

static const char *library;
static int pid;
static volatile sig_atomic_t stop;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    char *end;

    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num == 0) {
            library = argument;
            return 0;
        }
        pid = (int)strtol(argument, &end, 10);
        if (state->arg_num > 1 || end == argument || *end || pid <= 0)
            argp_error(state, "%s: not a process id", argument);
        return 0;
    case ARGP_KEY_END:
        if (state->arg_num < 2)
            argp_error(state, "the JVM's library and a process id are wanted");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .parser = parse,
    .args_doc = "JAVA_HOME/lib/server/libjvm.so PID",
    .doc = "Prints the threads of a Java process that start and end.",
};

static void on_signal(int signal)
{
    stop = 1;
}

static int print_event(void *ctx, void *data, size_t size)
{
    const struct event *e = data;

    printf("%-7d %-7d %-6lld %-6s %-7s %s\n", e->pid, e->native_id, e->java_id, e->stopped ? "ends" : "starts",
           e->is_daemon ? "daemon" : "", e->name);
    return 0;
}

int main(int argc, char **argv)
{
    struct ring_buffer *events = NULL;
    struct usdt_bpf *skel;
    int err;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    skel = usdt_bpf__open_and_load();
    if (!skel)
        return 1;
    skel->links.thread_start = bpf_program__attach_usdt(skel->progs.thread_start, pid, library, "hotspot", "thread__start", NULL);
    if (skel->links.thread_start)
        skel->links.thread_stop = bpf_program__attach_usdt(skel->progs.thread_stop, pid, library, "hotspot", "thread__stop", NULL);
    if (!skel->links.thread_stop) {
        err = -errno;
        goto out;
    }
    events = ring_buffer__new(bpf_map__fd(skel->maps.events), print_event, NULL, NULL);
    if (!events) {
        err = -errno;
        goto out;
    }

    printf("%-7s %-7s %-6s %-6s %-7s %s\n", "PID", "TID", "ID", "WHAT", "", "NAME");
    while (!stop) {
        err = ring_buffer__poll(events, 100);
        if (err < 0 && err != -EINTR)
            break;
        err = 0;
    }
out:
    if (err)
        fprintf(stderr, "usdt: %s, process %d: %s\n", library, pid, strerror(-err));
    ring_buffer__free(events);
    usdt_bpf__destroy(skel);
    return err ? 1 : 0;
}
