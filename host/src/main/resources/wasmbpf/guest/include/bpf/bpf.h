/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * bpf/bpf.h for wasm-bpf guests: one function for each command of bpf(2), as libbpf has them. They return 0, a count or
 * a descriptor, or a negative errno, which is in errno too. Descriptors are the module's own: close() them.
 */
#ifndef __LIBBPF_BPF_H
#define __LIBBPF_BPF_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <bpf/libbpf_common.h>
#include <bpf/libbpf_legacy.h>
#include <wasm-bpf/host.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sets errno to what a host function returned, and gives that number, negative, in the C library's numbering. */
static inline int libbpf_err(int ret)
{
    ret = ret < 0 ? wasm_bpf__errno(ret) : ret;
    if (ret < 0)
        errno = -ret;
    return ret;
}

static inline int wasm_bpf__bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
    return libbpf_err(wasm_bpf_bpf(cmd, attr, sizeof(*attr)));
}

static inline __u64 wasm_bpf__u64(const void *ptr)
{
    return (__u64)(uintptr_t)ptr;
}

/* The host raises the limit by itself where the kernel wants it. */
static inline int libbpf_set_memlock_rlim(size_t memlock_bytes)
{
    (void)memlock_bytes;
    return 0;
}

/* ---- maps ------------------------------------------------------------------------------------------------------- */

struct bpf_map_create_opts {
    size_t sz;
    __u32 btf_fd;
    __u32 btf_key_type_id;
    __u32 btf_value_type_id;
    __u32 btf_vmlinux_value_type_id;
    __u32 inner_map_fd;
    __u32 map_flags;
    __u64 map_extra;
    __u32 numa_node;
    __u32 map_ifindex;
    __s32 value_type_btf_obj_fd;
    __u32 token_fd;
};
#define bpf_map_create_opts__last_field token_fd

static inline int bpf_map_create(enum bpf_map_type map_type, const char *map_name, __u32 key_size, __u32 value_size,
                                 __u32 max_entries, const struct bpf_map_create_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.map_type = map_type;
    if (map_name)
        strncpy(attr.map_name, map_name, sizeof(attr.map_name) - 1);
    attr.key_size = key_size;
    attr.value_size = value_size;
    attr.max_entries = max_entries;
    attr.btf_fd = WASM_BPF__OPT(opts, btf_fd, 0);
    attr.btf_key_type_id = WASM_BPF__OPT(opts, btf_key_type_id, 0);
    attr.btf_value_type_id = WASM_BPF__OPT(opts, btf_value_type_id, 0);
    attr.btf_vmlinux_value_type_id = WASM_BPF__OPT(opts, btf_vmlinux_value_type_id, 0);
    attr.inner_map_fd = WASM_BPF__OPT(opts, inner_map_fd, 0);
    attr.map_flags = WASM_BPF__OPT(opts, map_flags, 0);
    attr.map_extra = WASM_BPF__OPT(opts, map_extra, 0);
    attr.numa_node = WASM_BPF__OPT(opts, numa_node, 0);
    attr.map_ifindex = WASM_BPF__OPT(opts, map_ifindex, 0);
    return wasm_bpf__bpf(BPF_MAP_CREATE, &attr);
}

static inline int bpf_map_lookup_elem_flags(int fd, const void *key, void *value, __u64 flags)
{
    return libbpf_err(wasm_bpf_map_operate(fd, BPF_MAP_LOOKUP_ELEM, key, value, NULL, flags));
}

static inline int bpf_map_lookup_elem(int fd, const void *key, void *value)
{
    return bpf_map_lookup_elem_flags(fd, key, value, 0);
}

static inline int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
    return libbpf_err(wasm_bpf_map_operate(fd, BPF_MAP_UPDATE_ELEM, key, (void *)value, NULL, flags));
}

static inline int bpf_map_lookup_and_delete_elem_flags(int fd, const void *key, void *value, __u64 flags)
{
    return libbpf_err(wasm_bpf_map_operate(fd, BPF_MAP_LOOKUP_AND_DELETE_ELEM, key, value, NULL, flags));
}

static inline int bpf_map_lookup_and_delete_elem(int fd, const void *key, void *value)
{
    return bpf_map_lookup_and_delete_elem_flags(fd, key, value, 0);
}

static inline int bpf_map_delete_elem_flags(int fd, const void *key, __u64 flags)
{
    return libbpf_err(wasm_bpf_map_operate(fd, BPF_MAP_DELETE_ELEM, key, NULL, NULL, flags));
}

