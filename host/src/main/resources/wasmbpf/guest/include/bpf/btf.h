/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* bpf/btf.h for wasm-bpf guests: reading BTF, above all the kernel's, which the host hands over. */
#ifndef __LIBBPF_BTF_H
#define __LIBBPF_BTF_H

#include <bpf/bpf.h>
#include <linux/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BTF_ELF_SEC ".BTF"
#define BTF_EXT_ELF_SEC ".BTF.ext"

/* Members are the library's. */
struct btf {
    char *data;
    const char *strings;
    __u32 strings_size;
    const char **types; /* by id - start */
    __u32 start;        /* first id of its own: 1, or behind those of base */
    __u32 end;          /* behind the last id */
    __u32 strings_start;
    const struct btf *base;
    __u32 size; /* of data */
    int fd;     /* once it is in the kernel, else -1 */
};

static inline __u16 btf_kind(const struct btf_type *t)
{
    return BTF_INFO_KIND(t->info);
}

static inline __u16 btf_vlen(const struct btf_type *t)
{
    return BTF_INFO_VLEN(t->info);
}

static inline bool btf_kflag(const struct btf_type *t)
{
    return BTF_INFO_KFLAG(t->info);
}

static inline bool btf_is_void(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_UNKN; }
static inline bool btf_is_int(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_INT; }
static inline bool btf_is_ptr(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_PTR; }
static inline bool btf_is_array(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_ARRAY; }
static inline bool btf_is_struct(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_STRUCT; }
static inline bool btf_is_union(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_UNION; }
static inline bool btf_is_composite(const struct btf_type *t) { return btf_is_struct(t) || btf_is_union(t); }
static inline bool btf_is_enum(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_ENUM; }
static inline bool btf_is_enum64(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_ENUM64; }
static inline bool btf_is_any_enum(const struct btf_type *t) { return btf_is_enum(t) || btf_is_enum64(t); }
static inline bool btf_is_fwd(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_FWD; }
static inline bool btf_is_typedef(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_TYPEDEF; }
static inline bool btf_is_volatile(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_VOLATILE; }
static inline bool btf_is_const(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_CONST; }
static inline bool btf_is_restrict(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_RESTRICT; }
static inline bool btf_is_func(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_FUNC; }
static inline bool btf_is_func_proto(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_FUNC_PROTO; }
static inline bool btf_is_var(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_VAR; }
static inline bool btf_is_datasec(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_DATASEC; }
static inline bool btf_is_float(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_FLOAT; }
static inline bool btf_is_decl_tag(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_DECL_TAG; }
static inline bool btf_is_type_tag(const struct btf_type *t) { return btf_kind(t) == BTF_KIND_TYPE_TAG; }

static inline bool btf_is_mod(const struct btf_type *t)
{
    __u16 kind = btf_kind(t);
    return kind == BTF_KIND_VOLATILE || kind == BTF_KIND_CONST || kind == BTF_KIND_RESTRICT ||
           kind == BTF_KIND_TYPE_TAG;
}

static inline __u8 btf_int_encoding(const struct btf_type *t)
{
    return BTF_INT_ENCODING(*(const __u32 *)(t + 1));
}

static inline __u8 btf_int_offset(const struct btf_type *t)
{
    return BTF_INT_OFFSET(*(const __u32 *)(t + 1));
}

static inline __u8 btf_int_bits(const struct btf_type *t)
{
    return BTF_INT_BITS(*(const __u32 *)(t + 1));
}

static inline struct btf_array *btf_array(const struct btf_type *t) { return (struct btf_array *)(t + 1); }
static inline struct btf_enum *btf_enum(const struct btf_type *t) { return (struct btf_enum *)(t + 1); }
static inline struct btf_enum64 *btf_enum64(const struct btf_type *t) { return (struct btf_enum64 *)(t + 1); }
static inline struct btf_member *btf_members(const struct btf_type *t) { return (struct btf_member *)(t + 1); }
static inline struct btf_param *btf_params(const struct btf_type *t) { return (struct btf_param *)(t + 1); }
static inline struct btf_var *btf_var(const struct btf_type *t) { return (struct btf_var *)(t + 1); }
static inline struct btf_var_secinfo *btf_var_secinfos(const struct btf_type *t)
{
    return (struct btf_var_secinfo *)(t + 1);
}

