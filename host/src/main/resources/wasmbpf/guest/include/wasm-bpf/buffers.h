/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * wasm-bpf/buffers.h: ring buffers, perf buffers, user ring buffers. An event lies in this memory while its callback runs;
 * it has the size the kernel gave it, whatever that is.
 */
#ifndef WASM_BPF_BUFFERS_H
#define WASM_BPF_BUFFERS_H

#include <linux/perf_event.h>
#include <wasm-bpf/object.h>
#include <wasm-bpf/signals.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a callback of raw events says. */
enum bpf_perf_event_ret {
    LIBBPF_PERF_EVENT_DONE = 0, /* enough of this CPU for now */
    LIBBPF_PERF_EVENT_ERROR = -1,
    LIBBPF_PERF_EVENT_CONT = -2,
};

/* What an event is handed over in: the host asks for more room when it needs it. */
struct wasm_bpf__room {
    void *data;
    struct wasm_bpf__room *next; /* of the same set */
    int buffers;
    int index;
    int map_fd;
    struct wasm_bpf_event event;
    void *ctx;
    int (*ring_fn)(void *ctx, void *data, size_t size);
    void (*sample_fn)(void *ctx, int cpu, void *data, __u32 size);
    void (*lost_fn)(void *ctx, int cpu, __u64 cnt);
    enum bpf_perf_event_ret (*raw_fn)(void *ctx, int cpu, struct perf_event_header *event);
};

struct ring_buffer {
    int buffers;
    struct wasm_bpf__room *rooms;
};

struct perf_buffer {
    int buffers;
    struct wasm_bpf__room *rooms;
};

static inline int wasm_bpf__more(void *ctx, void *data, size_t size)
{
    struct wasm_bpf__room *room = (struct wasm_bpf__room *)ctx;
    void *more = malloc(size);
    (void)data;
    if (more) {
        free(room->data);
        room->data = more;
    }
    return (int)(intptr_t)more;
}

static inline int wasm_bpf__ring_event(void *ctx, void *data, size_t size)
{
    struct wasm_bpf__room *room = (struct wasm_bpf__room *)ctx;
    return room->ring_fn(room->ctx, data, size);
}

static inline int wasm_bpf__perf_event(void *ctx, void *data, size_t size)
{
    struct wasm_bpf__room *room = (struct wasm_bpf__room *)ctx;
    if (!room->event.is_lost) {
        if (room->sample_fn)
            room->sample_fn(room->ctx, room->event.cpu, data, (__u32)size);
    } else if (room->lost_fn) {
        room->lost_fn(room->ctx, room->event.cpu, room->event.lost);
    }
    return 0;
}

static inline int wasm_bpf__raw_event(void *ctx, void *data, size_t size)
{
    struct wasm_bpf__room *room = (struct wasm_bpf__room *)ctx;
    enum bpf_perf_event_ret ret = room->raw_fn(room->ctx, room->event.cpu, (struct perf_event_header *)data);
    (void)size;
    return ret == LIBBPF_PERF_EVENT_CONT ? 0 : ret == LIBBPF_PERF_EVENT_DONE ? 1 : (int)ret;
}

static inline void wasm_bpf__rooms_free(struct wasm_bpf__room *rooms)
{
    while (rooms) {
        struct wasm_bpf__room *next = rooms->next;
        free(rooms->data);
        free(rooms);
        rooms = next;
    }
}

/* Adds a buffer to a set, with what else the options say; the room becomes the set's. */
static inline int wasm_bpf__add(int buffers, struct wasm_bpf__room **rooms, struct wasm_bpf_buffer_options *options,
                                struct wasm_bpf__room *room)
{
    options->size = sizeof(*options);
    options->ctx = room;
    options->data_size = 512;
    options->data = room->data = malloc(options->data_size);
    options->more = wasm_bpf__more;
    options->event = &room->event;
    if (!options->data) {
        free(room);
        return libbpf_err(-12);
    }
    int index = wasm_bpf_buffers_add(buffers, options);
    if (index < 0) {
        wasm_bpf__rooms_free(room);
        return wasm_bpf__err(index);
    }
    room->buffers = buffers;
    room->index = index;
    room->map_fd = options->map;
    room->next = *rooms;
    *rooms = room;
    return 0;
}

/* ---- ring buffers --------------------------------------------------------------------------------------------------- */

typedef int (*ring_buffer_sample_fn)(void *ctx, void *data, size_t size);

struct ring_buffer_opts {
    size_t sz;
};
#define ring_buffer_opts__last_field sz

