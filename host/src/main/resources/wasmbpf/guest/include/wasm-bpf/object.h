/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* wasm-bpf/object.h: objects, their maps and programs: what can be asked, and set before the load. */
#ifndef WASM_BPF_OBJECT_H
#define WASM_BPF_OBJECT_H

#include <bpf/btf.h>
#include <stdlib.h>
#include <wasm-bpf/print.h>

#ifdef __cplusplus
extern "C" {
#endif

struct bpf_object;
struct bpf_link;

/* Users hold pointers to these and ask functions; the members are the library's. */
struct bpf_map {
    struct bpf_object *obj;
    int index;
    char *name;      /* of a data section, the section's: bpf_map__name is the kernel's */
    char *full_name; /* the kernel's */
    char *pin_path;
    void *image; /* initial bytes; after the load, of a writable data section, the map's memory itself */
    size_t image_size;
    size_t image_room; /* whole pages */
    bool shared;
    bool is_pinned;
    struct wasm_bpf_function *functions; /* of a struct_ops map with an image */
    int nr_functions;
};

struct bpf_program {
    struct bpf_object *obj;
    int index;
    char *name;
    char *section;
    char attach_target[128]; /* bpf_set_prog_attach_target */
    int attach_fd;           /* < 0: none */
    char *log_buf;
    size_t log_size;
    struct bpf_insn *insns; /* once asked for */
};

struct bpf_object {
    uint64_t handle;
    char *name;
    bool loaded;
    struct bpf_map *maps;
    int nr_maps;
    struct bpf_program *programs;
    int nr_programs;
    void *priv;
    struct btf *btf; /* once asked for */
    __u32 kversion;
};

struct bpf_object_open_opts {
    size_t sz;
    const char *object_name;
    bool relaxed_maps;
    const char *pin_root_path;
    __u32 : 32;
    const char *kconfig;
    const char *btf_custom_path;
    char *kernel_log_buf;
    size_t kernel_log_size;
    __u32 kernel_log_level;
    const char *bpf_token_path;
};
#define bpf_object_open_opts__last_field bpf_token_path

static inline char *wasm_bpf__text(uint64_t object, enum wasm_bpf_kind kind, int index, int property)
{
    int length = wasm_bpf_object_get_text(object, kind, index, property, NULL, 0);
    char *text = length < 0 ? NULL : (char *)malloc((size_t)length + 1);
    if (text)
        wasm_bpf_object_get_text(object, kind, index, property, text, length + 1);
    return text;
}

/* Detaches what is attached, unloads, and frees all that the object handed out. */
static inline void bpf_object__close(struct bpf_object *obj)
{
    if (!obj)
        return;
    if (obj->handle)
        wasm_close_bpf_object(obj->handle);
    for (int i = 0; i < obj->nr_maps; i++) {
        free(obj->maps[i].name);
        free(obj->maps[i].full_name);
        free(obj->maps[i].pin_path);
        free(obj->maps[i].image);
        free(obj->maps[i].functions);
    }
    for (int i = 0; i < obj->nr_programs; i++) {
        free(obj->programs[i].name);
        free(obj->programs[i].section);
        free(obj->programs[i].insns);
    }
    btf__free(obj->btf);
    free(obj->maps);
    free(obj->programs);
    free(obj->name);
    free(obj);
}

static inline int wasm_bpf__describe(struct bpf_object *obj)
{
    uint64_t handle = obj->handle;
    int maps = (int)wasm_bpf_object_get(handle, WASM_BPF_OBJECT, 0, WASM_BPF_OBJECT_MAPS);
    int programs = (int)wasm_bpf_object_get(handle, WASM_BPF_OBJECT, 0, WASM_BPF_OBJECT_PROGRAMS);
    obj->name = wasm_bpf__text(handle, WASM_BPF_OBJECT, 0, 1);
    obj->maps = (struct bpf_map *)calloc((size_t)maps + 1, sizeof(*obj->maps));
    obj->programs = (struct bpf_program *)calloc((size_t)programs + 1, sizeof(*obj->programs));
    if (!obj->name || !obj->maps || !obj->programs)
        return -ENOMEM;
    for (int i = 0; i < maps; i++) {
        struct bpf_map *map = &obj->maps[i];
        obj->nr_maps = i + 1;
        map->obj = obj;
        map->index = i;
        map->name = wasm_bpf__text(handle, WASM_BPF_MAP, i, WASM_BPF_MAP_REAL_NAME);
        map->full_name = wasm_bpf__text(handle, WASM_BPF_MAP, i, WASM_BPF_MAP_NAME);
        if (!map->name || !map->full_name)
            return -ENOMEM;
        if (wasm_bpf_object_get(handle, WASM_BPF_MAP, i, WASM_BPF_MAP_PINNED) > 0)
            map->pin_path = wasm_bpf__text(handle, WASM_BPF_MAP, i, WASM_BPF_MAP_PIN_PATH);
    }
    for (int i = 0; i < programs; i++) {
        struct bpf_program *prog = &obj->programs[i];
        obj->nr_programs = i + 1;
        prog->obj = obj;
        prog->index = i;
        prog->attach_fd = -1;
        prog->name = wasm_bpf__text(handle, WASM_BPF_PROGRAM, i, WASM_BPF_PROGRAM_NAME);
        prog->section = wasm_bpf__text(handle, WASM_BPF_PROGRAM, i, WASM_BPF_PROGRAM_SECTION);
        if (!prog->name || !prog->section)
            return -ENOMEM;
    }
    return 0;
}

/* Reads an object; the kernel is asked for nothing. NULL and errno if it cannot be read. */
static inline struct bpf_object *bpf_object__open_mem(const void *obj_buf, size_t obj_buf_sz,
                                                      const struct bpf_object_open_opts *opts)
{
    struct wasm_bpf_open_options options;
    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.name = WASM_BPF__OPT(opts, object_name, NULL);
    options.flags = WASM_BPF__OPT(opts, relaxed_maps, false) ? 1 : 0;
    options.pin_root_path = WASM_BPF__OPT(opts, pin_root_path, NULL);
    options.kconfig = WASM_BPF__OPT(opts, kconfig, NULL);
    options.btf_custom_path = WASM_BPF__OPT(opts, btf_custom_path, NULL);
    options.log = WASM_BPF__OPT(opts, kernel_log_buf, NULL);
    options.log_size = (uint32_t)WASM_BPF__OPT(opts, kernel_log_size, 0);
    options.log_level = WASM_BPF__OPT(opts, kernel_log_level, 0);
    struct bpf_object *obj = (struct bpf_object *)calloc(1, sizeof(*obj));
    if (!obj) {
        errno = ENOMEM;
        return NULL;
    }
    int64_t handle = wasm_bpf_object_open(obj_buf, (int)obj_buf_sz, &options);
    if (handle < 0) {
        free(obj);
        wasm_bpf__err((int)handle);
        return NULL;
    }
    obj->handle = (uint64_t)handle;
    if (wasm_bpf__describe(obj) < 0) {
        bpf_object__close(obj);
        errno = ENOMEM;
        return NULL;
    }
    return obj;
}

/* The file must lie under a folder that wasm-bpf was given with --dir. */
static inline struct bpf_object *bpf_object__open_file(const char *path, const struct bpf_object_open_opts *opts)
{
    FILE *file = fopen(path, "rb");
    struct bpf_object *obj = NULL;
    char *bytes = NULL;
    long size;
    if (!file)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        bytes = (char *)malloc((size_t)size + 1);
        if (bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size) {
            struct bpf_object_open_opts own;
            char name[64];
            const char *base = strrchr(path, '/');
            memset(&own, 0, sizeof(own));
            if (opts)
                memcpy(&own, opts, opts->sz < sizeof(own) ? opts->sz : sizeof(own));
            own.sz = sizeof(own);
            if (!own.object_name) {
                snprintf(name, sizeof(name), "%s", base ? base + 1 : path);
                name[strcspn(name, ".")] = '\0';
                own.object_name = name;
            }
            obj = bpf_object__open_mem(bytes, (size_t)size, &own);
        }
    }
    free(bytes);
    fclose(file);
    return obj;
}

