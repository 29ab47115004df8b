/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* wasm-bpf/probes.h: what the kernel has, asked by trying: 1, 0, or a negative errno. */
#ifndef WASM_BPF_PROBES_H
#define WASM_BPF_PROBES_H

#include <unistd.h>
#include <wasm-bpf/print.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Loads {call helper (or r0 = 0); exit} as a program of that type. The log goes to log, if there is one. */
static inline int wasm_bpf__try_program(enum bpf_prog_type type, int helper, char *log, __u32 log_size)
{
    struct bpf_insn insns[2];
    struct bpf_prog_load_opts opts;
    memset(insns, 0, sizeof(insns));
    memset(&opts, 0, sizeof(opts));
    insns[0].code = helper ? BPF_JMP | BPF_CALL : BPF_ALU64 | BPF_MOV | BPF_K;
    insns[0].imm = helper;
    insns[1].code = BPF_JMP | BPF_EXIT;
    opts.sz = sizeof(opts);
    opts.log_buf = log;
    opts.log_size = log_size;
    opts.log_level = log ? 1 : 0;
    if (type == BPF_PROG_TYPE_CGROUP_SOCK_ADDR)
        opts.expected_attach_type = BPF_CGROUP_INET4_CONNECT;
    if (type == BPF_PROG_TYPE_CGROUP_SOCKOPT)
        opts.expected_attach_type = BPF_CGROUP_GETSOCKOPT;
    if (type == BPF_PROG_TYPE_SK_LOOKUP)
        opts.expected_attach_type = BPF_SK_LOOKUP;
    if (type == BPF_PROG_TYPE_NETFILTER)
        opts.expected_attach_type = BPF_NETFILTER;
    if (type == BPF_PROG_TYPE_SYSCALL)
        opts.prog_flags = BPF_F_SLEEPABLE;
    if (type == BPF_PROG_TYPE_TRACING || type == BPF_PROG_TYPE_LSM || type == BPF_PROG_TYPE_EXT ||
        type == BPF_PROG_TYPE_STRUCT_OPS) {
        /* These want a target; without one a kernel that knows them says EINVAL, and so does one that does not. */
        return -EOPNOTSUPP;
    }
    int fd = bpf_prog_load(type, NULL, "GPL", insns, 2, &opts);
    if (fd >= 0) {
        close(fd);
        return 0;
    }
    return fd;
}

static inline int libbpf_probe_bpf_prog_type(enum bpf_prog_type prog_type, const void *opts)
{
    if (opts || prog_type == BPF_PROG_TYPE_UNSPEC)
        return libbpf_err(-22);
    int err = wasm_bpf__try_program(prog_type, 0, NULL, 0);
    return err == -EOPNOTSUPP ? err : err == 0 || err == -EACCES;
}

static inline int libbpf_probe_bpf_helper(enum bpf_prog_type prog_type, enum bpf_func_id helper_id, const void *opts)
{
    char log[4096];
    if (opts)
        return libbpf_err(-22);
    log[0] = '\0';
    int err = wasm_bpf__try_program(prog_type, (int)helper_id, log, sizeof(log));
    if (err == -EOPNOTSUPP || err == -EPERM)
        return err;
    /* Whatever else the verifier dislikes about the call, it knows the helper. */
    return !strstr(log, "invalid func ") && !strstr(log, "unknown func ") && !strstr(log, "program of this type cannot");
}

static inline int libbpf_probe_bpf_map_type(enum bpf_map_type map_type, const void *opts)
{
    struct bpf_map_create_opts create;
    __u32 key_size = 4, value_size = 4, entries = 1;
    int inner = -1;
    if (opts)
        return libbpf_err(-22);
    memset(&create, 0, sizeof(create));
    create.sz = sizeof(create);
    switch (map_type) {
    case BPF_MAP_TYPE_STACK_TRACE:
        value_size = 8;
        break;
    case BPF_MAP_TYPE_LPM_TRIE:
        key_size = 8;
        value_size = 8;
        create.map_flags = BPF_F_NO_PREALLOC;
        break;
    case BPF_MAP_TYPE_CGROUP_STORAGE:
    case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
        key_size = 16;
        value_size = 8;
        entries = 0;
        break;
    case BPF_MAP_TYPE_QUEUE:
    case BPF_MAP_TYPE_STACK:
    case BPF_MAP_TYPE_BLOOM_FILTER:
        key_size = 0;
        break;
    case BPF_MAP_TYPE_RINGBUF:
    case BPF_MAP_TYPE_USER_RINGBUF:
        key_size = 0;
        value_size = 0;
        entries = (__u32)wasm_bpf_query(WASM_BPF_PAGE_SIZE);
        break;
    case BPF_MAP_TYPE_ARENA:
        key_size = 0;
        value_size = 0;
        create.map_flags = BPF_F_MMAPABLE;
        break;
    case BPF_MAP_TYPE_ARRAY_OF_MAPS:
    case BPF_MAP_TYPE_HASH_OF_MAPS:
        inner = bpf_map_create(BPF_MAP_TYPE_HASH, NULL, 4, 4, 1, NULL);
        if (inner < 0)
            return inner;
        create.inner_map_fd = (__u32)inner;
        break;
    case BPF_MAP_TYPE_SK_STORAGE:
    case BPF_MAP_TYPE_INODE_STORAGE:
    case BPF_MAP_TYPE_TASK_STORAGE:
    case BPF_MAP_TYPE_CGRP_STORAGE:
    case BPF_MAP_TYPE_STRUCT_OPS:
        /* They want BTF of their values. */
        return libbpf_err(-95);
    default:
        break;
    }
    int fd = bpf_map_create(map_type, NULL, key_size, value_size, entries, &create);
    if (inner >= 0)
        close(inner);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_PROBES_H */