static inline int ring_buffer__add(struct ring_buffer *rb, int map_fd, ring_buffer_sample_fn sample_cb, void *ctx)
{
    struct wasm_bpf__room *room = (struct wasm_bpf__room *)calloc(1, sizeof(*room));
    if (!room)
        return libbpf_err(-12);
    struct wasm_bpf_buffer_options options;
    memset(&options, 0, sizeof(options));
    options.map = map_fd;
    options.fn = wasm_bpf__ring_event;
    room->ctx = ctx;
    room->ring_fn = sample_cb;
    return wasm_bpf__add(rb->buffers, &rb->rooms, &options, room);
}

static inline void ring_buffer__free(struct ring_buffer *rb)
{
    if (!rb || (uintptr_t)rb >= (uintptr_t)-4095)
        return;
    wasm_bpf_buffers_free(rb->buffers);
    wasm_bpf__rooms_free(rb->rooms);
    free(rb);
}

/* sample_cb gets each event; a negative result ends the poll, which returns it. */
static inline struct ring_buffer *ring_buffer__new(int map_fd, ring_buffer_sample_fn sample_cb, void *ctx,
                                                   const struct ring_buffer_opts *opts)
{
    struct ring_buffer *rb = (struct ring_buffer *)calloc(1, sizeof(*rb));
    (void)opts;
    if (!rb) {
        errno = ENOMEM;
        return NULL;
    }
    rb->buffers = wasm_bpf_buffers_new();
    if (rb->buffers < 0) {
        wasm_bpf__err(rb->buffers);
        free(rb);
        return NULL;
    }
    int err = ring_buffer__add(rb, map_fd, sample_cb, ctx);
    if (err) {
        ring_buffer__free(rb);
        errno = -err;
        return NULL;
    }
    return rb;
}

static inline int wasm_bpf__poll(int buffers, int timeout_ms)
{
    int64_t wait = wasm_bpf__until_alarm(timeout_ms < 0 ? -1 : timeout_ms * 1000000LL);
    int ret = wasm_bpf_buffers_poll(buffers, wait < 0 ? -1 : (int)((wait + 999999) / 1000000));
    if (ret == -4)
        wasm_bpf__signals();
    return wasm_bpf__alarm_due() && ret == 0 ? -4 : ret;
}

/* How many events were handed on: those there are or, if there are none, that come within timeout_ms (negative: for
 * ever). 0 when the time is over, -EINTR when a signal came, whose handler ran. */
static inline int ring_buffer__poll(struct ring_buffer *rb, int timeout_ms)
{
    return libbpf_err(wasm_bpf__poll(rb->buffers, timeout_ms));
}

static inline int ring_buffer__consume(struct ring_buffer *rb)
{
    return libbpf_err(wasm_bpf_buffers_consume(rb->buffers, -1, 0));
}

static inline int ring_buffer__consume_n(struct ring_buffer *rb, size_t n)
{
    return libbpf_err(wasm_bpf_buffers_consume(rb->buffers, -1, (int)n));
}

/* One of the ring buffers that are polled together. */
struct ring {
    struct wasm_bpf__room room;
};

static inline struct ring *ring_buffer__ring(struct ring_buffer *rb, unsigned int idx)
{
    for (struct wasm_bpf__room *room = rb->rooms; room; room = room->next) {
        if (room->index == (int)idx)
            return (struct ring *)room;
    }
    errno = ERANGE;
    return NULL;
}

static inline int64_t wasm_bpf__ring_get(const struct ring *r, enum wasm_bpf_buffers_property property)
{
    return wasm_bpf_buffers_get(r->room.buffers, r->room.index, property);
}

/* Bytes since the buffer was made; a long of the module's wraps at 4 GiB. */
static inline unsigned long ring__consumer_pos(const struct ring *r)
{
    return (unsigned long)wasm_bpf__ring_get(r, WASM_BPF_BUFFERS_CONSUMER);
}

static inline unsigned long ring__producer_pos(const struct ring *r)
{
    return (unsigned long)wasm_bpf__ring_get(r, WASM_BPF_BUFFERS_PRODUCER);
}

static inline size_t ring__avail_data_size(const struct ring *r)
{
    return ring__producer_pos(r) - ring__consumer_pos(r);
}

static inline size_t ring__size(const struct ring *r)
{
    return (size_t)wasm_bpf__ring_get(r, WASM_BPF_BUFFERS_SIZE);
}

static inline int ring__map_fd(const struct ring *r)
{
    return r->room.map_fd;
}