static inline struct bpf_object *bpf_object__open(const char *path)
{
    return bpf_object__open_file(path, NULL);
}

static inline const char *bpf_object__name(const struct bpf_object *obj)
{
    return obj ? obj->name : NULL;
}

/* The object's own BTF, which it keeps; NULL if it has none. */
static inline struct btf *bpf_object__btf(const struct bpf_object *obj)
{
    struct bpf_object *own = (struct bpf_object *)obj;
    int size = wasm_bpf_object_get_bytes(obj->handle, WASM_BPF_OBJECT, 0, WASM_BPF_OBJECT_BTF, NULL, 0);
    char *data = own->btf || size <= 0 ? NULL : (char *)malloc((size_t)size);
    if (data) {
        wasm_bpf_object_get_bytes(obj->handle, WASM_BPF_OBJECT, 0, WASM_BPF_OBJECT_BTF, data, size);
        own->btf = wasm_bpf__btf_new(data, (size_t)size, NULL);
    }
    return own->btf;
}

/* The host keeps its descriptor: -1. */
static inline int bpf_object__btf_fd(const struct bpf_object *obj)
{
    struct btf *btf = bpf_object__btf(obj);
    return btf ? btf__fd(btf) : -1;
}

/* The host keeps a token that it loads with: -1. */
static inline int bpf_object__token_fd(const struct bpf_object *obj)
{
    (void)obj;
    return -1;
}

