/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* wasm-bpf/pin.h: all maps and programs of an object at paths of bpffs. Removing them takes a folder given with --dir. */
#ifndef WASM_BPF_PIN_H
#define WASM_BPF_PIN_H

#include <sys/stat.h>
#include <wasm-bpf/object.h>

#ifdef __cplusplus
extern "C" {
#endif

/* folder/name in buf; bpffs takes no dots, which a data section's map has. 0 or -ENAMETOOLONG. */
static inline int wasm_bpf__pin_path(char *buf, size_t size, const char *folder, const char *name, bool dots)
{
    int length = snprintf(buf, size, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= size)
        return libbpf_err(-36);
    for (char *at = buf + strlen(folder) + 1; !dots && *at; at++) {
        if (*at == '.')
            *at = '_';
    }
    return 0;
}

/* Takes away what bpf_object__pin_maps put there; without a path, what is pinned where its map's pin path says. */
static inline int bpf_object__unpin_maps(struct bpf_object *obj, const char *path)
{
    char buf[4096];
    if (!obj)
        return libbpf_err(-2);
    for (int i = 0; i < obj->nr_maps; i++) {
        struct bpf_map *map = &obj->maps[i];
        if (!bpf_map__autocreate(map) || (!path && !map->pin_path))
            continue;
        int err = path ? wasm_bpf__pin_path(buf, sizeof(buf), path, bpf_map__name(map), false) : 0;
        if (!err)
            err = bpf_map__unpin(map, path ? buf : NULL);
        if (err)
            return err;
    }
    return 0;
}

/* Pins each map at path/NAME or, without a path, those that have a pin path there. All or none. */
static inline int bpf_object__pin_maps(struct bpf_object *obj, const char *path)
{
    char buf[4096];
    if (!obj || !obj->loaded)
        return libbpf_err(-2);
    if (path)
        mkdir(path, 0700);
    for (int i = 0; i < obj->nr_maps; i++) {
        struct bpf_map *map = &obj->maps[i];
        if (!bpf_map__autocreate(map) || (!path && !map->pin_path))
            continue;
        int err = path ? wasm_bpf__pin_path(buf, sizeof(buf), path, bpf_map__name(map), false) : 0;
        if (!err)
            err = bpf_map__pin(map, path ? buf : NULL);
        if (err) {
            while (i-- > 0) {
                if (obj->maps[i].pin_path && obj->maps[i].is_pinned)
                    bpf_map__unpin(&obj->maps[i], NULL);
            }
            return err;
        }
    }
    return 0;
}

static inline int bpf_object__unpin_programs(struct bpf_object *obj, const char *path)
{
    char buf[4096];
    if (!obj)
        return libbpf_err(-2);
    for (int i = 0; i < obj->nr_programs; i++) {
        int err = wasm_bpf__pin_path(buf, sizeof(buf), path, obj->programs[i].name, true);
        if (!err)
            err = bpf_program__unpin(&obj->programs[i], buf);
        if (err)
            return err;
    }
    return 0;
}

/* Pins each program at path/NAME. All or none. */
static inline int bpf_object__pin_programs(struct bpf_object *obj, const char *path)
{
    char buf[4096];
    if (!obj || !obj->loaded)
        return libbpf_err(-2);
    mkdir(path, 0700);
    for (int i = 0; i < obj->nr_programs; i++) {
        int err = wasm_bpf__pin_path(buf, sizeof(buf), path, obj->programs[i].name, true);
        if (!err)
            err = bpf_program__pin(&obj->programs[i], buf);
        if (err) {
            while (i-- > 0) {
                if (!wasm_bpf__pin_path(buf, sizeof(buf), path, obj->programs[i].name, true))
                    bpf_program__unpin(&obj->programs[i], buf);
            }
            return err;
        }
    }
    return 0;
}

static inline int bpf_object__pin(struct bpf_object *obj, const char *path)
{
    int err = bpf_object__pin_maps(obj, path);
    if (err)
        return err;
    err = bpf_object__pin_programs(obj, path);
    if (err)
        bpf_object__unpin_maps(obj, path);
    return err;
}

static inline int bpf_object__unpin(struct bpf_object *obj, const char *path)
{
    int err = bpf_object__unpin_programs(obj, path);
    return err ? err : bpf_object__unpin_maps(obj, path);
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_PIN_H */