static inline __u64 btf_enum64_value(const struct btf_enum64 *e)
{
    return ((__u64)e->val_hi32 << 32) | e->val_lo32;
}

static inline __u32 btf_member_bit_offset(const struct btf_type *t, __u32 member_idx)
{
    const struct btf_member *m = btf_members(t) + member_idx;
    return btf_kflag(t) ? BTF_MEMBER_BIT_OFFSET(m->offset) : m->offset;
}

static inline __u32 btf_member_bitfield_size(const struct btf_type *t, __u32 member_idx)
{
    const struct btf_member *m = btf_members(t) + member_idx;
    return btf_kflag(t) ? BTF_MEMBER_BITFIELD_SIZE(m->offset) : 0;
}

static inline void btf__free(struct btf *btf)
{
    if (!btf || (uintptr_t)btf >= (uintptr_t)-4095)
        return;
    if (btf->fd >= 0)
        close(btf->fd);
    free(btf->data);
    free(btf->types);
    free(btf);
}

/* Bytes behind a type's head, or -1. */
static inline int wasm_bpf__btf_tail(const struct btf_type *t)
{
    int vlen = btf_vlen(t);
    switch (btf_kind(t)) {
    case BTF_KIND_INT:
    case BTF_KIND_VAR:
    case BTF_KIND_DECL_TAG:
        return 4;
    case BTF_KIND_ARRAY:
        return sizeof(struct btf_array);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        return vlen * (int)sizeof(struct btf_member);
    case BTF_KIND_ENUM:
        return vlen * (int)sizeof(struct btf_enum);
    case BTF_KIND_ENUM64:
        return vlen * (int)sizeof(struct btf_enum64);
    case BTF_KIND_FUNC_PROTO:
        return vlen * (int)sizeof(struct btf_param);
    case BTF_KIND_DATASEC:
        return vlen * (int)sizeof(struct btf_var_secinfo);
    case BTF_KIND_UNKN:
        return -1;
    default:
        return btf_kind(t) <= BTF_KIND_MAX ? 0 : -1;
    }
}

/* Finds the types in btf->data, which it owns. 0 or a negative errno. */
static inline int wasm_bpf__btf_index(struct btf *btf, size_t size)
{
    const struct btf_header *head = (const struct btf_header *)btf->data;
    if (size < sizeof(*head) || head->magic != BTF_MAGIC || head->version != BTF_VERSION ||
        head->hdr_len > size || head->type_off > size - head->hdr_len ||
        head->type_len > size - head->hdr_len - head->type_off || head->str_off > size - head->hdr_len ||
        head->str_len > size - head->hdr_len - head->str_off || !head->str_len)
        return -EINVAL;
    const char *at = btf->data + head->hdr_len + head->type_off, *end = at + head->type_len;
    btf->strings = btf->data + head->hdr_len + head->str_off;
    btf->strings_size = head->str_len;
    if (btf->strings[head->str_len - 1])
        return -EINVAL;
    __u32 count = 0, room = 0;
    while (at < end) {
        int tail = (size_t)(end - at) < sizeof(struct btf_type) ? -1 : wasm_bpf__btf_tail((const struct btf_type *)at);
        if (tail < 0 || (size_t)(end - at) - sizeof(struct btf_type) < (size_t)tail)
            return -EINVAL;
        if (count == room) {
            room = room ? room * 2 : 1024;
            const char **more = (const char **)realloc((void *)btf->types, room * sizeof(*more));
            if (!more)
                return -ENOMEM;
            btf->types = more;
        }
        btf->types[count++] = at;
        at += sizeof(struct btf_type) + (size_t)tail;
    }
    btf->end = btf->start + count;
    return 0;
}