static inline int bpf_map_delete_elem(int fd, const void *key)
{
    return bpf_map_delete_elem_flags(fd, key, 0);
}

/* The first key where key is NULL; -ENOENT after the last. */
static inline int bpf_map_get_next_key(int fd, const void *key, void *next_key)
{
    return libbpf_err(wasm_bpf_map_operate(fd, BPF_MAP_GET_NEXT_KEY, key, NULL, next_key, 0));
}

static inline int bpf_map_freeze(int fd)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.map_fd = (__u32)fd;
    return wasm_bpf__bpf(BPF_MAP_FREEZE, &attr);
}

struct bpf_map_batch_opts {
    size_t sz;
    __u64 elem_flags;
    __u64 flags;
};
#define bpf_map_batch_opts__last_field flags

static inline int wasm_bpf__batch(enum bpf_cmd cmd, int fd, const void *in_batch, void *out_batch, const void *keys,
                                  const void *values, __u32 *count, const struct bpf_map_batch_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.batch.map_fd = (__u32)fd;
    attr.batch.in_batch = wasm_bpf__u64(in_batch);
    attr.batch.out_batch = wasm_bpf__u64(out_batch);
    attr.batch.keys = wasm_bpf__u64(keys);
    attr.batch.values = wasm_bpf__u64(values);
    attr.batch.count = *count;
    attr.batch.elem_flags = WASM_BPF__OPT(opts, elem_flags, 0);
    attr.batch.flags = WASM_BPF__OPT(opts, flags, 0);
    int ret = wasm_bpf__bpf(cmd, &attr);
    *count = attr.batch.count;
    return ret;
}

/* count: how many there is room for, or that there are; then how many were done. */
static inline int bpf_map_delete_batch(int fd, const void *keys, __u32 *count, const struct bpf_map_batch_opts *opts)
{
    return wasm_bpf__batch(BPF_MAP_DELETE_BATCH, fd, NULL, NULL, keys, NULL, count, opts);
}

/* in_batch NULL begins; out_batch is the next call's in_batch; -ENOENT with the last. */
static inline int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, __u32 *count,
                                       const struct bpf_map_batch_opts *opts)
{
    return wasm_bpf__batch(BPF_MAP_LOOKUP_BATCH, fd, in_batch, out_batch, keys, values, count, opts);
}

static inline int bpf_map_lookup_and_delete_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values,
                                                  __u32 *count, const struct bpf_map_batch_opts *opts)
{
    return wasm_bpf__batch(BPF_MAP_LOOKUP_AND_DELETE_BATCH, fd, in_batch, out_batch, keys, values, count, opts);
}

static inline int bpf_map_update_batch(int fd, const void *keys, const void *values, __u32 *count,
                                       const struct bpf_map_batch_opts *opts)
{
    return wasm_bpf__batch(BPF_MAP_UPDATE_BATCH, fd, NULL, NULL, keys, values, count, opts);
}

/* ---- programs ----------------------------------------------------------------------------------------------------- */

struct bpf_prog_load_opts {
    size_t sz;
    int attempts; /* how often to try again after EAGAIN; 0: 5 times */
    enum bpf_attach_type expected_attach_type;
    __u32 prog_btf_fd;
    __u32 prog_flags;
    __u32 prog_ifindex;
    __u32 kern_version;
    __u32 attach_btf_id;
    __u32 attach_prog_fd;
    __u32 attach_btf_obj_fd;
    const int *fd_array;
    const void *func_info;
    __u32 func_info_cnt;
    __u32 func_info_rec_size;
    const void *line_info;
    __u32 line_info_cnt;
    __u32 line_info_rec_size;
    __u32 log_level;
    __u32 log_size;
    char *log_buf;
    __u32 log_true_size;
    __u32 token_fd;
    __u32 fd_array_cnt;
};
#define bpf_prog_load_opts__last_field fd_array_cnt

#define BPF_LOG_BUF_SIZE (UINT32_MAX >> 8)

