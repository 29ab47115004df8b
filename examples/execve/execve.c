// SPDX-License-Identifier: BSD-2-Clause
/* Prints the command line of every program that is started, and of those that could not be. */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "execve.h"
#include "execve.skel.h"

static const struct argp argp = {
    .doc = "Prints the command line of every program that is started, and what became of the attempt: 0 or an error's number.",
};

static volatile sig_atomic_t stop;

static void on_signal(int signal)
{
    stop = 1;
}

/* An argument as it can be typed into a shell. */
static void print_arg(const char *arg, size_t length)
{
    if (length && strspn(arg, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%") == length) {
        printf(" %s", arg);
        return;
    }
    printf(" '");
    for (size_t i = 0; i < length; i++) {
        if (arg[i] == '\'')
            printf("'\\''");
        else
            putchar((unsigned char)arg[i] < ' ' ? '?' : arg[i]);
    }
    putchar('\'');
}

static int print_event(void *ctx, void *data, size_t size)
{
    const struct event *e = data;
    unsigned int shown = 0;

    printf("%-7d %-6u %-16s %4d ", e->pid, e->uid, e->comm, e->result);
    for (unsigned int at = 0; at < e->size; shown++) {
        size_t length = strnlen(&e->args[at], e->size - at);

        print_arg(&e->args[at], length);
        at += length + 1;
    }
    printf(shown < e->count ? " ...\n" : "\n");
    return 0;
}

int main(int argc, char **argv)
{
    struct ring_buffer *events = NULL;
    struct execve_bpf *skel;
    int err;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    skel = execve_bpf__open_and_load();
    if (!skel)
        return 1;
    err = execve_bpf__attach(skel);
    if (err)
        goto out;
    events = ring_buffer__new(bpf_map__fd(skel->maps.events), print_event, NULL, NULL);
    if (!events) {
        err = -errno;
        goto out;
    }

    printf("%-7s %-6s %-16s %4s  %s\n", "PID", "UID", "CALLER", "RET", "ARGUMENTS");
    while (!stop) {
        err = ring_buffer__poll(events, 100);
        if (err < 0 && err != -EINTR)
            break;
        err = 0;
    }
out:
    if (err)
        fprintf(stderr, "execve: %s\n", strerror(-err));
    ring_buffer__free(events);
    execve_bpf__destroy(skel);
    return err ? 1 : 0;
}