/* At most n events; 0: as many as there are. */
static inline int ring__consume_n(struct ring *r, size_t n)
{
    return libbpf_err(wasm_bpf_buffers_consume(r->room.buffers, r->room.index, (int)n));
}

static inline int ring__consume(struct ring *r)
{
    return ring__consume_n(r, 0);
}

/* Readable when there are events. */
static inline int ring_buffer__epoll_fd(const struct ring_buffer *rb)
{
    return libbpf_err((int)wasm_bpf_buffers_get(rb->buffers, 0, WASM_BPF_BUFFERS_EPOLL_FD));
}

/* ---- perf buffers --------------------------------------------------------------------------------------------------- */

typedef void (*perf_buffer_sample_fn)(void *ctx, int cpu, void *data, __u32 size);
typedef void (*perf_buffer_lost_fn)(void *ctx, int cpu, __u64 cnt);

struct perf_buffer_opts {
    size_t sz;
    __u32 sample_period; /* every event wakes */
    size_t : 0;
};
#define perf_buffer_opts__last_field sample_period

static inline void perf_buffer__free(struct perf_buffer *pb)
{
    if (!pb || (uintptr_t)pb >= (uintptr_t)-4095)
        return;
    wasm_bpf_buffers_free(pb->buffers);
    wasm_bpf__rooms_free(pb->rooms);
    free(pb);
}

/* A perf buffer of the room's callbacks, which becomes its. */
static inline struct perf_buffer *wasm_bpf__perf_buffer(struct wasm_bpf_buffer_options *options,
                                                        struct wasm_bpf__room *room)
{
    struct perf_buffer *pb = (struct perf_buffer *)calloc(1, sizeof(*pb));
    if (!pb) {
        free(room);
        errno = ENOMEM;
        return NULL;
    }
    pb->buffers = wasm_bpf_buffers_new();
    if (pb->buffers < 0) {
        wasm_bpf__err(pb->buffers);
        free(room);
        free(pb);
        return NULL;
    }
    int err = wasm_bpf__add(pb->buffers, &pb->rooms, options, room);
    if (err) {
        perf_buffer__free(pb);
        errno = -err;
        return NULL;
    }
    return pb;
}

/* page_cnt pages, a power of two, for each CPU. lost_cb is told in its turn how many events the kernel dropped. */
static inline struct perf_buffer *perf_buffer__new(int map_fd, size_t page_cnt, perf_buffer_sample_fn sample_cb,
                                                   perf_buffer_lost_fn lost_cb, void *ctx,
                                                   const struct perf_buffer_opts *opts)
{
    struct wasm_bpf__room *room = (struct wasm_bpf__room *)calloc(1, sizeof(*room));
    struct wasm_bpf_buffer_options options;
    (void)opts;
    if (!room) {
        errno = ENOMEM;
        return NULL;
    }
    memset(&options, 0, sizeof(options));
    options.map = map_fd;
    options.pages = (uint32_t)page_cnt;
    options.fn = wasm_bpf__perf_event;
    room->ctx = ctx;
    room->sample_fn = sample_cb;
    room->lost_fn = lost_cb;
    return wasm_bpf__perf_buffer(&options, room);
}

typedef enum bpf_perf_event_ret (*perf_buffer_event_fn)(void *ctx, int cpu, struct perf_event_header *event);

struct perf_buffer_raw_opts {
    size_t sz;
    long : 0;
    long : 0;
    int cpu_cnt; /* 0: all that are online, each under its number */
    int *cpus;
    int *map_keys;
};
#define perf_buffer_raw_opts__last_field map_keys

/* Perf events of the caller's kind; event_cb gets their records as the kernel wrote them. */
static inline struct perf_buffer *perf_buffer__new_raw(int map_fd, size_t page_cnt, struct perf_event_attr *attr,
                                                       perf_buffer_event_fn event_cb, void *ctx,
                                                       const struct perf_buffer_raw_opts *opts)
{
    struct wasm_bpf__room *room = attr ? (struct wasm_bpf__room *)calloc(1, sizeof(*room)) : NULL;
    struct wasm_bpf_buffer_options options;
    if (!room) {
        errno = attr ? ENOMEM : EINVAL;
        return NULL;
    }
    memset(&options, 0, sizeof(options));
    options.map = map_fd;
    options.pages = (uint32_t)page_cnt;
    options.fn = wasm_bpf__raw_event;
    options.attr = attr;
    options.cpu_cnt = (uint32_t)WASM_BPF__OPT(opts, cpu_cnt, 0);
    options.cpus = WASM_BPF__OPT(opts, cpus, NULL);
    options.map_keys = WASM_BPF__OPT(opts, map_keys, NULL);
    room->ctx = ctx;
    room->raw_fn = event_cb;
    return wasm_bpf__perf_buffer(&options, room);
}