static inline int bpf_prog_load(enum bpf_prog_type prog_type, const char *prog_name, const char *license,
                                const struct bpf_insn *insns, size_t insn_cnt, struct bpf_prog_load_opts *opts)
{
    union bpf_attr attr;
    int attempts = WASM_BPF__OPT(opts, attempts, 0);
    int fd;
    memset(&attr, 0, sizeof(attr));
    attr.prog_type = prog_type;
    if (prog_name)
        strncpy(attr.prog_name, prog_name, sizeof(attr.prog_name) - 1);
    attr.license = wasm_bpf__u64(license);
    attr.insns = wasm_bpf__u64(insns);
    attr.insn_cnt = (__u32)insn_cnt;
    attr.expected_attach_type = (__u32)WASM_BPF__OPT(opts, expected_attach_type, (enum bpf_attach_type)0);
    attr.prog_btf_fd = WASM_BPF__OPT(opts, prog_btf_fd, 0);
    attr.prog_flags = WASM_BPF__OPT(opts, prog_flags, 0);
    attr.prog_ifindex = WASM_BPF__OPT(opts, prog_ifindex, 0);
    attr.kern_version = WASM_BPF__OPT(opts, kern_version, 0);
    attr.attach_btf_id = WASM_BPF__OPT(opts, attach_btf_id, 0);
    attr.attach_prog_fd = WASM_BPF__OPT(opts, attach_prog_fd, 0);
    if (!attr.attach_prog_fd)
        attr.attach_btf_obj_fd = WASM_BPF__OPT(opts, attach_btf_obj_fd, 0);
    attr.fd_array = wasm_bpf__u64(WASM_BPF__OPT(opts, fd_array, NULL));
    attr.fd_array_cnt = WASM_BPF__OPT(opts, fd_array_cnt, 0);
    attr.func_info = wasm_bpf__u64(WASM_BPF__OPT(opts, func_info, NULL));
    attr.func_info_cnt = WASM_BPF__OPT(opts, func_info_cnt, 0);
    attr.func_info_rec_size = WASM_BPF__OPT(opts, func_info_rec_size, 0);
    attr.line_info = wasm_bpf__u64(WASM_BPF__OPT(opts, line_info, NULL));
    attr.line_info_cnt = WASM_BPF__OPT(opts, line_info_cnt, 0);
    attr.line_info_rec_size = WASM_BPF__OPT(opts, line_info_rec_size, 0);
    attr.log_level = WASM_BPF__OPT(opts, log_level, 0);
    if (attr.log_level) {
        attr.log_buf = wasm_bpf__u64(WASM_BPF__OPT(opts, log_buf, NULL));
        attr.log_size = WASM_BPF__OPT(opts, log_size, 0);
    }
    if (attempts <= 0)
        attempts = 5;
    do {
        fd = wasm_bpf__bpf(BPF_PROG_LOAD, &attr);
    } while (fd == -EAGAIN && --attempts > 0);
    if (fd < 0 && !attr.log_level && WASM_BPF__OPT(opts, log_buf, (char *)NULL) != NULL) {
        attr.log_level = 1;
        attr.log_buf = wasm_bpf__u64(opts->log_buf);
        attr.log_size = opts->log_size;
        fd = wasm_bpf__bpf(BPF_PROG_LOAD, &attr);
    }
    return fd;
}

struct bpf_btf_load_opts {
    size_t sz;
    char *log_buf;
    __u32 log_level;
    __u32 log_size;
    __u32 log_true_size;
    __u32 btf_flags;
    __u32 token_fd;
};
#define bpf_btf_load_opts__last_field token_fd

static inline int bpf_btf_load(const void *btf_data, size_t btf_size, struct bpf_btf_load_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.btf = wasm_bpf__u64(btf_data);
    attr.btf_size = (__u32)btf_size;
    attr.btf_log_level = WASM_BPF__OPT(opts, log_level, 0);
    if (attr.btf_log_level) {
        attr.btf_log_buf = wasm_bpf__u64(WASM_BPF__OPT(opts, log_buf, NULL));
        attr.btf_log_size = WASM_BPF__OPT(opts, log_size, 0);
    }
    return wasm_bpf__bpf(BPF_BTF_LOAD, &attr);
}

/* Where among the others of a hook. */
#define WASM_BPF__RELATIVE(attr, opts)                                                                                 \
    do {                                                                                                               \
        (attr).expected_revision = WASM_BPF__OPT(opts, expected_revision, 0);                                          \
        (attr).relative_id = WASM_BPF__OPT(opts, relative_id, 0);                                                      \
        if ((attr).relative_id)                                                                                        \
            (attr).attach_flags |= BPF_F_ID;                                                                           \
        else                                                                                                           \
            (attr).relative_fd = (__u32)WASM_BPF__OPT(opts, relative_fd, 0);                                           \
    } while (0)

struct bpf_prog_attach_opts {
    size_t sz;
    __u32 flags;
    union {
        int replace_prog_fd;
        int replace_fd;
    };
    int relative_fd;
    __u32 relative_id;
    __u64 expected_revision;
};
#define bpf_prog_attach_opts__last_field expected_revision

