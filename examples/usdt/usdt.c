// SPDX-License-Identifier: BSD-2-Clause
/* Prints the threads that a Java process starts and ends, without an agent in it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "usdt.h"
#include "usdt.skel.h"

static volatile sig_atomic_t stop;

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
    int pid, err = 0;

    if (argc != 3 || (pid = atoi(argv[2])) <= 0) {
        fprintf(stderr, "usage: usdt JAVA_HOME/lib/server/libjvm.so PID\n");
        return 2;
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    skel = usdt_bpf__open_and_load();
    if (!skel)
        return 1;
    skel->links.thread_start = bpf_program__attach_usdt(skel->progs.thread_start, pid, argv[1], "hotspot", "thread__start", NULL);
    if (skel->links.thread_start)
        skel->links.thread_stop = bpf_program__attach_usdt(skel->progs.thread_stop, pid, argv[1], "hotspot", "thread__stop", NULL);
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
        fprintf(stderr, "usdt: %s, process %d: %s\n", argv[1], pid, strerror(-err));
    ring_buffer__free(events);
    usdt_bpf__destroy(skel);
    return err ? 1 : 0;
}