/* A number that kernels from 5.0 on do not look at. */
static inline unsigned int bpf_object__kversion(const struct bpf_object *obj)
{
    return obj->kversion;
}

static inline int bpf_object__set_kversion(struct bpf_object *obj, __u32 kern_version)
{
    if (obj->loaded)
        return libbpf_err(-22);
    obj->kversion = kern_version;
    return 0;
}

static inline void bpf_object__set_priv(struct bpf_object *obj, void *priv)
{
    obj->priv = priv;
}

/* ---- maps --------------------------------------------------------------------------------------------------------- */

static inline struct bpf_map *bpf_object__next_map(const struct bpf_object *obj, const struct bpf_map *map)
{
    int next = map ? map->index + 1 : 0;
    return next < obj->nr_maps ? &obj->maps[next] : NULL;
}

static inline struct bpf_map *bpf_object__prev_map(const struct bpf_object *obj, const struct bpf_map *map)
{
    int previous = (map ? map->index : obj->nr_maps) - 1;
    return previous >= 0 ? &obj->maps[previous] : NULL;
}

#define bpf_object__for_each_map(pos, obj)                                                                             \
    for ((pos) = bpf_object__next_map((obj), NULL); (pos) != NULL; (pos) = bpf_object__next_map((obj), (pos)))
#define bpf_map__for_each bpf_object__for_each_map

static inline struct bpf_map *bpf_object__find_map_by_name(const struct bpf_object *obj, const char *name)
{
    int index = wasm_bpf_object_find(obj->handle, WASM_BPF_MAP, name);
    if (index >= 0)
        return &obj->maps[index];
    libbpf_err(index);
    return NULL;
}

static inline int64_t wasm_bpf__map_get(const struct bpf_map *map, enum wasm_bpf_map_property property)
{
    return wasm_bpf_object_get(map->obj->handle, WASM_BPF_MAP, map->index, property);
}

static inline int wasm_bpf__map_set(struct bpf_map *map, enum wasm_bpf_map_property property, int64_t value)
{
    return wasm_bpf__err(wasm_bpf_object_set(map->obj->handle, WASM_BPF_MAP, map->index, property, value));
}

static inline const char *bpf_map__name(const struct bpf_map *map)
{
    return map ? map->full_name : NULL;
}

/* Its descriptor: from the load on, -ENOENT before. */
static inline int bpf_map__fd(const struct bpf_map *map)
{
    if (!map)
        return libbpf_err(-22);
    return libbpf_err((int)wasm_bpf__map_get(map, WASM_BPF_MAP_FD));
}

static inline int bpf_object__find_map_fd_by_name(const struct bpf_object *obj, const char *name)
{
    return bpf_map__fd(bpf_object__find_map_by_name(obj, name));
}

static inline enum bpf_map_type bpf_map__type(const struct bpf_map *map)
{
    return (enum bpf_map_type)wasm_bpf__map_get(map, WASM_BPF_MAP_TYPE);
}

static inline int bpf_map__set_type(struct bpf_map *map, enum bpf_map_type type)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_TYPE, type);
}

static inline __u32 bpf_map__max_entries(const struct bpf_map *map)
{
    return (__u32)wasm_bpf__map_get(map, WASM_BPF_MAP_MAX_ENTRIES);
}

static inline int bpf_map__set_max_entries(struct bpf_map *map, __u32 max_entries)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_MAX_ENTRIES, max_entries);
}

static inline int bpf_map__resize(struct bpf_map *map, __u32 max_entries)
{
    return !map || !max_entries ? libbpf_err(-22) : bpf_map__set_max_entries(map, max_entries);
}

static inline __u32 bpf_map__map_flags(const struct bpf_map *map)
{
    return (__u32)wasm_bpf__map_get(map, WASM_BPF_MAP_FLAGS);
}

