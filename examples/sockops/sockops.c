// SPDX-License-Identifier: BSD-2-Clause
/* Prints the TCP connections of the processes in a cgroup; joins those within it, if asked to. */
#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "sockops.h"
#include "sockops.skel.h"

static const char *cgroup;
static bool redirect;
static volatile sig_atomic_t stop;

static const struct argp_option options[] = {
    { .name = "redirect", .key = 'r', .doc = "Let data between two sockets of the cgroup bypass TCP" },
    {},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case 'r':
        redirect = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "%s: one cgroup only", argument);
        cgroup = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which cgroup? Its folder is wanted");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "CGROUP",
    .doc = "Prints TCP connections of processes in CGROUP, a folder of cgroup2 under one that wasm-bpf was given with --dir.",
};

static void on_signal(int signal)
{
    stop = 1;
}

static void print_end(char *text, size_t size, const unsigned char *address, unsigned port)
{
    static const unsigned char v4[12] = { [10] = 0xff, [11] = 0xff };
    char host[INET6_ADDRSTRLEN];

    if (!memcmp(address, v4, sizeof(v4)))
        snprintf(text, size, "%s:%u", inet_ntop(AF_INET, address + 12, host, sizeof(host)), port);
    else
        snprintf(text, size, "[%s]:%u", inet_ntop(AF_INET6, address, host, sizeof(host)), port);
}

static int print_event(void *ctx, void *data, size_t size)
{
    static const char *const what[] = { [CONNECTED] = "connected", [ACCEPTED] = "accepted", [CLOSED] = "closed" };
    const struct event *e = data;
    char local[INET6_ADDRSTRLEN + 8], remote[INET6_ADDRSTRLEN + 8];

    print_end(local, sizeof(local), e->local, e->local_port);
    print_end(remote, sizeof(remote), e->remote, e->remote_port);
    printf("%-9s %s > %s rtt %.3f ms", what[e->what], local, remote, e->srtt_us / 1e3);
    if (e->what == CLOSED)
        printf(", sent %llu, received %llu bytes, %u retransmitted", e->sent, e->received, e->retransmitted);
    printf("\n");
    return 0;
}

int main(int argc, char **argv)
{
    struct ring_buffer *events = NULL;
    struct sockops_bpf *skel = NULL;
    int err, folder;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    folder = open(cgroup, O_RDONLY | O_DIRECTORY);
    if (folder < 0) {
        fprintf(stderr, "sockops: %s: %s; is it under a folder given with wasm-bpf --dir?\n", cgroup, strerror(errno));
        return 1;
    }
    skel = sockops_bpf__open();
    if (!skel) {
        err = -errno;
        goto out;
    }
    skel->rodata->redirect = redirect;
    bpf_program__set_autoload(skel->progs.pass_on, redirect);
    err = sockops_bpf__load(skel);
    if (err)
        goto out;
    if (redirect) {
        err = bpf_prog_attach(bpf_program__fd(skel->progs.pass_on), bpf_map__fd(skel->maps.sockets), BPF_SK_MSG_VERDICT, 0);
        if (err)
            goto out;
    }
    skel->links.connections = bpf_program__attach_cgroup(skel->progs.connections, folder);
    if (!skel->links.connections) {
        err = -errno;
        fprintf(stderr, "sockops: cannot attach to %s; is it a folder of cgroup2?\n", cgroup);
        goto out;
    }
    events = ring_buffer__new(bpf_map__fd(skel->maps.events), print_event, NULL, NULL);
    if (!events) {
        err = -errno;
        goto out;
    }

    printf("TCP connections of %s... Hit Ctrl-C to end.\n", cgroup);
    while (!stop) {
        err = ring_buffer__poll(events, 100);
        if (err < 0 && err != -EINTR)
            break;
        err = 0;
    }
    ring_buffer__consume(events);
    if (redirect)
        printf("past TCP: %llu messages, %llu bytes\n", (unsigned long long)skel->bss->messages, (unsigned long long)skel->bss->bytes);
out:
    if (err)
        fprintf(stderr, "sockops: %s\n", strerror(-err));
    ring_buffer__free(events);
    sockops_bpf__destroy(skel);
    close(folder);
    return err ? 1 : 0;
}