static inline struct btf *wasm_bpf__btf_new(char *data, size_t size, const struct btf *base)
{
    struct btf *btf = (struct btf *)calloc(1, sizeof(*btf));
    if (!btf || !data) {
        free(btf);
        free(data);
        errno = ENOMEM;
        return NULL;
    }
    btf->data = data;
    btf->size = (__u32)size;
    btf->fd = -1;
    btf->base = base;
    btf->start = base ? base->end : 1;
    btf->strings_start = base ? base->strings_start + base->strings_size : 0;
    int err = wasm_bpf__btf_index(btf, size);
    if (err) {
        btf__free(btf);
        errno = -err;
        return NULL;
    }
    return btf;
}

/* The bytes are copied. */
static inline struct btf *btf__new_split(const void *data, __u32 size, struct btf *base_btf)
{
    char *copy = (char *)malloc(size ? size : 1);
    if (copy)
        memcpy(copy, data, size);
    return wasm_bpf__btf_new(copy, size, base_btf);
}

static inline struct btf *btf__new(const void *data, __u32 size)
{
    return btf__new_split(data, size, NULL);
}

/* BTF without types, to keep texts in. */
static inline struct btf *btf__new_empty(void)
{
    struct btf *btf = (struct btf *)calloc(1, sizeof(*btf));
    if (btf)
        btf->data = (char *)calloc(1, 1);
    if (!btf || !btf->data) {
        free(btf);
        errno = ENOMEM;
        return NULL;
    }
    btf->fd = -1;
    btf->strings = btf->data;
    btf->strings_size = 1;
    btf->start = btf->end = 1;
    return btf;
}

/* Offset of a text in btf__new_empty's BTF, or -ENOENT. */
static inline int btf__find_str(struct btf *btf, const char *s)
{
    for (__u32 at = 0; at < btf->strings_size; at += (__u32)strlen(btf->strings + at) + 1) {
        if (!strcmp(btf->strings + at, s))
            return (int)(btf->strings_start + at);
    }
    return libbpf_err(-2);
}

/* As btf__find_str, adding the text if it is not there. */
static inline int btf__add_str(struct btf *btf, const char *s)
{
    int found = btf__find_str(btf, s);
    if (found >= 0)
        return found;
    if (btf->types)
        return libbpf_err(-95);
    size_t length = strlen(s) + 1;
    char *more = (char *)realloc(btf->data, btf->strings_size + length);
    if (!more)
        return libbpf_err(-12);
    memcpy(more + btf->strings_size, s, length);
    btf->data = more;
    btf->strings = more;
    found = (int)btf->strings_size;
    btf->strings_size += (__u32)length;
    return found;
}

/* A file's BTF, a section's where it is an ELF file. The file must lie under a folder given with --dir. */
static inline struct btf *wasm_bpf__btf_file(const char *path, const struct btf *base, bool elf, bool raw)
{
    FILE *file = fopen(path, "rb");
    struct btf *btf = NULL;
    char *data = NULL;
    size_t size = 0, room = 0, more = 1;
    if (!file)
        return NULL;
    while (more) {
        if (size == room) {
            room = room ? room * 2 : 65536;
            char *larger = (char *)realloc(data, room);
            if (!larger)
                break;
            data = larger;
        }
        more = fread(data + size, 1, room - size, file);
        size += more;
    }
    fclose(file);
    if (more) {
        free(data);
        errno = ENOMEM;
        return NULL;
    }
    bool is_elf = size >= 64 && !memcmp(data, "\177ELF\2\1", 6);
    if (!is_elf && raw)
        return wasm_bpf__btf_new(data, size, base);
    if (is_elf && elf) {
        uint64_t heads = 0, at = 0, length = 0;
        uint16_t each, count, names;
        uint32_t name;
        memcpy(&heads, data + 40, 8);
        memcpy(&each, data + 58, 2);
        memcpy(&count, data + 60, 2);
        memcpy(&names, data + 62, 2);
        errno = ENOENT;
        if (each >= 64 && heads < size && (uint64_t)each * count <= size - heads && names < count) {
            uint64_t texts, texts_length;
            memcpy(&texts, data + heads + (uint64_t)each * names + 24, 8);
            memcpy(&texts_length, data + heads + (uint64_t)each * names + 32, 8);
            for (uint16_t i = 0; i < count && !btf && texts < size && texts_length <= size - texts; i++) {
                const char *head = data + heads + (uint64_t)each * i;
                memcpy(&name, head, 4);
                memcpy(&at, head + 24, 8);
                memcpy(&length, head + 32, 8);
                if (name < texts_length && texts_length - name >= sizeof(BTF_ELF_SEC) &&
                    !memcmp(data + texts + name, BTF_ELF_SEC, sizeof(BTF_ELF_SEC)) && at < size && length <= size - at)
                    btf = btf__new_split(data + at, (__u32)length, (struct btf *)base);
            }
        }
    } else {
        errno = EPROTO;
    }
    free(data);
    return btf;
}