static inline int bpf_map__set_map_flags(struct bpf_map *map, __u32 flags)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_FLAGS, flags);
}

static inline __u32 bpf_map__numa_node(const struct bpf_map *map)
{
    return (__u32)wasm_bpf__map_get(map, WASM_BPF_MAP_NUMA_NODE);
}

static inline int bpf_map__set_numa_node(struct bpf_map *map, __u32 numa_node)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_NUMA_NODE, numa_node);
}

static inline __u32 bpf_map__key_size(const struct bpf_map *map)
{
    return (__u32)wasm_bpf__map_get(map, WASM_BPF_MAP_KEY_SIZE);
}

static inline int bpf_map__set_key_size(struct bpf_map *map, __u32 size)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_KEY_SIZE, size);
}

static inline __u32 bpf_map__value_size(const struct bpf_map *map)
{
    return (__u32)wasm_bpf__map_get(map, WASM_BPF_MAP_VALUE_SIZE);
}

static inline __u32 bpf_map__btf_key_type_id(const struct bpf_map *map)
{
    return (__u32)wasm_bpf__map_get(map, WASM_BPF_MAP_KEY_TYPE_ID);
}

static inline __u32 bpf_map__btf_value_type_id(const struct bpf_map *map)
{
    return (__u32)wasm_bpf__map_get(map, WASM_BPF_MAP_VALUE_TYPE_ID);
}

static inline __u32 bpf_map__ifindex(const struct bpf_map *map)
{
    return (__u32)wasm_bpf__map_get(map, WASM_BPF_MAP_IFINDEX);
}

static inline int bpf_map__set_ifindex(struct bpf_map *map, __u32 ifindex)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_IFINDEX, ifindex);
}

static inline __u64 bpf_map__map_extra(const struct bpf_map *map)
{
    return (__u64)wasm_bpf__map_get(map, WASM_BPF_MAP_EXTRA);
}

static inline int bpf_map__set_map_extra(struct bpf_map *map, __u64 map_extra)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_EXTRA, (int64_t)map_extra);
}

static inline bool bpf_map__autocreate(const struct bpf_map *map)
{
    return wasm_bpf__map_get(map, WASM_BPF_MAP_AUTOCREATE) > 0;
}

static inline int bpf_map__set_autocreate(struct bpf_map *map, bool autocreate)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_AUTOCREATE, autocreate);
}

static inline bool bpf_map__autoattach(const struct bpf_map *map)
{
    return wasm_bpf__map_get(map, WASM_BPF_MAP_AUTOATTACH) > 0;
}

static inline int bpf_map__set_autoattach(struct bpf_map *map, bool autoattach)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_AUTOATTACH, autoattach);
}

static inline bool bpf_map__is_internal(const struct bpf_map *map)
{
    return wasm_bpf__map_get(map, WASM_BPF_MAP_INTERNAL) > 0;
}

/* A struct_ops map's image holds pointers to programs where its functions are, as libbpf's does. */
static inline void wasm_bpf__put_functions(struct bpf_map *map)
{
    for (int i = 0; i < map->nr_functions; i++) {
        int index = map->functions[i].program;
        struct bpf_program *prog = index < 0 ? NULL : &map->obj->programs[index];
        char *at = (char *)map->image + map->functions[i].offset;
        memset(at, 0, 8);
        memcpy(at, &prog, sizeof(prog));
    }
}

static inline void wasm_bpf__show_functions(struct bpf_map *map)
{
    uint64_t object = map->obj->handle;
    int size = wasm_bpf_object_get_bytes(object, WASM_BPF_MAP, map->index, WASM_BPF_MAP_FUNCTIONS, NULL, 0);
    if (size <= 0)
        return;
    map->functions = (struct wasm_bpf_function *)malloc((size_t)size);
    if (!map->functions)
        return;
    wasm_bpf_object_get_bytes(object, WASM_BPF_MAP, map->index, WASM_BPF_MAP_FUNCTIONS, map->functions, size);
    map->nr_functions = size / (int)sizeof(*map->functions);
    wasm_bpf__put_functions(map);
}

