// SPDX-License-Identifier: BSD-2-Clause
/* Prints each TCP connection that is made from here, or refused, with the milliseconds that took. */
#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <bpf/libbpf.h>

#include "tcpconnlat.h"
#include "tcpconnlat.skel.h"

static double min_millis;
static volatile sig_atomic_t stop;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    char *end;

    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    min_millis = strtod(argument, &end);
    if (state->arg_num > 0 || end == argument || *end || min_millis < 0)
        argp_error(state, "%s: not a number of milliseconds", argument);
    return 0;
}

static const struct argp argp = {
    .parser = parse,
    .args_doc = "[MIN_MS]",
    .doc = "Prints how long TCP connections took to be made, those of at least MIN_MS milliseconds.",
};

static void on_signal(int signal)
{
    stop = 1;
}

static int print_event(void *ctx, void *data, size_t size)
{
    const struct event *e = data;
    char source[INET6_ADDRSTRLEN], target[INET6_ADDRSTRLEN];

    inet_ntop(e->family, e->source, source, sizeof(source));
    inet_ntop(e->family, e->target, target, sizeof(target));
    printf("%-7d %-16s %-16s %-5u %-16s %-5u %9.3f%s\n", e->pid, e->comm, source, e->source_port, target, e->target_port,
           e->nanos / 1e6, e->refused ? " refused" : "");
    return 0;
}

int main(int argc, char **argv)
{
    struct ring_buffer *events = NULL;
    struct tcpconnlat_bpf *skel;
    int err;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    skel = tcpconnlat_bpf__open();
    if (!skel)
        return 1;
    skel->rodata->min_nanos = min_millis * 1e6;
    err = tcpconnlat_bpf__load(skel);
    if (!err)
        err = tcpconnlat_bpf__attach(skel);
    if (err)
        goto out;
    events = ring_buffer__new(bpf_map__fd(skel->maps.events), print_event, NULL, NULL);
    if (!events) {
        err = -errno;
        goto out;
    }

    printf("%-7s %-16s %-16s %-5s %-16s %-5s %9s\n", "PID", "COMM", "FROM", "PORT", "TO", "PORT", "MS");
    while (!stop) {
        err = ring_buffer__poll(events, 100);
        if (err < 0 && err != -EINTR)
            break;
        err = 0;
    }
out:
    if (err)
        fprintf(stderr, "tcpconnlat: %s\n", strerror(-err));
    ring_buffer__free(events);
    tcpconnlat_bpf__destroy(skel);
    return err ? 1 : 0;
}
