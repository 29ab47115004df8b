// SPDX-License-Identifier: BSD-2-Clause
/* Prints once a second what an interface received, by protocol. Per-CPU values, .bss, XDP. */
#include <argp.h>
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "xdp.h"
#include "xdp.skel.h"

static const char *interface;
static long drop_port, count = -1;
static volatile sig_atomic_t stop;

static const struct argp_option options[] = {
    { "drop", 'd', "PORT", 0, "Drop UDP packets to this port", 0 },
    { "count", 'c', "N", 0, "End after N seconds", 0 },
    {},
};

static long number(struct argp_state *state, int key, const char *text, long max)
{
    char *end;
    long n = strtol(text, &end, 10);

    if (end == text || *end || n < 1 || n > max)
        argp_error(state, "-%c %s: not a number from 1 to %ld", key, text, max);
    return n;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case 'd':
        drop_port = number(state, key, argument, 65535);
        break;
    case 'c':
        count = number(state, key, argument, 1000000);
        break;
    case ARGP_KEY_ARG:
        if (interface)
            argp_usage(state);
        interface = argument;
        break;
    case ARGP_KEY_END:
        if (!interface)
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
    .args_doc = "INTERFACE",
    .doc = "Counts what an interface receives, by IP protocol.",
};

static void on_signal(int signal)
{
    stop = 1;
}

static const char *name(unsigned int protocol)
{
    switch (protocol) {
    case 1: return "ICMP";
    case 6: return "TCP";
    case 17: return "UDP";
    case 255: return "no IPv4";
    default: return "";
    }
}

/* One look-up gives the value of every possible CPU. */
static int print(struct xdp_bpf *skel, struct counter *values, int cpus)
{
    printf("%-8s %-5s %10s %12s\n", "NAME", "PROTO", "PACKETS", "BYTES");
    for (unsigned int protocol = 0; protocol < 256; protocol++) {
        struct counter sum = {};
        int err = bpf_map__lookup_elem(skel->maps.counters, &protocol, sizeof(protocol), values, sizeof(*values) * cpus, 0);

        if (err)
            return err;
        for (int cpu = 0; cpu < cpus; cpu++) {
            sum.packets += values[cpu].packets;
            sum.bytes += values[cpu].bytes;
        }
        if (sum.packets)
            printf("%-8s %-5u %10llu %12llu\n", name(protocol), protocol, sum.packets, sum.bytes);
    }
    if (drop_port)
        printf("dropped to port %ld: %llu\n", drop_port, (unsigned long long)skel->bss->dropped);
    printf("\n");
    return 0;
}

int main(int argc, char **argv)
{
    struct counter *values = NULL;
    struct xdp_bpf *skel;
    unsigned int index;
    int err, cpus;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    index = if_nametoindex(interface);
    if (!index) {
        fprintf(stderr, "xdp: %s: %s\n", interface, strerror(errno));
        return 1;
    }
    cpus = libbpf_num_possible_cpus();
    if (cpus < 0)
        return 1;

    skel = xdp_bpf__open();
    if (!skel)
        return 1;
    skel->rodata->drop_port = drop_port;
    err = xdp_bpf__load(skel);
    if (err)
        goto out;
    values = calloc(cpus, sizeof(*values));
    skel->links.count = values ? bpf_program__attach_xdp(skel->progs.count, index) : NULL;
    if (!skel->links.count) {
        err = -errno;
        goto out;
    }

    printf("Counting on %s... Hit Ctrl-C to end.\n", interface);
    while (!stop && !err && count-- != 0) {
        sleep(1);
        err = print(skel, values, cpus);
    }
out:
    if (err)
        fprintf(stderr, "xdp: %s\n", strerror(-err));
    free(values);
    xdp_bpf__destroy(skel);
    return err ? 1 : 0;
}