/* Pages for the map's initial bytes, made when first asked for; NULL if it has none. */
static inline void *wasm_bpf__image(struct bpf_map *map)
{
    if (map->image)
        return map->image;
    size_t page = (size_t)wasm_bpf_query(WASM_BPF_PAGE_SIZE);
    int size = wasm_bpf_map_value(map->obj->handle, map->index, WASM_BPF_VALUE_READ, NULL, 0);
    if (size <= 0)
        return NULL;
    size_t room = ((size_t)size + page - 1) / page * page;
    map->image = aligned_alloc(page, room);
    if (!map->image)
        return NULL;
    memset(map->image, 0, room);
    map->image_size = (size_t)size;
    map->image_room = room;
    wasm_bpf_map_value(map->obj->handle, map->index, WASM_BPF_VALUE_READ, map->image, size);
    wasm_bpf__show_functions(map);
    return map->image;
}

/* Tells the host what the image holds: of a struct_ops map, where its functions are, programs by index. */
static inline int wasm_bpf__write_image(struct bpf_map *map)
{
    struct bpf_object *obj = map->obj;
    for (int i = 0; i < map->nr_functions; i++) {
        char *at = (char *)map->image + map->functions[i].offset;
        struct bpf_program *prog;
        memcpy(&prog, at, sizeof(prog));
        int index = !prog ? -1 : prog >= obj->programs && prog < obj->programs + obj->nr_programs ? prog->index : -2;
        if (index == -2)
            return -22;
        if (index != map->functions[i].program) {
            int64_t value = map->functions[i].offset | (int64_t)(index + 1) << 32;
            int err = wasm_bpf_object_set(obj->handle, WASM_BPF_MAP, map->index, WASM_BPF_MAP_FUNCTION, value);
            if (err)
                return err;
            map->functions[i].program = index;
        }
        memset(at, 0, 8);
    }
    int err = wasm_bpf_map_value(obj->handle, map->index, WASM_BPF_VALUE_WRITE, map->image, (int)map->image_size);
    wasm_bpf__put_functions(map);
    return err;
}

/* The initial bytes of a data section, to be changed before the load; after it, what programs see and change. */
static inline void *bpf_map__initial_value(const struct bpf_map *map, size_t *psize)
{
    void *image = map ? wasm_bpf__image((struct bpf_map *)map) : NULL;
    if (psize)
        *psize = image ? map->image_size : 0;
    return image;
}

static inline int bpf_map__set_initial_value(struct bpf_map *map, const void *data, size_t size)
{
    if (map->obj->loaded)
        return libbpf_err(-16);
    void *image = wasm_bpf__image(map);
    if (!image || size != map->image_size)
        return libbpf_err(-22);
    memcpy(image, data, size);
    return 0;
}

/* Of a data section: its bytes are cut or get zeroes behind them, and move: ask bpf_map__initial_value again. */
static inline int bpf_map__set_value_size(struct bpf_map *map, __u32 size)
{
    void *old = map->image;
    size_t old_size = map->image_size;
    int err = wasm_bpf__map_set(map, WASM_BPF_MAP_VALUE_SIZE, size);
    if (err || !old)
        return err;
    map->image = NULL;
    if (!wasm_bpf__image(map)) {
        map->image = old;
        return libbpf_err(-12);
    }
    memcpy(map->image, old, old_size < map->image_size ? old_size : map->image_size);
    free(old);
    return 0;
}

/* Uses a map that is there: its type, sizes and flags count from the load on. fd must stay open until then. */
static inline int bpf_map__reuse_fd(struct bpf_map *map, int fd)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_REUSE_FD, fd);
}

/* Gives a map as the template of a map of maps' inner ones. fd must stay open until the load. */
static inline int bpf_map__set_inner_map_fd(struct bpf_map *map, int fd)
{
    return wasm_bpf__map_set(map, WASM_BPF_MAP_INNER_FD, fd);
}

static inline const char *bpf_map__pin_path(const struct bpf_map *map)
{
    return map->pin_path;
}

static inline const char *bpf_map__get_pin_path(const struct bpf_map *map)
{
    return map->pin_path;
}

static inline int bpf_map__set_pin_path(struct bpf_map *map, const char *path)
{
    char *copy = path ? strdup(path) : NULL;
    int err = map->obj->loaded
                  ? 0
                  : wasm_bpf_object_set_text(map->obj->handle, WASM_BPF_MAP, map->index, WASM_BPF_MAP_PIN_PATH, path);
    if (err || (path && !copy)) {
        free(copy);
        return wasm_bpf__err(err ? err : -12);
    }
    free(map->pin_path);
    map->pin_path = copy;
    return 0;
}

static inline bool bpf_map__is_pinned(const struct bpf_map *map)
{
    return map->is_pinned || (map->obj->loaded && map->pin_path);
}

