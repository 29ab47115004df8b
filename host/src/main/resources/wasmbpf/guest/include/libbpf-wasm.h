/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * libbpf-wasm.h: the part of libbpf's API that a wasm-bpf module has, header only.
 *
 * A skeleton (wasm-bpf gen skeleton OBJ > OBJ.skel.h) includes it. Build a module with
 *
 *     clang --target=wasm32-wasi --sysroot=SYSROOT -O2 -Wl,--export-table,--allow-undefined foo.c -o foo.wasm
 *
 * Functions return libbpf's values: 0 or a count on success, a negative errno on failure; functions that return a
 * pointer return NULL. Memory that a function hands out belongs to the skeleton or the buffer it came from.
 * The host functions below are described in docs/abi.md.
 */
#ifndef LIBBPF_WASM_H
#define LIBBPF_WASM_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WASM_BPF_IMPORT(name) __attribute__((import_module("wasm_bpf"), import_name(#name)))

/* ---- host functions -------------------------------------------------------------------------------------------- */

/* A loaded object; 0 is none. */
typedef uint64_t bpf_object_skel;

typedef int (*bpf_buffer_sample_fn)(void *ctx, void *data, size_t size);

/* Loads the ELF object at obj_buf into the kernel: all its maps and programs. 0 on failure, the reason on stderr. */
WASM_BPF_IMPORT(wasm_load_bpf_object)
bpf_object_skel wasm_load_bpf_object(const void *obj_buf, int obj_buf_sz);

/* Detaches, unloads and forgets the object. */
WASM_BPF_IMPORT(wasm_close_bpf_object)
int wasm_close_bpf_object(bpf_object_skel obj);

/* Attaches a program: by its section name where attach_target is NULL or "", else to the named interface, cgroup,
 * path:symbol, function, category/name ... as fits the program's type. */
WASM_BPF_IMPORT(wasm_attach_bpf_program)
int wasm_attach_bpf_program(bpf_object_skel obj, const char *name, const char *attach_target);

/* Attaches a cgroup program to a preopened directory; a negative descriptor attaches by section name. */
WASM_BPF_IMPORT(wasm_attach_bpf_program_fd)
int wasm_attach_bpf_program_fd(bpf_object_skel obj, const char *name, int target_fd);

/* Waits for events of a ring buffer or perf event array and calls sample_func(ctx, data, size) for each, after copying
 * it (at most max_size bytes) to data. timeout_ms < 0 waits for ever. Returns how many were handed on. */
WASM_BPF_IMPORT(wasm_bpf_buffer_poll)
int wasm_bpf_buffer_poll(bpf_object_skel obj, int fd, bpf_buffer_sample_fn sample_func, void *ctx, void *data,
                         int max_size, int timeout_ms);

WASM_BPF_IMPORT(wasm_bpf_map_fd_by_name)
int wasm_bpf_map_fd_by_name(bpf_object_skel obj, const char *name);

/* cmd is one of enum bpf_cmd below; the pointers that a command does not use are NULL. */
WASM_BPF_IMPORT(wasm_bpf_map_operate)
int wasm_bpf_map_operate(int fd, int cmd, const void *key, void *value, void *next_key, uint64_t flags);

/* ---- constants of the kernel's ABI (include/uapi/linux/bpf.h) ---------------------------------------------------- */

#ifndef __LINUX_BPF_H__ /* the kernel's own header has them too */

enum {
    BPF_ANY = 0,     /* create a new element or update an existing one */
    BPF_NOEXIST = 1, /* create only */
    BPF_EXIST = 2,   /* update only */
    BPF_F_LOCK = 4,  /* spin_lock-ed look-up or update */
};

enum bpf_cmd {
    _BPF_MAP_LOOKUP_ELEM = 1,
    _BPF_MAP_UPDATE_ELEM = 2,
    _BPF_MAP_DELETE_ELEM = 3,
    _BPF_MAP_GET_NEXT_KEY = 4,
};