struct btf_ext;

/* BTF of a file, be it bare or an ELF's section. btf_ext is set to NULL: what .BTF.ext says is not read here. */
static inline struct btf *btf__parse(const char *path, struct btf_ext **btf_ext)
{
    if (btf_ext)
        *btf_ext = NULL;
    return wasm_bpf__btf_file(path, NULL, true, true);
}

static inline struct btf *btf__parse_split(const char *path, struct btf *base_btf)
{
    return wasm_bpf__btf_file(path, base_btf, true, true);
}

static inline struct btf *btf__parse_elf(const char *path, struct btf_ext **btf_ext)
{
    if (btf_ext)
        *btf_ext = NULL;
    return wasm_bpf__btf_file(path, NULL, true, false);
}

static inline struct btf *btf__parse_elf_split(const char *path, struct btf *base_btf)
{
    return wasm_bpf__btf_file(path, base_btf, true, false);
}

static inline struct btf *btf__parse_raw(const char *path)
{
    return wasm_bpf__btf_file(path, NULL, false, true);
}

static inline struct btf *btf__parse_raw_split(const char *path, struct btf *base_btf)
{
    return wasm_bpf__btf_file(path, base_btf, false, true);
}

/* What the kernel has under an id. */
static inline struct btf *btf__load_from_kernel_by_id_split(__u32 id, struct btf *base_btf)
{
    struct bpf_btf_info info;
    __u32 length = sizeof(info);
    struct btf *btf = NULL;
    int fd = bpf_btf_get_fd_by_id(id);
    if (fd < 0)
        return NULL;
    memset(&info, 0, sizeof(info));
    int err = bpf_btf_get_info_by_fd(fd, &info, &length);
    __u32 size = info.btf_size;
    char *data = err ? NULL : (char *)malloc(size ? size : 1);
    if (data) {
        memset(&info, 0, sizeof(info));
        info.btf = (uintptr_t)data;
        info.btf_size = size;
        length = sizeof(info);
        err = bpf_btf_get_info_by_fd(fd, &info, &length);
        if (!err)
            btf = wasm_bpf__btf_new(data, size, base_btf);
        else
            free(data);
    } else if (!err) {
        errno = ENOMEM;
    }
    int saved = errno;
    close(fd);
    errno = saved;
    return btf;
}

static inline struct btf *btf__load_from_kernel_by_id(__u32 id)
{
    return btf__load_from_kernel_by_id_split(id, NULL);
}

/* Its descriptor in the kernel, or -1. */
static inline int btf__fd(const struct btf *btf)
{
    return btf->fd;
}

static inline void btf__set_fd(struct btf *btf, int fd)
{
    btf->fd = fd;
}

/* The bytes it was made of, which it keeps. */
static inline const void *btf__raw_data(const struct btf *btf, __u32 *size)
{
    *size = btf->size;
    return btf->size ? btf->data : NULL;
}