/* At path or, without one, where its pin path says. Where it is pinned already, nothing is done. */
static inline int bpf_map__pin(struct bpf_map *map, const char *path)
{
    bool pinned = bpf_map__is_pinned(map);
    if (map->pin_path ? path && strcmp(path, map->pin_path) : !path)
        return libbpf_err(-22);
    if (pinned)
        return map->pin_path ? 0 : libbpf_err(-17);
    if (!path)
        path = map->pin_path;
    int err = bpf_obj_pin(bpf_map__fd(map), path);
    if (!err) {
        map->is_pinned = true;
        if (path != map->pin_path)
            bpf_map__set_pin_path(map, path);
    }
    return err;
}

/* The file must lie under a folder that wasm-bpf was given with --dir. */
static inline int bpf_map__unpin(struct bpf_map *map, const char *path)
{
    if (!path)
        path = map->pin_path;
    if (!path)
        return libbpf_err(-22);
    if (remove(path))
        return -errno;
    map->is_pinned = false;
    return 0;
}

/* Sizes are checked against the map's; per-CPU values have round_up(value_size, 8) bytes for each possible CPU. */
static inline int wasm_bpf__sizes(const struct bpf_map *map, size_t key_sz, size_t value_sz, bool value)
{
    if (key_sz != bpf_map__key_size(map))
        return -22;
    if (value && value_sz != (size_t)wasm_bpf__map_get(map, WASM_BPF_MAP_VALUE_BYTES))
        return -22;
    return bpf_map__fd(map);
}

static inline int bpf_map__lookup_elem(const struct bpf_map *map, const void *key, size_t key_sz, void *value,
                                       size_t value_sz, __u64 flags)
{
    int fd = wasm_bpf__sizes(map, key_sz, value_sz, true);
    return fd < 0 ? libbpf_err(fd) : bpf_map_lookup_elem_flags(fd, key, value, flags);
}

static inline int bpf_map__update_elem(const struct bpf_map *map, const void *key, size_t key_sz, const void *value,
                                       size_t value_sz, __u64 flags)
{
    int fd = wasm_bpf__sizes(map, key_sz, value_sz, true);
    return fd < 0 ? libbpf_err(fd) : bpf_map_update_elem(fd, key, value, flags);
}

static inline int bpf_map__delete_elem(const struct bpf_map *map, const void *key, size_t key_sz, __u64 flags)
{
    int fd = wasm_bpf__sizes(map, key_sz, 0, false);
    return fd < 0 ? libbpf_err(fd) : bpf_map_delete_elem_flags(fd, key, flags);
}

static inline int bpf_map__lookup_and_delete_elem(const struct bpf_map *map, const void *key, size_t key_sz,
                                                  void *value, size_t value_sz, __u64 flags)
{
    int fd = wasm_bpf__sizes(map, key_sz, value_sz, true);
    return fd < 0 ? libbpf_err(fd) : bpf_map_lookup_and_delete_elem_flags(fd, key, value, flags);
}

static inline int bpf_map__get_next_key(const struct bpf_map *map, const void *cur_key, void *next_key, size_t key_sz)
{
    int fd = wasm_bpf__sizes(map, key_sz, 0, false);
    return fd < 0 ? libbpf_err(fd) : bpf_map_get_next_key(fd, cur_key, next_key);
}

/* ---- programs ------------------------------------------------------------------------------------------------------- */

static inline struct bpf_program *bpf_object__next_program(const struct bpf_object *obj, struct bpf_program *prog)
{
    int next = prog ? prog->index + 1 : 0;
    return next < obj->nr_programs ? &obj->programs[next] : NULL;
}

static inline struct bpf_program *bpf_object__prev_program(const struct bpf_object *obj, struct bpf_program *prog)
{
    int previous = (prog ? prog->index : obj->nr_programs) - 1;
    return previous >= 0 ? &obj->programs[previous] : NULL;
}

#define bpf_object__for_each_program(pos, obj)                                                                         \
    for ((pos) = bpf_object__next_program((obj), NULL); (pos) != NULL; (pos) = bpf_object__next_program((obj), (pos)))

static inline struct bpf_program *bpf_object__find_program_by_name(const struct bpf_object *obj, const char *name)
{
    int index = wasm_bpf_object_find(obj->handle, WASM_BPF_PROGRAM, name);
    if (index >= 0)
        return &obj->programs[index];
    libbpf_err(index);
    return NULL;
}