static inline int bpf_prog_attach_opts(int prog_fd, int target, enum bpf_attach_type type,
                                       const struct bpf_prog_attach_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.target_fd = (__u32)target;
    attr.attach_bpf_fd = (__u32)prog_fd;
    attr.attach_type = type;
    attr.attach_flags = WASM_BPF__OPT(opts, flags, 0);
    attr.replace_bpf_fd = (__u32)WASM_BPF__OPT(opts, replace_fd, 0);
    WASM_BPF__RELATIVE(attr, opts);
    return wasm_bpf__bpf(BPF_PROG_ATTACH, &attr);
}

static inline int bpf_prog_attach(int prog_fd, int attachable_fd, enum bpf_attach_type type, unsigned int flags)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.target_fd = (__u32)attachable_fd;
    attr.attach_bpf_fd = (__u32)prog_fd;
    attr.attach_type = type;
    attr.attach_flags = flags;
    return wasm_bpf__bpf(BPF_PROG_ATTACH, &attr);
}

struct bpf_prog_detach_opts {
    size_t sz;
    __u32 flags;
    int relative_fd;
    __u32 relative_id;
    __u64 expected_revision;
    size_t : 0;
};
#define bpf_prog_detach_opts__last_field expected_revision

static inline int bpf_prog_detach_opts(int prog_fd, int target, enum bpf_attach_type type,
                                       const struct bpf_prog_detach_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.target_fd = (__u32)target;
    attr.attach_bpf_fd = (__u32)prog_fd;
    attr.attach_type = type;
    attr.attach_flags = WASM_BPF__OPT(opts, flags, 0);
    WASM_BPF__RELATIVE(attr, opts);
    return wasm_bpf__bpf(BPF_PROG_DETACH, &attr);
}

static inline int bpf_prog_detach2(int prog_fd, int attachable_fd, enum bpf_attach_type type)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.target_fd = (__u32)attachable_fd;
    attr.attach_bpf_fd = (__u32)prog_fd;
    attr.attach_type = type;
    return wasm_bpf__bpf(BPF_PROG_DETACH, &attr);
}

static inline int bpf_prog_detach(int attachable_fd, enum bpf_attach_type type)
{
    return bpf_prog_detach2(0, attachable_fd, type);
}

struct bpf_test_run_opts {
    size_t sz;
    const void *data_in;
    void *data_out;
    __u32 data_size_in;
    __u32 data_size_out; /* room for the output, then its size */
    const void *ctx_in;
    void *ctx_out;
    __u32 ctx_size_in;
    __u32 ctx_size_out;
    __u32 retval; /* what the program returned */
    int repeat;
    __u32 duration; /* of one run, in nanoseconds */
    __u32 flags;
    __u32 cpu;
    __u32 batch_size;
};
#define bpf_test_run_opts__last_field batch_size

static inline int bpf_prog_test_run_opts(int prog_fd, struct bpf_test_run_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.test.prog_fd = (__u32)prog_fd;
    attr.test.batch_size = WASM_BPF__OPT(opts, batch_size, 0);
    attr.test.cpu = WASM_BPF__OPT(opts, cpu, 0);
    attr.test.flags = WASM_BPF__OPT(opts, flags, 0);
    attr.test.repeat = (__u32)WASM_BPF__OPT(opts, repeat, 0);
    attr.test.ctx_size_in = WASM_BPF__OPT(opts, ctx_size_in, 0);
    attr.test.ctx_size_out = WASM_BPF__OPT(opts, ctx_size_out, 0);
    attr.test.data_size_in = WASM_BPF__OPT(opts, data_size_in, 0);
    attr.test.data_size_out = WASM_BPF__OPT(opts, data_size_out, 0);
    attr.test.ctx_in = wasm_bpf__u64(WASM_BPF__OPT(opts, ctx_in, NULL));
    attr.test.ctx_out = wasm_bpf__u64(WASM_BPF__OPT(opts, ctx_out, NULL));
    attr.test.data_in = wasm_bpf__u64(WASM_BPF__OPT(opts, data_in, NULL));
    attr.test.data_out = wasm_bpf__u64(WASM_BPF__OPT(opts, data_out, NULL));
    int ret = wasm_bpf__bpf(BPF_PROG_TEST_RUN, &attr);
    if (opts) {
        opts->data_size_out = attr.test.data_size_out;
        opts->ctx_size_out = attr.test.ctx_size_out;
        opts->duration = attr.test.duration;
        opts->retval = attr.test.retval;
    }
    return ret;
}