enum bpf_map_type {
    BPF_MAP_TYPE_UNSPEC,
    BPF_MAP_TYPE_HASH,
    BPF_MAP_TYPE_ARRAY,
    BPF_MAP_TYPE_PROG_ARRAY,
    BPF_MAP_TYPE_PERF_EVENT_ARRAY,
    BPF_MAP_TYPE_PERCPU_HASH,
    BPF_MAP_TYPE_PERCPU_ARRAY,
    BPF_MAP_TYPE_STACK_TRACE,
    BPF_MAP_TYPE_CGROUP_ARRAY,
    BPF_MAP_TYPE_LRU_HASH,
    BPF_MAP_TYPE_LRU_PERCPU_HASH,
    BPF_MAP_TYPE_LPM_TRIE,
    BPF_MAP_TYPE_ARRAY_OF_MAPS,
    BPF_MAP_TYPE_HASH_OF_MAPS,
    BPF_MAP_TYPE_DEVMAP,
    BPF_MAP_TYPE_SOCKMAP,
    BPF_MAP_TYPE_CPUMAP,
    BPF_MAP_TYPE_XSKMAP,
    BPF_MAP_TYPE_SOCKHASH,
    BPF_MAP_TYPE_CGROUP_STORAGE,
    BPF_MAP_TYPE_REUSEPORT_SOCKARRAY,
    BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE,
    BPF_MAP_TYPE_QUEUE,
    BPF_MAP_TYPE_STACK,
    BPF_MAP_TYPE_SK_STORAGE,
    BPF_MAP_TYPE_DEVMAP_HASH,
    BPF_MAP_TYPE_STRUCT_OPS,
    BPF_MAP_TYPE_RINGBUF,
    BPF_MAP_TYPE_INODE_STORAGE,
    BPF_MAP_TYPE_TASK_STORAGE,
    BPF_MAP_TYPE_BLOOM_FILTER,
    BPF_MAP_TYPE_USER_RINGBUF,
    BPF_MAP_TYPE_CGRP_STORAGE,
    BPF_MAP_TYPE_ARENA,
};

#endif

/* ---- objects --------------------------------------------------------------------------------------------------- */

struct bpf_object;

/* The host returns the kernel's error numbers; the guest's C library has WASI's (ENOENT is 2 there and 44 here). What
 * this header hands out is the library's, so that err == -ENOENT and strerror(-err) mean what they say. */
static inline int wasm_bpf__errno(int ret)
{
    switch (-ret) {
    case 1:
        return -EPERM;
    case 2:
        return -ENOENT;
    case 3:
        return -ESRCH;
    case 4:
        return -EINTR;
    case 5:
        return -EIO;
    case 6:
        return -ENXIO;
    case 7:
        return -E2BIG;
    case 8:
        return -ENOEXEC;
    case 9:
        return -EBADF;
    case 11:
        return -EAGAIN;
    case 12:
        return -ENOMEM;
    case 13:
        return -EACCES;
    case 14:
        return -EFAULT;
    case 16:
        return -EBUSY;
    case 17:
        return -EEXIST;
    case 18:
        return -EXDEV;
    case 19:
        return -ENODEV;
    case 20:
        return -ENOTDIR;
    case 21:
        return -EISDIR;
    case 22:
        return -EINVAL;
    case 23:
        return -ENFILE;
    case 24:
        return -EMFILE;
    case 25:
        return -ENOTTY;
    case 26:
        return -ETXTBSY;
    case 27:
        return -EFBIG;
    case 28:
        return -ENOSPC;
    case 29:
        return -ESPIPE;
    case 30:
        return -EROFS;
    case 31:
        return -EMLINK;
    case 32:
        return -EPIPE;
    case 33:
        return -EDOM;
    case 34:
        return -ERANGE;
    case 35:
        return -EDEADLK;
    case 36:
        return -ENAMETOOLONG;
    case 38:
        return -ENOSYS;
    case 40:
        return -ELOOP;
    case 71:
        return -EPROTO;
    case 74:
        return -EBADMSG;
    case 75:
        return -EOVERFLOW;
    case 84:
        return -EILSEQ;
    case 88:
        return -ENOTSOCK;
    case 92:
        return -ENOPROTOOPT;
    case 93:
        return -EPROTONOSUPPORT;
    case 95:
        return -EOPNOTSUPP;
    case 97:
        return -EAFNOSUPPORT;
    case 98:
        return -EADDRINUSE;
    case 99:
        return -EADDRNOTAVAIL;
    case 100:
        return -ENETDOWN;
    case 101:
        return -ENETUNREACH;
    case 105:
        return -ENOBUFS;
    case 106:
        return -EISCONN;
    case 107:
        return -ENOTCONN;
    case 110:
        return -ETIMEDOUT;
    case 111:
        return -ECONNREFUSED;
    case 113:
        return -EHOSTUNREACH;
    case 114:
        return -EALREADY;
    case 115:
        return -EINPROGRESS;
    case 116:
        return -ESTALE;
    case 524:
        return -EOPNOTSUPP;
    default:
        return ret;
    }
}

