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

/* Pins a map at path/NAME or, without a path, at its pin path, or takes it away from there; 0 where it has none. */
static inline int wasm_bpf__pin_map(struct bpf_map *map, const char *path, bool pin)
{
    char buf[4096];
    int err = path ? wasm_bpf__pin_path(buf, sizeof(buf), path, bpf_map__name(map), false) : 0;
    if (err || !bpf_map__autocreate(map) || (!path && !map->pin_path))
        return err;
    return pin ? bpf_map__pin(map, path ? buf : NULL) : bpf_map__unpin(map, path ? buf : NULL);
}

/* Takes away what bpf_object__pin_maps put there; without a path, what is pinned where its map's pin path says. */
static inline int bpf_object__unpin_maps(struct bpf_object *obj, const char *path)
{
    int err = obj ? 0 : libbpf_err(-2);
    for (int i = 0; !err && i < obj->nr_maps; i++)
        err = wasm_bpf__pin_map(&obj->maps[i], path, false);
    return err;
}

/* Pins each map at path/NAME or, without a path, those that have a pin path there. All or none. */
static inline int bpf_object__pin_maps(struct bpf_object *obj, const char *path)
{
    if (!obj || !obj->loaded)
        return libbpf_err(-2);
    if (path)
        mkdir(path, 0700);
    for (int i = 0; i < obj->nr_maps; i++) {
        int err = wasm_bpf__pin_map(&obj->maps[i], path, true);
        if (err) {
            while (i-- > 0)
                wasm_bpf__pin_map(&obj->maps[i], path, false);
            return err;
        }
    }
    return 0;
}

/* Pins a program at path/NAME, or takes it away from there. */
static inline int wasm_bpf__pin_program(struct bpf_program *prog, const char *path, bool pin)
{
    char buf[4096];
    int err = wasm_bpf__pin_path(buf, sizeof(buf), path, prog->name, true);
    if (err)
        return err;
    return pin ? bpf_program__pin(prog, buf) : bpf_program__unpin(prog, buf);
}

static inline int bpf_object__unpin_programs(struct bpf_object *obj, const char *path)
{
    int err = obj ? 0 : libbpf_err(-2);
    for (int i = 0; !err && i < obj->nr_programs; i++)
        err = wasm_bpf__pin_program(&obj->programs[i], path, false);
    return err;
}

/* Pins each program at path/NAME. All or none. */
static inline int bpf_object__pin_programs(struct bpf_object *obj, const char *path)
{
    if (!obj || !obj->loaded)
        return libbpf_err(-2);
    mkdir(path, 0700);
    for (int i = 0; i < obj->nr_programs; i++) {
        int err = wasm_bpf__pin_program(&obj->programs[i], path, true);
        if (err) {
            while (i-- > 0)
                wasm_bpf__pin_program(&obj->programs[i], path, false);
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
