/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* wasm-bpf/skeleton.h: what a skeleton's functions call. */
#ifndef WASM_BPF_SKELETON_H
#define WASM_BPF_SKELETON_H

#include <wasm-bpf/attach.h>

#ifdef __cplusplus
extern "C" {
#endif

struct bpf_map_skeleton {
    const char *name;
    struct bpf_map **map;
    void **mmaped;
    struct bpf_link **link;
};

struct bpf_prog_skeleton {
    const char *name;
    struct bpf_program **prog;
    struct bpf_link **link;
};

struct bpf_object_skeleton {
    size_t sz;
    const char *name;
    void *data; /* the ELF image */
    size_t data_sz;
    uint32_t rodata_offset; /* of skeletons of the first wasm-bpf: where .rodata and .bss are in the file */
    uint32_t bss_offset;
    struct bpf_object **obj;
    int map_cnt;
    int map_skel_sz;
    struct bpf_map_skeleton *maps;
    int prog_cnt;
    int prog_skel_sz;
    struct bpf_prog_skeleton *progs;
    struct bpf_object *object;
};

static inline int libbpf_err_errno(int ret)
{
    return ret < 0 ? -errno : ret;
}

static inline struct bpf_map_skeleton *wasm_bpf__map_skel(struct bpf_object_skeleton *s, int i)
{
    return (struct bpf_map_skeleton *)((char *)s->maps + (size_t)i * (size_t)s->map_skel_sz);
}

static inline struct bpf_prog_skeleton *wasm_bpf__prog_skel(struct bpf_object_skeleton *s, int i)
{
    return (struct bpf_prog_skeleton *)((char *)s->progs + (size_t)i * (size_t)s->prog_skel_sz);
}

/* Skeletons of different makers have entries of different sizes: these members may be missing. */
static inline struct bpf_link **wasm_bpf__map_link(struct bpf_object_skeleton *s, int i)
{
    return (size_t)s->map_skel_sz >= sizeof(struct bpf_map_skeleton) ? wasm_bpf__map_skel(s, i)->link : NULL;
}

static inline struct bpf_link **wasm_bpf__prog_link(struct bpf_object_skeleton *s, int i)
{
    return (size_t)s->prog_skel_sz >= sizeof(struct bpf_prog_skeleton) ? wasm_bpf__prog_skel(s, i)->link : NULL;
}

static inline int bpf_object__open_skeleton(struct bpf_object_skeleton *s, const struct bpf_object_open_opts *opts)
{
    struct bpf_object_open_opts own;
    memset(&own, 0, sizeof(own));
    if (opts)
        memcpy(&own, opts, opts->sz < sizeof(own) ? opts->sz : sizeof(own));
    own.sz = sizeof(own);
    if (!own.object_name)
        own.object_name = s->name;
    s->object = bpf_object__open_mem(s->data, s->data_sz, &own);
    if (!s->object)
        return -errno;
    if (s->obj)
        *s->obj = s->object;
    for (int i = 0; i < s->map_cnt; i++) {
        struct bpf_map_skeleton *ms = wasm_bpf__map_skel(s, i);
        *ms->map = bpf_object__find_map_by_name(s->object, ms->name);
        if (!*ms->map)
            return libbpf_err(-3);
        if (ms->mmaped)
            *ms->mmaped = wasm_bpf__image(*ms->map);
    }
    for (int i = 0; i < s->prog_cnt; i++) {
        struct bpf_prog_skeleton *ps = wasm_bpf__prog_skel(s, i);
        *ps->prog = bpf_object__find_program_by_name(s->object, ps->name);
        if (!*ps->prog)
            return libbpf_err(-3);
    }
    return 0;
}

static inline int bpf_object__load_skeleton(struct bpf_object_skeleton *s)
{
    int err = bpf_object__load(s->object);
    for (int i = 0; !err && i < s->map_cnt; i++) {
        struct bpf_map_skeleton *ms = wasm_bpf__map_skel(s, i);
        if (ms->mmaped)
            *ms->mmaped = (*ms->map)->image;
    }
    return err;
}

static inline int wasm_bpf__attach_program(const struct bpf_program *prog, struct bpf_link **link)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    if (prog->attach_fd >= 0)
        return wasm_bpf__err(wasm_attach_bpf_program_fd(prog->obj->handle, prog->name, prog->attach_fd));
    o.text = prog->attach_target;
    *link = prog->attach_target[0] ? wasm_bpf__attach(prog, WASM_BPF_ATTACH_TARGET, &o) : bpf_program__attach(prog);
    return *link ? 0 : -errno;
}

/* Attaches every program whose section says where, or that was given a target, and every struct_ops map; links that
 * are there already stay. Returns the first error. */
static inline int bpf_object__attach_skeleton(struct bpf_object_skeleton *s)
{
    for (int i = 0; i < s->prog_cnt; i++) {
        const struct bpf_program *prog = *wasm_bpf__prog_skel(s, i)->prog;
        struct bpf_link **link = wasm_bpf__prog_link(s, i);
        struct bpf_link *own = NULL;
        bool targeted = prog->attach_fd >= 0 || prog->attach_target[0];
        if (!bpf_program__autoload(prog) || !bpf_program__autoattach(prog) || (link && *link))
            continue;
        if (!targeted && wasm_bpf__prog_get(prog, WASM_BPF_PROGRAM_ATTACHES_ITSELF) <= 0)
            continue;
        int err = wasm_bpf__attach_program(prog, link ? link : &own);
        if (err < 0)
            return err;
        /* Where the skeleton has no place for it, the link ends with the object. */
        free(own);
    }
    for (int i = 0; i < s->map_cnt; i++) {
        const struct bpf_map *map = *wasm_bpf__map_skel(s, i)->map;
        struct bpf_link **link = wasm_bpf__map_link(s, i);
        if (!link || *link || wasm_bpf__map_get(map, WASM_BPF_MAP_STRUCT_OPS) <= 0 || !bpf_map__autocreate(map) ||
            !bpf_map__autoattach(map))
            continue;
        *link = bpf_map__attach_struct_ops(map);
        if (!*link)
            return -errno;
    }
    return 0;
}

/* Ends the links of the skeleton's programs and maps. */
static inline int bpf_object__detach_skeleton(struct bpf_object_skeleton *s)
{
    for (int i = 0; i < s->prog_cnt; i++) {
        struct bpf_link **link = wasm_bpf__prog_link(s, i);
        if (link) {
            bpf_link__destroy(*link);
            *link = NULL;
        }
    }
    for (int i = 0; i < s->map_cnt; i++) {
        struct bpf_link **link = wasm_bpf__map_link(s, i);
        if (link) {
            bpf_link__destroy(*link);
            *link = NULL;
        }
    }
    return 0;
}

static inline void bpf_object__destroy_skeleton(struct bpf_object_skeleton *s)
{
    if (!s)
        return;
    if (s->maps || s->progs)
        bpf_object__detach_skeleton(s);
    bpf_object__close(s->object);
    if (s->obj)
        *s->obj = NULL;
    free(s->maps);
    free(s->progs);
    free(s);
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_SKELETON_H */