struct bpf_prog_query_opts {
    size_t sz;
    __u32 query_flags;
    __u32 attach_flags;
    __u32 *prog_ids;
    union {
        __u32 prog_cnt;
        __u32 count;
    };
    __u32 *prog_attach_flags;
    __u32 *link_ids;
    __u32 *link_attach_flags;
    __u64 revision;
};
#define bpf_prog_query_opts__last_field revision

static inline int bpf_prog_query_opts(int target, enum bpf_attach_type type, struct bpf_prog_query_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.query.target_fd = (__u32)target;
    attr.query.attach_type = type;
    attr.query.query_flags = WASM_BPF__OPT(opts, query_flags, 0);
    attr.query.count = WASM_BPF__OPT(opts, count, 0);
    attr.query.prog_ids = wasm_bpf__u64(WASM_BPF__OPT(opts, prog_ids, NULL));
    attr.query.prog_attach_flags = wasm_bpf__u64(WASM_BPF__OPT(opts, prog_attach_flags, NULL));
    attr.query.link_ids = wasm_bpf__u64(WASM_BPF__OPT(opts, link_ids, NULL));
    attr.query.link_attach_flags = wasm_bpf__u64(WASM_BPF__OPT(opts, link_attach_flags, NULL));
    int ret = wasm_bpf__bpf(BPF_PROG_QUERY, &attr);
    if (opts) {
        opts->attach_flags = attr.query.attach_flags;
        opts->count = attr.query.count;
        opts->revision = attr.query.revision;
    }
    return ret;
}

static inline int bpf_prog_query(int target_fd, enum bpf_attach_type type, __u32 query_flags, __u32 *attach_flags,
                                 __u32 *prog_ids, __u32 *prog_cnt)
{
    struct bpf_prog_query_opts opts;
    memset(&opts, 0, sizeof(opts));
    opts.sz = sizeof(opts);
    opts.query_flags = query_flags;
    opts.prog_ids = prog_ids;
    opts.prog_cnt = *prog_cnt;
    int ret = bpf_prog_query_opts(target_fd, type, &opts);
    if (attach_flags)
        *attach_flags = opts.attach_flags;
    *prog_cnt = opts.prog_cnt;
    return ret;
}

struct bpf_prog_bind_opts {
    size_t sz;
    __u32 flags;
};
#define bpf_prog_bind_opts__last_field flags

static inline int bpf_prog_bind_map(int prog_fd, int map_fd, const struct bpf_prog_bind_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.prog_bind_map.prog_fd = (__u32)prog_fd;
    attr.prog_bind_map.map_fd = (__u32)map_fd;
    attr.prog_bind_map.flags = WASM_BPF__OPT(opts, flags, 0);
    return wasm_bpf__bpf(BPF_PROG_BIND_MAP, &attr);
}

/* ---- paths ---------------------------------------------------------------------------------------------------------- */

struct bpf_obj_pin_opts {
    size_t sz;
    __u32 file_flags;
    int path_fd;
};
#define bpf_obj_pin_opts__last_field path_fd

static inline int bpf_obj_pin_opts(int fd, const char *pathname, const struct bpf_obj_pin_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.pathname = wasm_bpf__u64(pathname);
    attr.bpf_fd = (__u32)fd;
    attr.file_flags = WASM_BPF__OPT(opts, file_flags, 0);
    attr.path_fd = WASM_BPF__OPT(opts, path_fd, 0);
    return wasm_bpf__bpf(BPF_OBJ_PIN, &attr);
}

static inline int bpf_obj_pin(int fd, const char *pathname)
{
    return bpf_obj_pin_opts(fd, pathname, NULL);
}

struct bpf_obj_get_opts {
    size_t sz;
    __u32 file_flags;
    int path_fd;
};
#define bpf_obj_get_opts__last_field path_fd

static inline int bpf_obj_get_opts(const char *pathname, const struct bpf_obj_get_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.pathname = wasm_bpf__u64(pathname);
    attr.file_flags = WASM_BPF__OPT(opts, file_flags, 0);
    attr.path_fd = WASM_BPF__OPT(opts, path_fd, 0);
    return wasm_bpf__bpf(BPF_OBJ_GET, &attr);
}

static inline int bpf_obj_get(const char *pathname)
{
    return bpf_obj_get_opts(pathname, NULL);
}

/* ---- ids and information -------------------------------------------------------------------------------------------- */

static inline int wasm_bpf__next_id(enum bpf_cmd cmd, __u32 start_id, __u32 *next_id)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.start_id = start_id;
    int ret = wasm_bpf__bpf(cmd, &attr);
    if (!ret)
        *next_id = attr.next_id;
    return ret;
}

