// SPDX-License-Identifier: BSD-2-Clause
/* The user-space half, compiled to Wasm: sets the filter, loads and attaches the BPF object that it carries, prints. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bootstrap.h"
#include "bootstrap.skel.h"

static const char usage[] =
    "usage: bootstrap [-d MS]\n"
    "Prints a line for every process that starts and for every process that ends.\n"
    "  -d, --duration MS   only ends of processes that lived at least MS milliseconds\n"
    "  -h, --help          this text\n";

static int print_event(void *ctx, void *data, size_t size)
{
    const struct event *e = data;
    char when[16];
    time_t now = time(NULL);

    if (size < sizeof(*e))
        return 0;
    strftime(when, sizeof(when), "%H:%M:%S", localtime(&now));
    printf("%-8s %-5s %-16s %-7d %-7d ", when, e->is_exit ? "EXIT" : "EXEC", e->comm, e->pid, e->ppid);
    if (!e->is_exit) {
        printf("%s\n", e->filename);
        return 0;
    }
    if (e->exit_code & 0x7f)
        printf("[signal %u]", e->exit_code & 0x7f);
    else
        printf("[%u]", e->exit_code >> 8 & 0xff);
    if (e->duration_ns)
        printf(" (%llums)", e->duration_ns / 1000000);
    printf("\n");
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "duration", required_argument, NULL, 'd' },
        { "help", no_argument, NULL, 'h' },
        {},
    };
    unsigned long long min_duration_ms = 0;
    char *end;

    for (int c; (c = getopt_long(argc, argv, "d:h", options, NULL)) != -1;) {
        switch (c) {
        case 'd':
            min_duration_ms = strtoull(optarg, &end, 10);
            if (end != optarg && *end == '\0')
                break;
            fprintf(stderr, "bootstrap: -d %s: not a number of milliseconds\n", optarg);
            return 2;
        case 'h':
            fputs(usage, stdout);
            return 0;
        default:
            fputs(usage, stderr);
            return 2;
        }
    }

    struct bootstrap_bpf *skel = bootstrap_bpf__open();
    if (!skel)
        return 1;
    skel->rodata->min_duration_ns = min_duration_ms * 1000000;

    struct bpf_buffer *events = NULL;
    int err = bootstrap_bpf__load(skel);
    if (err)
        goto out;
    err = bootstrap_bpf__attach(skel);
    if (err) {
        fprintf(stderr, "bootstrap: attach: %s\n", strerror(-err));
        goto out;
    }
    events = bpf_buffer__open(skel->maps.rb, print_event, NULL);
    if (!events) {
        err = -ENOMEM;
        goto out;
    }

    printf("%-8s %-5s %-16s %-7s %-7s %s\n", "TIME", "EVENT", "COMM", "PID", "PPID", "FILENAME/EXIT CODE");
    do
        err = bpf_buffer__poll(events, 100);
    while (err >= 0);
    if (err == -EINTR) /* Ctrl-C */
        err = 0;
    else
        fprintf(stderr, "bootstrap: poll: %s\n", strerror(-err));
out:
    bpf_buffer__free(events);
    bootstrap_bpf__destroy(skel);
    return err ? 1 : 0;
}
