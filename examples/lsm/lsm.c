// SPDX-License-Identifier: BSD-2-Clause
/* Protects directories of a name from being removed or renamed, and prints who tried. */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "lsm.h"
#include "lsm.skel.h"

static const char *name = "wasm-bpf-keep";
static volatile sig_atomic_t stop;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    if (state->arg_num > 0)
        argp_error(state, "%s: one name only", argument);
    if (!*argument || strchr(argument, '/') || !strcmp(argument, ".") || !strcmp(argument, ".."))
        argp_error(state, "%s: not the name of a directory, without a path", argument);
    if (strlen(argument) >= NAME_SIZE)
        argp_error(state, "%s: longer than %d bytes", argument, NAME_SIZE - 1);
    name = argument;
    return 0;
}

static const struct argp argp = {
    .parser = parse,
    .args_doc = "[NAME]",
    .doc = "Denies removing and renaming directories called NAME (wasm-bpf-keep), wherever they are, until Ctrl-C.",
};

static void on_signal(int signal)
{
    stop = 1;
}

static int print_denial(void *ctx, void *data, size_t size)
{
    const struct denial *d = data;

    printf("denied: %s(%d) of user %u wanted to %s %s\n", d->comm, d->pid, d->uid,
           d->what == RENAME ? "rename" : "remove", name);
    return 0;
}

int main(int argc, char **argv)
{
    struct ring_buffer *denials = NULL;
    struct lsm_bpf *skel;
    int err;

    err = argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (err)
        return err;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    skel = lsm_bpf__open();
    if (!skel)
        return 1;
    strcpy((char *)skel->rodata->protected_name, name);
    err = lsm_bpf__load(skel);
    if (!err)
        err = lsm_bpf__attach(skel);
    if (err)
        goto out;
    denials = ring_buffer__new(bpf_map__fd(skel->maps.denials), print_denial, NULL, NULL);
    if (!denials) {
        err = -errno;
        goto out;
    }

    printf("Directories called %s cannot be removed or renamed... Hit Ctrl-C to end.\n", name);
    while (!stop) {
        err = ring_buffer__poll(denials, 100);
        if (err < 0 && err != -EINTR)
            break;
        err = 0;
    }
out:
    if (err)
        fprintf(stderr, "lsm: %s\n", strerror(-err));
    ring_buffer__free(denials);
    lsm_bpf__destroy(skel);
    return err ? 1 : 0;
}