/* As ring_buffer__poll: events handed on. (libbpf counts the buffers that had some.) */
static inline int perf_buffer__poll(struct perf_buffer *pb, int timeout_ms)
{
    return libbpf_err(wasm_bpf__poll(pb->buffers, timeout_ms));
}

static inline int perf_buffer__consume(struct perf_buffer *pb)
{
    int ret = libbpf_err(wasm_bpf_buffers_consume(pb->buffers, -1, 0));
    return ret < 0 ? ret : 0;
}

/* The same of one CPU's ring, counted from 0. */
static inline int perf_buffer__consume_buffer(struct perf_buffer *pb, size_t buf_idx)
{
    int ret = libbpf_err(wasm_bpf_buffers_consume(pb->buffers, -2 - (int)buf_idx, 0));
    return ret < 0 ? ret : 0;
}

/* The perf event's descriptor, readable when the ring has events; the buffer keeps it. */
static inline int perf_buffer__buffer_fd(const struct perf_buffer *pb, size_t buf_idx)
{
    return libbpf_err((int)wasm_bpf_buffers_get(pb->buffers, (int)buf_idx, WASM_BPF_BUFFERS_RING_FD));
}

static inline int perf_buffer__epoll_fd(const struct perf_buffer *pb)
{
    return libbpf_err((int)wasm_bpf_buffers_get(pb->buffers, 0, WASM_BPF_BUFFERS_EPOLL_FD));
}

static inline size_t perf_buffer__buffer_cnt(const struct perf_buffer *pb)
{
    return (size_t)wasm_bpf_buffers_get(pb->buffers, 0, WASM_BPF_BUFFERS_RINGS);
}

/* ---- user ring buffers ---------------------------------------------------------------------------------------------- */

struct user_ring_buffer_opts {
    size_t sz;
};
#define user_ring_buffer_opts__last_field sz

struct user_ring_buffer {
    int ring;
};

/* What precedes a record in this memory until it is committed. */
struct wasm_bpf__record {
    int64_t number;
    int64_t align;
};

static inline struct user_ring_buffer *user_ring_buffer__new(int map_fd, const struct user_ring_buffer_opts *opts)
{
    struct user_ring_buffer *rb = (struct user_ring_buffer *)calloc(1, sizeof(*rb));
    (void)opts;
    if (!rb) {
        errno = ENOMEM;
        return NULL;
    }
    rb->ring = wasm_bpf_user_ring_new(map_fd);
    if (rb->ring < 0) {
        wasm_bpf__err(rb->ring);
        free(rb);
        return NULL;
    }
    return rb;
}

/* Room for a record, to be filled and submitted; NULL and ENOSPC while the ring is full for timeout_ms (negative: for
 * ever). */
static inline void *user_ring_buffer__reserve_blocking(struct user_ring_buffer *rb, __u32 size, int timeout_ms)
{
    struct wasm_bpf__record *record = (struct wasm_bpf__record *)malloc(sizeof(*record) + size);
    if (!record) {
        errno = ENOMEM;
        return NULL;
    }
    int64_t number = wasm_bpf_user_ring_reserve(rb->ring, size, timeout_ms);
    if (number < 0) {
        free(record);
        wasm_bpf__err((int)number);
        return NULL;
    }
    record->number = number;
    return record + 1;
}

static inline void *user_ring_buffer__reserve(struct user_ring_buffer *rb, __u32 size)
{
    return user_ring_buffer__reserve_blocking(rb, size, 0);
}

static inline void wasm_bpf__commit(struct user_ring_buffer *rb, void *sample, int discard)
{
    struct wasm_bpf__record *record = (struct wasm_bpf__record *)sample - 1;
    wasm_bpf_user_ring_commit(rb->ring, record->number, sample, discard);
    free(record);
}

static inline void user_ring_buffer__submit(struct user_ring_buffer *rb, void *sample)
{
    wasm_bpf__commit(rb, sample, 0);
}

static inline void user_ring_buffer__discard(struct user_ring_buffer *rb, void *sample)
{
    wasm_bpf__commit(rb, sample, 1);
}

static inline void user_ring_buffer__free(struct user_ring_buffer *rb)
{
    if (!rb)
        return;
    wasm_bpf_user_ring_free(rb->ring);
    free(rb);
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_BUFFERS_H */
