// SPDX-License-Identifier: BSD-2-Clause
/* Prints the IPv4 packets that an interface receives. The program is a filter of a raw packet socket. */
#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "sockfilter.h"
#include "sockfilter.skel.h"

static const char *interface = "lo";
static long port;
static volatile sig_atomic_t stop;

static const struct argp_option options[] = {
    { "interface", 'i', "NAME", 0, "Network interface, lo if not given", 0 },
    { "port", 'p', "PORT", 0, "Only TCP and UDP packets from or to this port", 0 },
    {},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    char *end;

    switch (key) {
    case 'i':
        interface = argument;
        break;
    case 'p':
        port = strtol(argument, &end, 10);
        if (end == argument || *end || port < 1 || port > 65535)
            argp_error(state, "-p %s: not a port", argument);
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
    .doc = "Prints the IPv4 packets that an interface receives.",
};

static void on_signal(int signal)
{
    stop = 1;
}

static int print_packet(void *ctx, void *data, size_t size)
{
    const struct packet *p = data;
    char source[INET_ADDRSTRLEN], target[INET_ADDRSTRLEN], number[16];
    const char *protocol = p->protocol == 6 ? "TCP" : p->protocol == 17 ? "UDP" : p->protocol == 1 ? "ICMP" : number;

    snprintf(number, sizeof(number), "%u", p->protocol);
    inet_ntop(AF_INET, &p->source, source, sizeof(source));
    inet_ntop(AF_INET, &p->target, target, sizeof(target));
    printf("%-5s ", protocol);
    if (p->source_port || p->target_port)
        printf("%s:%u > %s:%u", source, ntohs(p->source_port), target, ntohs(p->target_port));
    else
        printf("%s > %s", source, target);
    printf(", %u bytes\n", p->length);
    return 0;
}

/* The program first, the interface after it: so no packet comes that the program has not seen. */
static int start(int sock, int program, unsigned int index)
{
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET,
        .sll_protocol = htons(ETH_P_ALL),
        .sll_ifindex = index,
    };

    if (setsockopt(sock, SOL_SOCKET, SO_ATTACH_BPF, &program, sizeof(program)))
        return -errno;
    if (bind(sock, (struct sockaddr *)&address, sizeof(address)))
        return -errno;
    return 0;
}

int main(int argc, char **argv)
{
    struct ring_buffer *packets = NULL;
    struct sockfilter_bpf *skel;
    unsigned int index;
    int sock = -1, err;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    index = if_nametoindex(interface);
    if (!index) {
        fprintf(stderr, "sockfilter: %s: %s\n", interface, strerror(errno));
        return 1;
    }

    skel = sockfilter_bpf__open();
    if (!skel)
        return 1;
    skel->rodata->wanted_port = port;
    err = sockfilter_bpf__load(skel);
    if (err)
        goto out;
    packets = ring_buffer__new(bpf_map__fd(skel->maps.packets), print_packet, NULL, NULL);
    sock = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (!packets || sock < 0) {
        err = -errno;
        goto out;
    }
    err = start(sock, bpf_program__fd(skel->progs.report), index);
    if (err)
        goto out;

    printf("Packets of %s... Hit Ctrl-C to end.\n", interface);
    while (!stop) {
        err = ring_buffer__poll(packets, 100);
        if (err < 0 && err != -EINTR)
            break;
        err = 0;
    }
out:
    if (err)
        fprintf(stderr, "sockfilter: %s\n", strerror(-err));
    if (sock >= 0)
        close(sock);
    ring_buffer__free(packets);
    sockfilter_bpf__destroy(skel);
    return err ? 1 : 0;
}