static inline int64_t wasm_bpf__prog_get(const struct bpf_program *prog, enum wasm_bpf_program_property property)
{
    return wasm_bpf_object_get(prog->obj->handle, WASM_BPF_PROGRAM, prog->index, property);
}

static inline int wasm_bpf__prog_set(struct bpf_program *prog, enum wasm_bpf_program_property property, int64_t value)
{
    return wasm_bpf__err(wasm_bpf_object_set(prog->obj->handle, WASM_BPF_PROGRAM, prog->index, property, value));
}

static inline const char *bpf_program__name(const struct bpf_program *prog)
{
    return prog->name;
}

static inline const char *bpf_program__section_name(const struct bpf_program *prog)
{
    return prog->section;
}

/* Its descriptor: from the load on, -ENOENT before. */
static inline int bpf_program__fd(const struct bpf_program *prog)
{
    if (!prog)
        return libbpf_err(-22);
    return libbpf_err((int)wasm_bpf__prog_get(prog, WASM_BPF_PROGRAM_FD));
}

static inline bool bpf_program__autoload(const struct bpf_program *prog)
{
    return wasm_bpf__prog_get(prog, WASM_BPF_PROGRAM_AUTOLOAD) > 0;
}

static inline int bpf_program__set_autoload(struct bpf_program *prog, bool autoload)
{
    return wasm_bpf__prog_set(prog, WASM_BPF_PROGRAM_AUTOLOAD, autoload);
}

static inline bool bpf_program__autoattach(const struct bpf_program *prog)
{
    return wasm_bpf__prog_get(prog, WASM_BPF_PROGRAM_AUTOATTACH) > 0;
}

/* Whether attaching the skeleton attaches this program too. */
static inline void bpf_program__set_autoattach(struct bpf_program *prog, bool autoattach)
{
    wasm_bpf__prog_set(prog, WASM_BPF_PROGRAM_AUTOATTACH, autoattach);
}

static inline enum bpf_prog_type bpf_program__type(const struct bpf_program *prog)
{
    return (enum bpf_prog_type)wasm_bpf__prog_get(prog, WASM_BPF_PROGRAM_TYPE);
}

static inline int bpf_program__set_type(struct bpf_program *prog, enum bpf_prog_type type)
{
    return wasm_bpf__prog_set(prog, WASM_BPF_PROGRAM_TYPE, type);
}

static inline enum bpf_attach_type bpf_program__expected_attach_type(const struct bpf_program *prog)
{
    return (enum bpf_attach_type)wasm_bpf__prog_get(prog, WASM_BPF_PROGRAM_ATTACH_TYPE);
}

static inline int bpf_program__set_expected_attach_type(struct bpf_program *prog, enum bpf_attach_type type)
{
    return wasm_bpf__prog_set(prog, WASM_BPF_PROGRAM_ATTACH_TYPE, type);
}

static inline __u32 bpf_program__flags(const struct bpf_program *prog)
{
    return (__u32)wasm_bpf__prog_get(prog, WASM_BPF_PROGRAM_FLAGS);
}

static inline int bpf_program__set_flags(struct bpf_program *prog, __u32 flags)
{
    return wasm_bpf__prog_set(prog, WASM_BPF_PROGRAM_FLAGS, flags);
}

static inline void bpf_program__set_ifindex(struct bpf_program *prog, __u32 ifindex)
{
    wasm_bpf__prog_set(prog, WASM_BPF_PROGRAM_IFINDEX, ifindex);
}

static inline size_t bpf_program__insn_cnt(const struct bpf_program *prog)
{
    return (size_t)wasm_bpf__prog_get(prog, WASM_BPF_PROGRAM_INSN_CNT);
}

/* Instructions as the file has them, which the object keeps: what loading makes of them does not show here. */
static inline const struct bpf_insn *bpf_program__insns(const struct bpf_program *prog)
{
    struct bpf_program *own = (struct bpf_program *)prog;
    uint64_t object = prog->obj->handle;
    int size = wasm_bpf_object_get_bytes(object, WASM_BPF_PROGRAM, prog->index, WASM_BPF_PROGRAM_INSNS, NULL, 0);
    if (!own->insns && size > 0)
        own->insns = (struct bpf_insn *)malloc((size_t)size);
    if (own->insns)
        wasm_bpf_object_get_bytes(object, WASM_BPF_PROGRAM, prog->index, WASM_BPF_PROGRAM_INSNS, own->insns, size);
    return own->insns;
}

static inline __u32 bpf_program__log_level(const struct bpf_program *prog)
{
    return (__u32)wasm_bpf__prog_get(prog, WASM_BPF_PROGRAM_LOG_LEVEL);
}