struct bpf_map {
    uint64_t obj_ptr; /* 0 before the load */
    char name[64];
};

struct bpf_program {
    uint64_t obj_ptr;
    char name[64];
    char attach_target[128];
    int attach_fd; /* < 0: none */
    bool autoattach;
};

struct bpf_map_skeleton {
    const char *name;
    struct bpf_map **map;
    void **mmaped;
};

struct bpf_prog_skeleton {
    const char *name;
    struct bpf_program **prog;
};

struct bpf_object_skeleton {
    size_t sz;
    const char *name;
    void *data; /* the ELF image; what is written to its .rodata before the load is what the programs see */
    size_t data_sz;
    uint32_t rodata_offset; /* file offset of .rodata and of .bss, 0: none */
    uint32_t bss_offset;
    bpf_object_skel obj;
    int map_cnt;
    int map_skel_sz;
    struct bpf_map_skeleton *maps;
    int prog_cnt;
    int prog_skel_sz;
    struct bpf_prog_skeleton *progs;
};

struct bpf_object_open_opts {
    size_t sz;
    const char *object_name;
};

static inline int libbpf_err_errno(int ret)
{
    return ret < 0 ? -errno : ret;
}

/* Where to attach a program instead of where its section name says: an interface, a cgroup path, path:symbol ... */
static inline void bpf_set_prog_attach_target(struct bpf_program *prog, const char *target)
{
    prog->attach_fd = -1;
    prog->attach_target[0] = '\0';
    if (target) {
        strncpy(prog->attach_target, target, sizeof(prog->attach_target) - 1);
        prog->attach_target[sizeof(prog->attach_target) - 1] = '\0';
    }
}

/* The same by a preopened directory (wasm-bpf --dir). */
static inline void bpf_set_prog_attach_target_fd(struct bpf_program *prog, int fd)
{
    prog->attach_target[0] = '\0';
    prog->attach_fd = fd;
}

/* Whether attaching the skeleton attaches this program too. */
static inline void bpf_program__set_autoattach(struct bpf_program *prog, bool autoattach)
{
    prog->autoattach = autoattach;
}

static inline const char *bpf_program__name(const struct bpf_program *prog)
{
    return prog->name;
}

static inline const char *bpf_map__name(const struct bpf_map *map)
{
    return map->name;
}

/* The map's descriptor, or a negative errno: before the load there is none. */
static inline int bpf_map__fd(const struct bpf_map *map)
{
    if (!map)
        return -EINVAL;
    return wasm_bpf__errno(wasm_bpf_map_fd_by_name(map->obj_ptr, map->name));
}

static inline struct bpf_map_skeleton *wasm_bpf__map_skel(struct bpf_object_skeleton *s, int i)
{
    return (struct bpf_map_skeleton *)((char *)s->maps + (size_t)i * (size_t)s->map_skel_sz);
}

static inline struct bpf_prog_skeleton *wasm_bpf__prog_skel(struct bpf_object_skeleton *s, int i)
{
    return (struct bpf_prog_skeleton *)((char *)s->progs + (size_t)i * (size_t)s->prog_skel_sz);
}

static inline bool wasm_bpf__ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static inline int bpf_object__open_skeleton(struct bpf_object_skeleton *s, const struct bpf_object_open_opts *opts)
{
    (void)opts;
    for (int i = 0; i < s->map_cnt; i++) {
        struct bpf_map_skeleton *ms = wasm_bpf__map_skel(s, i);
        struct bpf_map *map = (struct bpf_map *)calloc(1, sizeof(*map));
        if (!map)
            return -ENOMEM;
        strncpy(map->name, ms->name, sizeof(map->name) - 1);
        *ms->map = map;
        if (ms->mmaped && s->rodata_offset && wasm_bpf__ends_with(ms->name, ".rodata"))
            *ms->mmaped = (char *)s->data + s->rodata_offset;
    }
    for (int i = 0; i < s->prog_cnt; i++) {
        struct bpf_prog_skeleton *ps = wasm_bpf__prog_skel(s, i);
        struct bpf_program *prog = (struct bpf_program *)calloc(1, sizeof(*prog));
        if (!prog)
            return -ENOMEM;
        strncpy(prog->name, ps->name, sizeof(prog->name) - 1);
        prog->attach_fd = -1;
        prog->autoattach = true;
        *ps->prog = prog;
    }
    return 0;
}