static inline int bpf_prog_get_next_id(__u32 start_id, __u32 *next_id)
{
    return wasm_bpf__next_id(BPF_PROG_GET_NEXT_ID, start_id, next_id);
}

static inline int bpf_map_get_next_id(__u32 start_id, __u32 *next_id)
{
    return wasm_bpf__next_id(BPF_MAP_GET_NEXT_ID, start_id, next_id);
}

static inline int bpf_btf_get_next_id(__u32 start_id, __u32 *next_id)
{
    return wasm_bpf__next_id(BPF_BTF_GET_NEXT_ID, start_id, next_id);
}

static inline int bpf_link_get_next_id(__u32 start_id, __u32 *next_id)
{
    return wasm_bpf__next_id(BPF_LINK_GET_NEXT_ID, start_id, next_id);
}

struct bpf_get_fd_by_id_opts {
    size_t sz;
    __u32 open_flags;
};
#define bpf_get_fd_by_id_opts__last_field open_flags

static inline int wasm_bpf__fd_by_id(enum bpf_cmd cmd, __u32 id, const struct bpf_get_fd_by_id_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.prog_id = id;
    attr.open_flags = WASM_BPF__OPT(opts, open_flags, 0);
    return wasm_bpf__bpf(cmd, &attr);
}

static inline int bpf_prog_get_fd_by_id_opts(__u32 id, const struct bpf_get_fd_by_id_opts *opts)
{
    return wasm_bpf__fd_by_id(BPF_PROG_GET_FD_BY_ID, id, opts);
}

static inline int bpf_prog_get_fd_by_id(__u32 id)
{
    return wasm_bpf__fd_by_id(BPF_PROG_GET_FD_BY_ID, id, NULL);
}

static inline int bpf_map_get_fd_by_id_opts(__u32 id, const struct bpf_get_fd_by_id_opts *opts)
{
    return wasm_bpf__fd_by_id(BPF_MAP_GET_FD_BY_ID, id, opts);
}

static inline int bpf_map_get_fd_by_id(__u32 id)
{
    return wasm_bpf__fd_by_id(BPF_MAP_GET_FD_BY_ID, id, NULL);
}

static inline int bpf_btf_get_fd_by_id_opts(__u32 id, const struct bpf_get_fd_by_id_opts *opts)
{
    return wasm_bpf__fd_by_id(BPF_BTF_GET_FD_BY_ID, id, opts);
}

static inline int bpf_btf_get_fd_by_id(__u32 id)
{
    return wasm_bpf__fd_by_id(BPF_BTF_GET_FD_BY_ID, id, NULL);
}

static inline int bpf_link_get_fd_by_id_opts(__u32 id, const struct bpf_get_fd_by_id_opts *opts)
{
    return wasm_bpf__fd_by_id(BPF_LINK_GET_FD_BY_ID, id, opts);
}

static inline int bpf_link_get_fd_by_id(__u32 id)
{
    return wasm_bpf__fd_by_id(BPF_LINK_GET_FD_BY_ID, id, NULL);
}

/* info: struct bpf_prog_info, bpf_map_info, bpf_btf_info or bpf_link_info; its pointers are buffers of one's own. */
static inline int bpf_obj_get_info_by_fd(int bpf_fd, void *info, __u32 *info_len)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.info.bpf_fd = (__u32)bpf_fd;
    attr.info.info_len = *info_len;
    attr.info.info = wasm_bpf__u64(info);
    int ret = wasm_bpf__bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
    if (!ret)
        *info_len = attr.info.info_len;
    return ret;
}

static inline int bpf_prog_get_info_by_fd(int prog_fd, struct bpf_prog_info *info, __u32 *info_len)
{
    return bpf_obj_get_info_by_fd(prog_fd, info, info_len);
}

static inline int bpf_map_get_info_by_fd(int map_fd, struct bpf_map_info *info, __u32 *info_len)
{
    return bpf_obj_get_info_by_fd(map_fd, info, info_len);
}

static inline int bpf_btf_get_info_by_fd(int btf_fd, struct bpf_btf_info *info, __u32 *info_len)
{
    return bpf_obj_get_info_by_fd(btf_fd, info, info_len);
}

static inline int bpf_link_get_info_by_fd(int link_fd, struct bpf_link_info *info, __u32 *info_len)
{
    return bpf_obj_get_info_by_fd(link_fd, info, info_len);
}

static inline int bpf_enable_stats(enum bpf_stats_type type)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.enable_stats.type = type;
    return wasm_bpf__bpf(BPF_ENABLE_STATS, &attr);
}

