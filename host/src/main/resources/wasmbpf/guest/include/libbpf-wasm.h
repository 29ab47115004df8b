/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * libbpf-wasm.h: libbpf's API for wasm-bpf modules, header only, and the few functions that wasm-bpf had before.
 *
 * A skeleton (wasm-bpf gen skeleton OBJ > OBJ.skel.h) includes it. Build a module with
 *
 *     clang --target=wasm32-wasi --sysroot=SYSROOT -O2 -IINCLUDE -c foo.c
 *     clang --target=wasm32-wasi --sysroot=SYSROOT -Wl,--export-table,--allow-undefined foo.o -o foo.wasm
 *
 * Functions return libbpf's values: 0 or a count on success, a negative errno on failure; functions that return a
 * pointer return NULL. The host functions below it all are described in docs/abi.md.
 */
#ifndef LIBBPF_WASM_H
#define LIBBPF_WASM_H

#include <bpf/libbpf.h>

#ifdef __cplusplus
extern "C" {
#endif

/* wasm_bpf_map_operate's commands by the names they had. */
enum {
    _BPF_MAP_LOOKUP_ELEM = BPF_MAP_LOOKUP_ELEM,
    _BPF_MAP_UPDATE_ELEM = BPF_MAP_UPDATE_ELEM,
    _BPF_MAP_DELETE_ELEM = BPF_MAP_DELETE_ELEM,
    _BPF_MAP_GET_NEXT_KEY = BPF_MAP_GET_NEXT_KEY,
};

/* The longest event that a bpf_buffer hands on whole; define it before the include to change it. */
#ifndef WASM_BPF_EVENT_SIZE
#define WASM_BPF_EVENT_SIZE 65536
#endif

struct bpf_buffer {
    struct bpf_map *events;
    int fd;
    void *ctx;
    bpf_buffer_sample_fn sample_fn;
    void *event;
    int stopped; /* what the callback returned, if that ended the poll */
};

static inline int wasm_bpf__event(void *ctx, void *data, size_t size)
{
    struct bpf_buffer *buffer = (struct bpf_buffer *)ctx;
    int result = buffer->sample_fn(buffer->ctx, data, size);
    if (result < 0)
        buffer->stopped = result;
    return result;
}

/* For a map of type RINGBUF or PERF_EVENT_ARRAY. */
static inline struct bpf_buffer *bpf_buffer__new(struct bpf_map *events)
{
    int fd = bpf_map__fd(events);
    if (fd < 0)
        return NULL;
    struct bpf_buffer *buffer = (struct bpf_buffer *)calloc(1, sizeof(*buffer));
    if (!buffer)
        return NULL;
    buffer->events = events;
    buffer->fd = fd;
    buffer->event = malloc(WASM_BPF_EVENT_SIZE);
    if (!buffer->event) {
        free(buffer);
        return NULL;
    }
    return buffer;
}

static inline struct bpf_buffer *bpf_buffer__open(struct bpf_map *events, bpf_buffer_sample_fn sample_cb, void *ctx)
{
    struct bpf_buffer *buffer = bpf_buffer__new(events);
    if (!buffer)
        return NULL;
    buffer->sample_fn = sample_cb;
    buffer->ctx = ctx;
    return buffer;
}

/* Calls sample_cb for each event that is there, or that comes within timeout_ms (<= 0: 100). Returns their number, 0
 * at the time limit, -EINTR at Ctrl-C, or what the callback returned if that was negative. */
static inline int bpf_buffer__poll(struct bpf_buffer *buffer, int timeout_ms)
{
    buffer->stopped = 0;
    int result = wasm_bpf_buffer_poll(buffer->events->obj->handle, buffer->fd, wasm_bpf__event, buffer, buffer->event,
                                      WASM_BPF_EVENT_SIZE, timeout_ms > 0 ? timeout_ms : 100);
    if (buffer->stopped)
        return buffer->stopped;
    /* An interrupted poll of this kind returns EINTR in WASI's number: see docs/abi.md. */
    if (result == -EINTR) {
        wasm_bpf__signals();
        return result;
    }
    return wasm_bpf__errno(result);
}

static inline void bpf_buffer__free(struct bpf_buffer *buffer)
{
    if (!buffer)
        return;
    free(buffer->event);
    free(buffer);
}

#ifdef __cplusplus
}
#endif

#endif /* LIBBPF_WASM_H */
