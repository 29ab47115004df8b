// SPDX-License-Identifier: BSD-2-Clause
/* Prints the IPv4 packets of an interface, with programs on clsact's two hooks. */
#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <bpf/libbpf.h>

#include "tc.h"
#include "tc.skel.h"

static const char *interface;
static volatile sig_atomic_t stop;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "%s: one interface only", argument);
        interface = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which interface? ip link lists them");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .parser = parse,
    .args_doc = "INTERFACE",
    .doc = "Prints the IPv4 packets that INTERFACE receives and sends.",
};

static void on_signal(int signal)
{
    stop = 1;
}

static int print_packet(void *ctx, void *data, size_t size)
{
    const struct packet *p = data;
    char source[INET_ADDRSTRLEN], target[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, &p->source, source, sizeof(source));
    inet_ntop(AF_INET, &p->target, target, sizeof(target));
    printf("%-3s %s > %s protocol %u ttl %u, %u bytes\n", p->egress ? "out" : "in", source, target, p->protocol, p->ttl, p->length);
    return 0;
}

int main(int argc, char **argv)
{
    DECLARE_LIBBPF_OPTS(bpf_tc_hook, hook, .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
    DECLARE_LIBBPF_OPTS(bpf_tc_opts, in, .handle = 1, .priority = 1);
    DECLARE_LIBBPF_OPTS(bpf_tc_opts, out, .handle = 1, .priority = 1);
    bool created = false, attached_in = false, attached_out = false;
    struct ring_buffer *packets = NULL;
    struct tc_bpf *skel;
    int err;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    hook.ifindex = if_nametoindex(interface);
    if (!hook.ifindex) {
        fprintf(stderr, "tc: %s: %s\n", interface, strerror(errno));
        return 1;
    }

    skel = tc_bpf__open_and_load();
    if (!skel)
        return 1;
    /* A clsact that is there already is used and left. */
    err = bpf_tc_hook_create(&hook);
    if (err && err != -EEXIST)
        goto out;
    created = !err;
    hook.attach_point = BPF_TC_INGRESS;
    in.prog_fd = bpf_program__fd(skel->progs.ingress);
    err = bpf_tc_attach(&hook, &in);
    if (err)
        goto out;
    attached_in = true;
    hook.attach_point = BPF_TC_EGRESS;
    out.prog_fd = bpf_program__fd(skel->progs.egress);
    err = bpf_tc_attach(&hook, &out);
    if (err)
        goto out;
    attached_out = true;
    packets = ring_buffer__new(bpf_map__fd(skel->maps.packets), print_packet, NULL, NULL);
    if (!packets) {
        err = -errno;
        goto out;
    }

    printf("Packets of %s... Hit Ctrl-C to end.\n", interface);
    while (!stop) {
        err = ring_buffer__poll(packets, 100);
        if (err < 0 && err != -EINTR)
            break;
        err = 0;
    }
out:
    if (err)
        fprintf(stderr, "tc: %s\n", strerror(-err));
    if (attached_out) {
        out.flags = out.prog_fd = out.prog_id = 0;
        hook.attach_point = BPF_TC_EGRESS;
        bpf_tc_detach(&hook, &out);
    }
    if (attached_in) {
        in.flags = in.prog_fd = in.prog_id = 0;
        hook.attach_point = BPF_TC_INGRESS;
        bpf_tc_detach(&hook, &in);
    }
    if (created) {
        hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
        bpf_tc_hook_destroy(&hook);
    }
    ring_buffer__free(packets);
    tc_bpf__destroy(skel);
    return err ? 1 : 0;
}