static inline int bpf_task_fd_query(int pid, int fd, __u32 flags, char *buf, __u32 *buf_len, __u32 *prog_id,
                                    __u32 *fd_type, __u64 *probe_offset, __u64 *probe_addr)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.task_fd_query.pid = (__u32)pid;
    attr.task_fd_query.fd = (__u32)fd;
    attr.task_fd_query.flags = flags;
    attr.task_fd_query.buf = wasm_bpf__u64(buf);
    attr.task_fd_query.buf_len = *buf_len;
    int ret = wasm_bpf__bpf(BPF_TASK_FD_QUERY, &attr);
    *buf_len = attr.task_fd_query.buf_len;
    *prog_id = attr.task_fd_query.prog_id;
    *fd_type = attr.task_fd_query.fd_type;
    *probe_offset = attr.task_fd_query.probe_offset;
    *probe_addr = attr.task_fd_query.probe_addr;
    return ret;
}

/* ---- links ---------------------------------------------------------------------------------------------------------- */

struct bpf_link_create_opts {
    size_t sz;
    __u32 flags;
    union bpf_iter_link_info *iter_info;
    __u32 iter_info_len;
    __u32 target_btf_id;
    union {
        struct {
            __u64 bpf_cookie;
        } perf_event;
        struct {
            __u32 flags;
            __u32 cnt;
            const char **syms;
            const __u64 *addrs; /* kernel addresses have 64 bits whatever a long has */
            const __u64 *cookies;
        } kprobe_multi;
        struct {
            __u32 flags;
            __u32 cnt;
            const char *path;
            const __u64 *offsets;
            const __u64 *ref_ctr_offsets;
            const __u64 *cookies;
            __u32 pid;
        } uprobe_multi;
        struct {
            __u64 cookie;
        } tracing;
        struct {
            __u32 pf;
            __u32 hooknum;
            __s32 priority;
            __u32 flags;
        } netfilter;
        struct {
            __u32 relative_fd;
            __u32 relative_id;
            __u64 expected_revision;
        } tcx;
        struct {
            __u32 relative_fd;
            __u32 relative_id;
            __u64 expected_revision;
        } netkit;
        struct {
            __u32 relative_fd;
            __u32 relative_id;
            __u64 expected_revision;
        } cgroup;
    };
};
#define bpf_link_create_opts__last_field uprobe_multi.pid