/* 0: a log only when the program is refused. */
static inline int bpf_program__set_log_level(struct bpf_program *prog, __u32 log_level)
{
    return wasm_bpf__prog_set(prog, WASM_BPF_PROGRAM_LOG_LEVEL, log_level);
}

static inline const char *bpf_program__log_buf(const struct bpf_program *prog, size_t *log_size)
{
    *log_size = prog->log_size;
    return prog->log_buf;
}

/* Where the verifier's log of this program goes, cut to fit, instead of where the object's go. NULL and 0: nowhere else. */
static inline int bpf_program__set_log_buf(struct bpf_program *prog, char *log_buf, size_t log_size)
{
    if (!log_buf != !log_size)
        return libbpf_err(-22);
    int64_t value = (int64_t)(uintptr_t)log_buf | (int64_t)log_size << 32;
    int err = wasm_bpf__prog_set(prog, WASM_BPF_PROGRAM_LOG, value);
    if (!err) {
        prog->log_buf = log_buf;
        prog->log_size = log_size;
    }
    return err;
}

/* What a section of that name would make of a program: 0, or -ESRCH. */
static inline int libbpf_prog_type_by_name(const char *name, enum bpf_prog_type *prog_type,
                                           enum bpf_attach_type *expected_attach_type)
{
    int64_t types = name ? wasm_bpf_section(name) : -22;
    if (types < 0)
        return libbpf_err((int)types);
    *prog_type = (enum bpf_prog_type)(int)types;
    *expected_attach_type = (enum bpf_attach_type)(int)(types >> 32);
    return 0;
}

/* The same of what BPF_PROG_ATTACH takes. */
static inline int libbpf_attach_type_by_name(const char *name, enum bpf_attach_type *attach_type)
{
    enum bpf_prog_type prog_type;
    int err = libbpf_prog_type_by_name(name, &prog_type, attach_type);
    return err == -ESRCH ? libbpf_err(-22) : err;
}

/* What a program of fentry, fexit, tp_btf, LSM or freplace kind is loaded for, instead of what its section says. */
static inline int bpf_program__set_attach_target(struct bpf_program *prog, int attach_prog_fd,
                                                 const char *attach_func_name)
{
    if (!prog || attach_prog_fd < 0)
        return libbpf_err(-22);
    int err = wasm_bpf__prog_set(prog, WASM_BPF_PROGRAM_TARGET_FD, attach_prog_fd);
    if (err || !attach_func_name)
        return err;
    return wasm_bpf__err(wasm_bpf_object_set_text(prog->obj->handle, WASM_BPF_PROGRAM, prog->index,
                                                  WASM_BPF_PROGRAM_TARGET, attach_func_name));
}

static inline int bpf_program__pin(struct bpf_program *prog, const char *path)
{
    return bpf_obj_pin(bpf_program__fd(prog), path);
}

/* The file must lie under a folder that wasm-bpf was given with --dir. */
static inline int bpf_program__unpin(struct bpf_program *prog, const char *path)
{
    (void)prog;
    return remove(path) ? -errno : 0;
}

/* ---- loading -------------------------------------------------------------------------------------------------------- */

/* Puts the object into the kernel: all maps and programs that are to be. There is no second try. */
static inline int bpf_object__load(struct bpf_object *obj)
{
    if (!obj || obj->loaded)
        return libbpf_err(-22);
    for (int i = 0; i < obj->nr_maps; i++) {
        struct bpf_map *map = &obj->maps[i];
        int err = map->image ? wasm_bpf__write_image(map) : 0;
        if (err && map->nr_functions)
            return wasm_bpf__err(err);
    }
    int err = wasm_bpf_object_load(obj->handle);
    if (err)
        return wasm_bpf__err(err);
    wasm_bpf__messages();
    obj->loaded = true;
    for (int i = 0; i < obj->nr_maps; i++) {
        struct bpf_map *map = &obj->maps[i];
        if (!map->image || !bpf_map__is_internal(map))
            continue;
        /* What programs may write is the map's memory from now on; what they only read is read once. */
        map->shared = !wasm_bpf_map_value(obj->handle, i, WASM_BPF_VALUE_SHARE, map->image, (int)map->image_room);
        if (!map->shared)
            wasm_bpf_map_value(obj->handle, i, WASM_BPF_VALUE_READ, map->image, (int)map->image_size);
    }
    return 0;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_OBJECT_H */
