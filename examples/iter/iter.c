// SPDX-License-Identifier: BSD-2-Clause
/* Lists processes, users or TCP sockets as the kernel's iterators give them. */
#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "iter.h"
#include "iter.skel.h"

#define LINUX_AF_INET6 10

static const char *what = "processes";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    if (state->arg_num > 0)
        argp_error(state, "%s: one of them at a time", argument);
    if (strcmp(argument, "processes") && strcmp(argument, "users") && strcmp(argument, "tcp"))
        argp_error(state, "%s: not processes, users or tcp", argument);
    what = argument;
    return 0;
}

static const struct argp argp = {
    .parser = parse,
    .args_doc = "[processes|users|tcp]",
    .doc = "Lists processes, how many processes and threads each user has, or TCP sockets.",
};

/* Runs the iterator once and hands on what it wrote, in whole pieces of that size. 0 or a negative errno. */
static int drain(struct bpf_link *link, size_t piece, void (*take)(const void *data, size_t size))
{
    char data[16384];
    size_t held = 0;
    ssize_t count;
    int fd;

    if (!link)
        return -errno;
    fd = bpf_iter_create(bpf_link__fd(link));
    if (fd < 0)
        return fd;
    /* EAGAIN: a step took long, and nothing was written. */
    while ((count = read(fd, data + held, sizeof(data) - held)) > 0 || (count < 0 && errno == EAGAIN)) {
        if (count < 0)
            continue;
        size_t whole = (held + count) / piece * piece;

        take(data, whole);
        held = held + count - whole;
        memmove(data, data + whole, held);
    }
    int err = count < 0 ? -errno : 0;

    close(fd);
    return err;
}

static void print_text(const void *data, size_t size)
{
    fwrite(data, 1, size, stdout);
}

static void no_text(const void *data, size_t size)
{
}

static void print_sockets(const void *data, size_t size)
{
    static const char *const states[] = { "?", "ESTABLISHED", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT",
                                          "CLOSE", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING", "NEW-SYN-RECV" };

    for (const struct tcp_socket *s = data; (const char *)s < (const char *)data + size; s++) {
        int family = s->family == LINUX_AF_INET6 ? AF_INET6 : AF_INET;
        char local[INET6_ADDRSTRLEN], remote[INET6_ADDRSTRLEN];

        inet_ntop(family, s->local, local, sizeof(local));
        inet_ntop(family, s->remote, remote, sizeof(remote));
        printf("%-12s %6u %-24s %5u %-24s %5u\n", states[s->state < 13 ? s->state : 0], s->uid, local, s->local_port, remote,
               s->remote_port);
    }
}

int main(int argc, char **argv)
{
    union bpf_iter_link_info info = {};
    LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info, .link_info_len = sizeof(info));
    struct iter_bpf *skel;
    int err;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;

    bool users = !strcmp(what, "users"), sockets = !strcmp(what, "tcp");

    skel = iter_bpf__open();
    if (!skel)
        return 1;
    bpf_program__set_autoload(skel->progs.tasks, !sockets);
    bpf_program__set_autoload(skel->progs.elements, users);
    bpf_program__set_autoload(skel->progs.tcp, sockets);
    err = iter_bpf__load(skel);
    if (err)
        goto out;
    if (sockets) {
        skel->links.tcp = bpf_program__attach_iter(skel->progs.tcp, NULL);
        printf("%-12s %6s %-24s %5s %-24s %5s\n", "STATE", "UID", "LOCAL", "PORT", "REMOTE", "PORT");
        err = drain(skel->links.tcp, sizeof(struct tcp_socket), print_sockets);
        goto out;
    }
    skel->links.tasks = bpf_program__attach_iter(skel->progs.tasks, NULL);
    err = drain(skel->links.tasks, 1, users ? no_text : print_text);
    if (!err && users) {
        info.map.map_fd = bpf_map__fd(skel->maps.users);
        skel->links.elements = bpf_program__attach_iter(skel->progs.elements, &opts);
        err = drain(skel->links.elements, 1, print_text);
    }
out:
    if (err)
        fprintf(stderr, "iter: %s\n", strerror(-err));
    iter_bpf__destroy(skel);
    return err ? 1 : 0;
}