static inline int bpf_link_create(int prog_fd, int target_fd, enum bpf_attach_type attach_type,
                                  const struct bpf_link_create_opts *opts)
{
    union bpf_attr attr;
    __u64 syms[64];
    memset(&attr, 0, sizeof(attr));
    attr.link_create.prog_fd = (__u32)prog_fd;
    attr.link_create.target_fd = (__u32)target_fd;
    attr.link_create.attach_type = attach_type;
    attr.link_create.flags = WASM_BPF__OPT(opts, flags, 0);
    if (opts && opts->iter_info_len) {
        attr.link_create.iter_info = wasm_bpf__u64(opts->iter_info);
        attr.link_create.iter_info_len = opts->iter_info_len;
        return wasm_bpf__bpf(BPF_LINK_CREATE, &attr);
    }
    if (opts && opts->target_btf_id) {
        attr.link_create.target_btf_id = opts->target_btf_id;
        return wasm_bpf__bpf(BPF_LINK_CREATE, &attr);
    }
    if (!opts)
        return wasm_bpf__bpf(BPF_LINK_CREATE, &attr);
    switch (attach_type) {
    case BPF_PERF_EVENT:
        attr.link_create.perf_event.bpf_cookie = opts->perf_event.bpf_cookie;
        break;
    case BPF_TRACE_KPROBE_MULTI:
    case BPF_TRACE_KPROBE_SESSION:
        if (opts->kprobe_multi.syms && opts->kprobe_multi.cnt > sizeof(syms) / sizeof(*syms))
            return libbpf_err(-7);
        for (__u32 i = 0; opts->kprobe_multi.syms && i < opts->kprobe_multi.cnt; i++)
            syms[i] = wasm_bpf__u64(opts->kprobe_multi.syms[i]);
        attr.link_create.kprobe_multi.flags = opts->kprobe_multi.flags;
        attr.link_create.kprobe_multi.cnt = opts->kprobe_multi.cnt;
        attr.link_create.kprobe_multi.syms = opts->kprobe_multi.syms ? wasm_bpf__u64(syms) : 0;
        attr.link_create.kprobe_multi.addrs = wasm_bpf__u64(opts->kprobe_multi.addrs);
        attr.link_create.kprobe_multi.cookies = wasm_bpf__u64(opts->kprobe_multi.cookies);
        break;
    case BPF_TRACE_UPROBE_MULTI:
    case BPF_TRACE_UPROBE_SESSION:
        attr.link_create.uprobe_multi.flags = opts->uprobe_multi.flags;
        attr.link_create.uprobe_multi.cnt = opts->uprobe_multi.cnt;
        attr.link_create.uprobe_multi.path = wasm_bpf__u64(opts->uprobe_multi.path);
        attr.link_create.uprobe_multi.offsets = wasm_bpf__u64(opts->uprobe_multi.offsets);
        attr.link_create.uprobe_multi.ref_ctr_offsets = wasm_bpf__u64(opts->uprobe_multi.ref_ctr_offsets);
        attr.link_create.uprobe_multi.cookies = wasm_bpf__u64(opts->uprobe_multi.cookies);
        attr.link_create.uprobe_multi.pid = opts->uprobe_multi.pid;
        break;
    case BPF_TRACE_RAW_TP:
    case BPF_TRACE_FENTRY:
    case BPF_TRACE_FEXIT:
    case BPF_MODIFY_RETURN:
    case BPF_LSM_MAC:
        attr.link_create.tracing.cookie = opts->tracing.cookie;
        break;
    case BPF_NETFILTER:
        attr.link_create.netfilter.pf = opts->netfilter.pf;
        attr.link_create.netfilter.hooknum = opts->netfilter.hooknum;
        attr.link_create.netfilter.priority = opts->netfilter.priority;
        attr.link_create.netfilter.flags = opts->netfilter.flags;
        break;
    case BPF_TCX_INGRESS:
    case BPF_TCX_EGRESS:
    case BPF_NETKIT_PRIMARY:
    case BPF_NETKIT_PEER:
        attr.link_create.tcx.relative_fd = opts->tcx.relative_id ? opts->tcx.relative_id : opts->tcx.relative_fd;
        if (opts->tcx.relative_id)
            attr.link_create.flags |= BPF_F_ID;
        attr.link_create.tcx.expected_revision = opts->tcx.expected_revision;
        break;
    default:
        break;
    }
    return wasm_bpf__bpf(BPF_LINK_CREATE, &attr);
}

static inline int bpf_link_detach(int link_fd)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.link_detach.link_fd = (__u32)link_fd;
    return wasm_bpf__bpf(BPF_LINK_DETACH, &attr);
}

struct bpf_link_update_opts {
    size_t sz;
    __u32 flags;
    __u32 old_prog_fd;
    __u32 old_map_fd;
};
#define bpf_link_update_opts__last_field old_map_fd

static inline int bpf_link_update(int link_fd, int new_prog_fd, const struct bpf_link_update_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.link_update.link_fd = (__u32)link_fd;
    attr.link_update.new_prog_fd = (__u32)new_prog_fd;
    attr.link_update.flags = WASM_BPF__OPT(opts, flags, 0);
    attr.link_update.old_prog_fd = WASM_BPF__OPT(opts, old_prog_fd, 0);
    return wasm_bpf__bpf(BPF_LINK_UPDATE, &attr);
}

/* What the iterator writes is read from the descriptor with read(). */
static inline int bpf_iter_create(int link_fd)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.iter_create.link_fd = (__u32)link_fd;
    return wasm_bpf__bpf(BPF_ITER_CREATE, &attr);
}

struct bpf_raw_tp_opts {
    size_t sz;
    const char *tp_name;
    __u64 cookie;
};
#define bpf_raw_tp_opts__last_field cookie

static inline int bpf_raw_tracepoint_open_opts(int prog_fd, struct bpf_raw_tp_opts *opts)
{
    union bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.raw_tracepoint.prog_fd = (__u32)prog_fd;
    attr.raw_tracepoint.name = wasm_bpf__u64(WASM_BPF__OPT(opts, tp_name, NULL));
    attr.raw_tracepoint.cookie = WASM_BPF__OPT(opts, cookie, 0);
    return wasm_bpf__bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
}

static inline int bpf_raw_tracepoint_open(const char *name, int prog_fd)
{
    struct bpf_raw_tp_opts opts;
    memset(&opts, 0, sizeof(opts));
    opts.sz = sizeof(opts);
    opts.tp_name = name;
    return bpf_raw_tracepoint_open_opts(prog_fd, &opts);
}

#ifdef __cplusplus
}
#endif

#endif /* __LIBBPF_BPF_H */