static inline int bpf_object__load_skeleton(struct bpf_object_skeleton *s)
{
    s->obj = wasm_load_bpf_object(s->data, (int)s->data_sz);
    if (!s->obj)
        return -1;
    for (int i = 0; i < s->map_cnt; i++)
        (*wasm_bpf__map_skel(s, i)->map)->obj_ptr = s->obj;
    for (int i = 0; i < s->prog_cnt; i++)
        (*wasm_bpf__prog_skel(s, i)->prog)->obj_ptr = s->obj;
    return 0;
}

static inline int wasm_bpf__attach_program(const struct bpf_program *prog)
{
    if (prog->attach_fd >= 0)
        return wasm_bpf__errno(wasm_attach_bpf_program_fd(prog->obj_ptr, prog->name, prog->attach_fd));
    return wasm_bpf__errno(
        wasm_attach_bpf_program(prog->obj_ptr, prog->name, prog->attach_target[0] ? prog->attach_target : NULL));
}

/* Attaches every program; one whose section has no automatic attach and that was given no target is left alone, as by
 * libbpf. Returns the first error. */
static inline int bpf_object__attach_skeleton(struct bpf_object_skeleton *s)
{
    for (int i = 0; i < s->prog_cnt; i++) {
        const struct bpf_program *prog = *wasm_bpf__prog_skel(s, i)->prog;
        if (!prog->autoattach)
            continue;
        int err = wasm_bpf__attach_program(prog);
        if (err == -EOPNOTSUPP && prog->attach_fd < 0 && !prog->attach_target[0])
            continue;
        if (err < 0)
            return err;
    }
    return 0;
}

/* Links end with their object. */
static inline int bpf_object__detach_skeleton(struct bpf_object_skeleton *s)
{
    (void)s;
    return 0;
}

static inline void bpf_object__destroy_skeleton(struct bpf_object_skeleton *s)
{
    if (!s)
        return;
    if (s->obj)
        wasm_close_bpf_object(s->obj);
    for (int i = 0; s->maps && i < s->map_cnt; i++)
        free(*wasm_bpf__map_skel(s, i)->map);
    for (int i = 0; s->progs && i < s->prog_cnt; i++)
        free(*wasm_bpf__prog_skel(s, i)->prog);
    free(s->maps);
    free(s->progs);
    free(s);
}

/* ---- maps ------------------------------------------------------------------------------------------------------- */

static inline int bpf_map_lookup_elem_flags(int fd, const void *key, void *value, uint64_t flags)
{
    return wasm_bpf__errno(wasm_bpf_map_operate(fd, _BPF_MAP_LOOKUP_ELEM, key, value, NULL, flags));
}

static inline int bpf_map_lookup_elem(int fd, const void *key, void *value)
{
    return bpf_map_lookup_elem_flags(fd, key, value, 0);
}

static inline int bpf_map_update_elem(int fd, const void *key, const void *value, uint64_t flags)
{
    return wasm_bpf__errno(wasm_bpf_map_operate(fd, _BPF_MAP_UPDATE_ELEM, key, (void *)value, NULL, flags));
}

static inline int bpf_map_delete_elem_flags(int fd, const void *key, uint64_t flags)
{
    return wasm_bpf__errno(wasm_bpf_map_operate(fd, _BPF_MAP_DELETE_ELEM, key, NULL, NULL, flags));
}

static inline int bpf_map_delete_elem(int fd, const void *key)
{
    return bpf_map_delete_elem_flags(fd, key, 0);
}

/* The first key where key is NULL; -ENOENT after the last. */
static inline int bpf_map_get_next_key(int fd, const void *key, void *next_key)
{
    return wasm_bpf__errno(wasm_bpf_map_operate(fd, _BPF_MAP_GET_NEXT_KEY, key, NULL, next_key, 0));
}

/* ---- ring buffers and perf buffers ------------------------------------------------------------------------------- */

/* The longest event that a buffer hands on whole; define it before the include to change it. */
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
    int result = wasm_bpf_buffer_poll(buffer->events->obj_ptr, buffer->fd, wasm_bpf__event, buffer, buffer->event,
                                      WASM_BPF_EVENT_SIZE, timeout_ms > 0 ? timeout_ms : 100);
    if (buffer->stopped)
        return buffer->stopped;
    /* An interrupted poll returns EINTR in WASI's number: see docs/abi.md. */
    return result == -EINTR ? result : wasm_bpf__errno(result);
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