static inline int btf__load_into_kernel(struct btf *btf)
{
    __u32 size;
    const void *data = btf__raw_data(btf, &size);
    if (btf->fd >= 0)
        return libbpf_err(-17);
    if (!data)
        return libbpf_err(-22);
    int fd = bpf_btf_load(data, size, NULL);
    if (fd < 0)
        return fd;
    btf->fd = fd;
    return 0;
}

/* The kernel's, always: of 8 bytes, little-endian. */
enum btf_endianness { BTF_LITTLE_ENDIAN = 0, BTF_BIG_ENDIAN = 1 };

static inline size_t btf__pointer_size(const struct btf *btf)
{
    (void)btf;
    return 8;
}

static inline int btf__set_pointer_size(struct btf *btf, size_t ptr_sz)
{
    (void)btf;
    return ptr_sz == 8 ? 0 : libbpf_err(-22);
}

static inline enum btf_endianness btf__endianness(const struct btf *btf)
{
    (void)btf;
    return BTF_LITTLE_ENDIAN;
}

static inline int btf__set_endianness(struct btf *btf, enum btf_endianness endian)
{
    (void)btf;
    return endian == BTF_LITTLE_ENDIAN ? 0 : libbpf_err(-22);
}

static inline struct btf *wasm_bpf__btf_of(const char *module, const struct btf *base)
{
    int64_t size = wasm_bpf_kernel_btf(module, NULL, 0);
    if (size < 0) {
        libbpf_err((int)size);
        return NULL;
    }
    char *data = (char *)malloc((size_t)size);
    if (data)
        size = wasm_bpf_kernel_btf(module, data, (int)size);
    if (data && size < 0) {
        free(data);
        libbpf_err((int)size);
        return NULL;
    }
    return wasm_bpf__btf_new(data, (size_t)size, base);
}

static inline struct btf *btf__load_vmlinux_btf(void)
{
    return wasm_bpf__btf_of(NULL, NULL);
}

static inline struct btf *btf__load_module_btf(const char *module_name, struct btf *vmlinux_btf)
{
    return wasm_bpf__btf_of(module_name, vmlinux_btf);
}

static inline const struct btf *btf__base_btf(const struct btf *btf)
{
    return btf->base;
}

/* One more than the last id. */
static inline __u32 btf__type_cnt(const struct btf *btf)
{
    return btf->end;
}

static inline const struct btf_type *btf__type_by_id(const struct btf *btf, __u32 id)
{
    static const struct btf_type nothing = {0, 0, {0}};
    if (id == 0)
        return &nothing;
    while (btf && id < btf->start)
        btf = btf->base;
    if (btf && id < btf->end)
        return (const struct btf_type *)btf->types[id - btf->start];
    errno = EINVAL;
    return NULL;
}

static inline const char *btf__str_by_offset(const struct btf *btf, __u32 offset)
{
    while (btf && offset < btf->strings_start)
        btf = btf->base;
    if (btf && offset - btf->strings_start < btf->strings_size)
        return btf->strings + (offset - btf->strings_start);
    errno = EINVAL;
    return NULL;
}

static inline const char *btf__name_by_offset(const struct btf *btf, __u32 offset)
{
    return btf__str_by_offset(btf, offset);
}

static inline __s32 wasm_bpf__btf_find(const struct btf *btf, __u32 from, const char *type_name, __u32 kind)
{
    if (kind == BTF_KIND_UNKN || !strcmp(type_name, "void"))
        return 0;
    for (__u32 id = from; id < btf->end; id++) {
        const struct btf_type *t = btf__type_by_id(btf, id);
        if (kind != ~0U && btf_kind(t) != kind)
            continue;
        const char *name = btf__str_by_offset(btf, t->name_off);
        if (name && !strcmp(name, type_name))
            return (__s32)id;
    }
    return libbpf_err(-2);
}

static inline __s32 btf__find_by_name(const struct btf *btf, const char *type_name)
{
    return wasm_bpf__btf_find(btf, 1, type_name, ~0U);
}

static inline __s32 btf__find_by_name_kind(const struct btf *btf, const char *type_name, __u32 kind)
{
    return wasm_bpf__btf_find(btf, 1, type_name, kind);
}

/* The type behind typedefs and modifiers, or -EINVAL. */
static inline int btf__resolve_type(const struct btf *btf, __u32 type_id)
{
    for (int depth = 0; depth < 32; depth++) {
        const struct btf_type *t = btf__type_by_id(btf, type_id);
        if (!t)
            break;
        if (!btf_is_mod(t) && !btf_is_typedef(t) && !btf_is_var(t))
            return btf_is_void(t) || btf_is_func(t) || btf_is_func_proto(t) || btf_is_fwd(t) ? libbpf_err(-22)
                                                                                             : (int)type_id;
        type_id = t->type;
    }
    return libbpf_err(-22);
}

/* Bytes of a value of the type; pointers are the kernel's, of 8. */
static inline __s64 btf__resolve_size(const struct btf *btf, __u32 type_id)
{
    __s64 count = 1;
    for (int depth = 0; depth < 32; depth++) {
        int id = btf__resolve_type(btf, type_id);
        if (id < 0)
            return id;
        const struct btf_type *t = btf__type_by_id(btf, (__u32)id);
        if (btf_is_ptr(t))
            return count * 8;
        if (!btf_is_array(t))
            return count * t->size;
        count *= btf_array(t)->nelems;
        type_id = btf_array(t)->type;
    }
    return libbpf_err(-22);
}

/* The alignment of a type where the kernel is, 0 if it has none. */
static inline int btf__align_of(const struct btf *btf, __u32 id)
{
    const struct btf_type *t = btf__type_by_id(btf, id);
    int most = 1;
    if (!t)
        return 0;
    switch (btf_kind(t)) {
    case BTF_KIND_INT:
    case BTF_KIND_ENUM:
    case BTF_KIND_ENUM64:
    case BTF_KIND_FLOAT:
        return t->size < 8 ? (int)t->size : 8;
    case BTF_KIND_PTR:
        return 8;
    case BTF_KIND_TYPEDEF:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_CONST:
    case BTF_KIND_RESTRICT:
    case BTF_KIND_TYPE_TAG:
        return btf__align_of(btf, t->type);
    case BTF_KIND_ARRAY:
        return btf__align_of(btf, btf_array(t)->type);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        for (__u16 i = 0; i < btf_vlen(t); i++) {
            int align = btf__align_of(btf, btf_members(t)[i].type);
            if (align <= 0)
                return align;
            most = align > most ? align : most;
            /* A member off its place, or a size that is no multiple: packed. */
            if (!btf_member_bitfield_size(t, i) && btf_member_bit_offset(t, i) % (8 * (__u32)align))
                return 1;
        }
        return t->size % (__u32)most ? 1 : most;
    default:
        return libbpf_err(0);
    }
}

/* BTF id of what a program of that attach type attaches to in the kernel. */
static inline int libbpf_find_vmlinux_btf_id(const char *name, enum bpf_attach_type attach_type)
{
    const char *prefix = attach_type == BPF_TRACE_RAW_TP                                      ? "btf_trace_"
                         : attach_type == BPF_LSM_MAC || attach_type == BPF_LSM_CGROUP        ? "bpf_lsm_"
                         : attach_type == BPF_TRACE_ITER                                      ? "bpf_iter_"
                                                                                              : "";
    char full[160];
    struct btf *btf = btf__load_vmlinux_btf();
    if (!btf)
        return -errno;
    strncpy(full, prefix, sizeof(full) - 1);
    full[sizeof(full) - 1] = '\0';
    strncat(full, name, sizeof(full) - strlen(full) - 1);
    int id = btf__find_by_name_kind(btf, full, attach_type == BPF_TRACE_RAW_TP ? BTF_KIND_TYPEDEF : BTF_KIND_FUNC);
    btf__free(btf);
    return id < 0 ? libbpf_err(-3) : id;
}

#ifdef __cplusplus
}
#endif

#endif /* __LIBBPF_BTF_H */
