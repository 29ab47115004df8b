/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * wasm-bpf/host.h: the functions that the host gives to a module, as docs/abi.md describes them. What is for use is
 * <bpf/libbpf.h>, <bpf/bpf.h> and the other headers over it.
 */
#ifndef WASM_BPF_HOST_H
#define WASM_BPF_HOST_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WASM_BPF_IMPORT(name) __attribute__((import_module("wasm_bpf"), import_name(#name)))

/* ---- version 1: every wasm-bpf runtime has these ------------------------------------------------------------------ */

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

/* cmd: 1 look-up, 2 update, 3 delete, 4 next key; the pointers that a command does not use are NULL. */
WASM_BPF_IMPORT(wasm_bpf_map_operate)
int wasm_bpf_map_operate(int fd, int cmd, const void *key, void *value, void *next_key, uint64_t flags);

/* ---- versions 2 and up ------------------------------------------------------------------------------------------------------ */

enum wasm_bpf_query {
    WASM_BPF_VERSION,
    WASM_BPF_PAGE_SIZE,
    WASM_BPF_POSSIBLE_CPUS,
    WASM_BPF_PID,
    WASM_BPF_TID,
    WASM_BPF_ONLINE_CPUS,
    WASM_BPF_EUID,
};

WASM_BPF_IMPORT(wasm_bpf_query)
int64_t wasm_bpf_query(enum wasm_bpf_query what);

struct wasm_bpf_open_options {
    uint32_t size;
    const char *name;
    const char *pin_root_path;
    const char *kconfig;
    const char *btf_custom_path;
    uint32_t flags; /* 1: ignore unknown members of map definitions */
    uint32_t log_level;
    char *log;
    uint32_t log_size;
};

/* Reads an object without asking the kernel for anything. The handle, > 0, or -errno. */
WASM_BPF_IMPORT(wasm_bpf_object_open)
int64_t wasm_bpf_object_open(const void *elf, int size, const struct wasm_bpf_open_options *options);

WASM_BPF_IMPORT(wasm_bpf_object_load)
int wasm_bpf_object_load(uint64_t object);

enum wasm_bpf_kind { WASM_BPF_OBJECT, WASM_BPF_MAP, WASM_BPF_PROGRAM };

enum wasm_bpf_object_property { WASM_BPF_OBJECT_MAPS = 1, WASM_BPF_OBJECT_PROGRAMS, WASM_BPF_OBJECT_LOADED };

enum wasm_bpf_map_property {
    WASM_BPF_MAP_TYPE = 1,
    WASM_BPF_MAP_KEY_SIZE,
    WASM_BPF_MAP_VALUE_SIZE,
    WASM_BPF_MAP_MAX_ENTRIES,
    WASM_BPF_MAP_FLAGS,
    WASM_BPF_MAP_EXTRA,
    WASM_BPF_MAP_NUMA_NODE,
    WASM_BPF_MAP_IFINDEX,
    WASM_BPF_MAP_AUTOCREATE,
    WASM_BPF_MAP_AUTOATTACH,
    WASM_BPF_MAP_KEY_TYPE_ID,
    WASM_BPF_MAP_VALUE_TYPE_ID,
    WASM_BPF_MAP_FD,
    WASM_BPF_MAP_INTERNAL,
    WASM_BPF_MAP_STRUCT_OPS,
    WASM_BPF_MAP_VALUE_BYTES,
    WASM_BPF_MAP_PINNED,
    WASM_BPF_MAP_REUSE_FD,
    WASM_BPF_MAP_INNER_FD,
    WASM_BPF_MAP_FUNCTION, /* of a struct_ops map: its offset, above 32 bits the program's index + 1 */
};

enum wasm_bpf_map_text { WASM_BPF_MAP_NAME = 1, WASM_BPF_MAP_REAL_NAME, WASM_BPF_MAP_PIN_PATH };

enum wasm_bpf_program_property {
    WASM_BPF_PROGRAM_TYPE = 1,
    WASM_BPF_PROGRAM_ATTACH_TYPE,
    WASM_BPF_PROGRAM_FLAGS,
    WASM_BPF_PROGRAM_IFINDEX,
    WASM_BPF_PROGRAM_AUTOLOAD,
    WASM_BPF_PROGRAM_AUTOATTACH,
    WASM_BPF_PROGRAM_INSN_CNT,
    WASM_BPF_PROGRAM_FD,
    WASM_BPF_PROGRAM_ATTACHES_ITSELF,
    WASM_BPF_PROGRAM_TARGET_FD,
    WASM_BPF_PROGRAM_LOG_LEVEL,
    WASM_BPF_PROGRAM_LOG, /* where the verifier's goes: an address, above 32 bits the size */
};

enum wasm_bpf_program_text { WASM_BPF_PROGRAM_NAME = 1, WASM_BPF_PROGRAM_SECTION, WASM_BPF_PROGRAM_TARGET };

/* Index of the map or program of that name, or -errno. */
WASM_BPF_IMPORT(wasm_bpf_object_find)
int wasm_bpf_object_find(uint64_t object, enum wasm_bpf_kind kind, const char *name);

WASM_BPF_IMPORT(wasm_bpf_object_get)
int64_t wasm_bpf_object_get(uint64_t object, enum wasm_bpf_kind kind, int index, int property);

WASM_BPF_IMPORT(wasm_bpf_object_set)
int wasm_bpf_object_set(uint64_t object, enum wasm_bpf_kind kind, int index, int property, int64_t value);

/* The text's length; at most size bytes of it, the last a NUL, are copied. */
WASM_BPF_IMPORT(wasm_bpf_object_get_text)
int wasm_bpf_object_get_text(uint64_t object, enum wasm_bpf_kind kind, int index, int property, char *text, int size);

WASM_BPF_IMPORT(wasm_bpf_object_set_text)
int wasm_bpf_object_set_text(uint64_t object, enum wasm_bpf_kind kind, int index, int property, const char *text);

enum wasm_bpf_bytes {
    WASM_BPF_OBJECT_BTF = 1,
    WASM_BPF_MAP_FUNCTIONS = 1, /* struct wasm_bpf_function for each of a struct_ops map */
    WASM_BPF_PROGRAM_INSNS = 1, /* as the file has them */
};

struct wasm_bpf_function {
    uint32_t offset;
    int32_t program; /* index, or -1 */
};

/* How many bytes there are; those that fit are copied. */
WASM_BPF_IMPORT(wasm_bpf_object_get_bytes)
int wasm_bpf_object_get_bytes(uint64_t object, enum wasm_bpf_kind kind, int index, enum wasm_bpf_bytes property,
                              void *data, int size);

/* What a section's name makes of a program: its type, above 32 bits what it is attached as; or -ESRCH. */
WASM_BPF_IMPORT(wasm_bpf_section)
int64_t wasm_bpf_section(const char *name);

enum wasm_bpf_value_operation {
    WASM_BPF_VALUE_READ,   /* the initial bytes; after the load, what the kernel has */
    WASM_BPF_VALUE_WRITE,  /* before the load */
    WASM_BPF_VALUE_SHARE,  /* from now on, these whole pages are the map's memory */
    WASM_BPF_VALUE_UNSHARE /* pages of one's own again, zeroed */
};

WASM_BPF_IMPORT(wasm_bpf_map_value)
int wasm_bpf_map_value(uint64_t object, int map, enum wasm_bpf_value_operation operation, void *data, int size);

enum wasm_bpf_attach_kind {
    WASM_BPF_ATTACH_AUTO,
    WASM_BPF_ATTACH_TARGET,
    WASM_BPF_ATTACH_KPROBE,
    WASM_BPF_ATTACH_KPROBE_MULTI,
    WASM_BPF_ATTACH_KSYSCALL,
    WASM_BPF_ATTACH_UPROBE,
    WASM_BPF_ATTACH_UPROBE_MULTI,
    WASM_BPF_ATTACH_USDT,
    WASM_BPF_ATTACH_TRACEPOINT,
    WASM_BPF_ATTACH_RAW_TRACEPOINT,
    WASM_BPF_ATTACH_TRACE,
    WASM_BPF_ATTACH_PERF_EVENT,
    WASM_BPF_ATTACH_CGROUP,
    WASM_BPF_ATTACH_NETNS,
    WASM_BPF_ATTACH_SOCKMAP,
    WASM_BPF_ATTACH_XDP,
    WASM_BPF_ATTACH_TCX,
    WASM_BPF_ATTACH_NETKIT,
    WASM_BPF_ATTACH_NETFILTER,
    WASM_BPF_ATTACH_ITER,
    WASM_BPF_ATTACH_FREPLACE,
    WASM_BPF_ATTACH_STRUCT_OPS, /* the index is a map's */
};

/* What the kinds can be told; each takes its part, the rest is zero. */
struct wasm_bpf_attach_options {
    uint32_t size;
    uint32_t flags;      /* 1: at the function's return */
    const char *text;    /* function, file, category, name of a tracepoint, system call or target */
    const char *text2;   /* function in the file, pattern, provider, tracepoint of the category */
    const char *text3;   /* name of the USDT probe */
    int32_t fd;          /* descriptor or interface */
    int32_t pid;
    uint32_t kind_flags; /* of XDP, netfilter, or of the place among others */
    uint64_t offset;
    uint64_t cookie;
    uint64_t ref_ctr_offset; /* or the revision that a hook must have */
    uint32_t count;
    const char *const *symbols;
    const uint64_t *addresses; /* or offsets */
    const uint64_t *cookies;
    const uint64_t *ref_ctr_offsets;
    int32_t relative_fd;
    uint32_t relative_id;
    const void *info; /* union bpf_iter_link_info */
    uint32_t info_size;
    int32_t priority;
    uint32_t family;
    uint32_t hook;
};

/* The link's handle, > 0, or -errno. */
WASM_BPF_IMPORT(wasm_bpf_attach)
int wasm_bpf_attach(uint64_t object, enum wasm_bpf_attach_kind kind, int index,
                    const struct wasm_bpf_attach_options *options);

enum wasm_bpf_link_operation {
    WASM_BPF_LINK_DESTROY,
    WASM_BPF_LINK_DETACH,
    WASM_BPF_LINK_UPDATE, /* argument: a program's descriptor */
    WASM_BPF_LINK_PIN,    /* argument: a path */
    WASM_BPF_LINK_DISCONNECT,
    WASM_BPF_LINK_FD,
    WASM_BPF_LINK_UPDATE_MAP, /* argument: a struct_ops map's descriptor */
};

WASM_BPF_IMPORT(wasm_bpf_link)
int wasm_bpf_link(int link, enum wasm_bpf_link_operation operation, intptr_t argument);

/* A set of ring and perf buffers, polled together. Its handle, > 0, or -errno. */
WASM_BPF_IMPORT(wasm_bpf_buffers_new)
int wasm_bpf_buffers_new(void);

/* What comes with each event of a perf buffer, and without one when events were lost. */
struct wasm_bpf_event {
    int32_t cpu;
    uint32_t is_lost;
    uint64_t lost;
};

struct wasm_bpf_buffer_options {
    uint32_t size;
    int32_t map;
    uint32_t pages;          /* of a perf buffer, for each CPU: a power of two */
    bpf_buffer_sample_fn fn; /* negative ends the poll */
    void *ctx;
    void *data; /* where events are put */
    uint32_t data_size;
    int (*more)(void *ctx, void *data, size_t size); /* a place for so many bytes, or NULL: as an integer */
    struct wasm_bpf_event *event;
    /* Perf events of one's own kind, handed on as whole records: a result above 0 leaves the CPU's others for later. */
    const void *attr;
    uint32_t cpu_cnt; /* 0: all that are online */
    const int *cpus;
    const int *map_keys;
};

/* The buffer's index in the set, or -errno. */
WASM_BPF_IMPORT(wasm_bpf_buffers_add)
int wasm_bpf_buffers_add(int buffers, const struct wasm_bpf_buffer_options *options);

WASM_BPF_IMPORT(wasm_bpf_buffers_poll)
int wasm_bpf_buffers_poll(int buffers, int timeout_ms);

/* Hands on what is there: of one buffer, with index -1 of all, with -2 - n of ring n of the first; limit 0 is none. */
WASM_BPF_IMPORT(wasm_bpf_buffers_consume)
int wasm_bpf_buffers_consume(int buffers, int index, int limit);

enum wasm_bpf_buffers_property {
    WASM_BPF_BUFFERS_EPOLL_FD = 1,
    WASM_BPF_BUFFERS_COUNT,
    WASM_BPF_BUFFERS_LOST,
    WASM_BPF_BUFFERS_DELIVERED,
    WASM_BPF_BUFFERS_RINGS,
    WASM_BPF_BUFFERS_CONSUMER, /* of a ring buffer: bytes since it was made */
    WASM_BPF_BUFFERS_PRODUCER,
    WASM_BPF_BUFFERS_SIZE,
    WASM_BPF_BUFFERS_RING_FD, /* the index is a ring's of the first buffer, a perf buffer */
};

WASM_BPF_IMPORT(wasm_bpf_buffers_get)
int64_t wasm_bpf_buffers_get(int buffers, int index, enum wasm_bpf_buffers_property property);

WASM_BPF_IMPORT(wasm_bpf_buffers_free)
int wasm_bpf_buffers_free(int buffers);

WASM_BPF_IMPORT(wasm_bpf_user_ring_new)
int wasm_bpf_user_ring_new(int map);

/* A number for a record of that size, > 0, or -errno; timeout_ms as in a poll. */
WASM_BPF_IMPORT(wasm_bpf_user_ring_reserve)
int64_t wasm_bpf_user_ring_reserve(int ring, uint32_t size, int timeout_ms);

/* Copies the record's bytes and gives it to the program, or has the program pass over it. */
WASM_BPF_IMPORT(wasm_bpf_user_ring_commit)
int wasm_bpf_user_ring_commit(int ring, int64_t record, const void *data, int discard);

WASM_BPF_IMPORT(wasm_bpf_user_ring_free)
int wasm_bpf_user_ring_free(int ring);

/* bpf(2). Pointers in attr are addresses of this memory, descriptors are this module's. */
WASM_BPF_IMPORT(wasm_bpf_bpf)
int wasm_bpf_bpf(int cmd, void *attr, int size);

enum wasm_bpf_netlink_operation {
    WASM_BPF_TC_HOOK_CREATE,
    WASM_BPF_TC_HOOK_DESTROY,
    WASM_BPF_TC_ATTACH,
    WASM_BPF_TC_DETACH,
    WASM_BPF_TC_QUERY,
    WASM_BPF_XDP_ATTACH,
    WASM_BPF_XDP_QUERY,
};

struct wasm_bpf_netlink_options {
    uint32_t size;
    int32_t ifindex;
    uint32_t attach_point;
    int32_t prog_fd;
    uint32_t flags;
    uint32_t handle;
    uint32_t priority;
    uint32_t prog_id;
    uint32_t attach_mode;
    uint32_t drv_prog_id;
    uint32_t skb_prog_id;
    uint32_t hw_prog_id;
    int32_t old_prog_fd;
};

WASM_BPF_IMPORT(wasm_bpf_netlink)
int wasm_bpf_netlink(enum wasm_bpf_netlink_operation operation, struct wasm_bpf_netlink_options *options);

/* BTF of the kernel (module NULL) or a module: its size. size 0 only asks. */
WASM_BPF_IMPORT(wasm_bpf_kernel_btf)
int64_t wasm_bpf_kernel_btf(const char *module, void *data, int size);

enum wasm_bpf_message_operation { WASM_BPF_MESSAGES_SHOW, WASM_BPF_MESSAGES_KEEP, WASM_BPF_MESSAGES_NEXT };

/* What the host has to say: on standard error, or kept until the module asks. NEXT gives the length, 0 for none. */
WASM_BPF_IMPORT(wasm_bpf_message)
int wasm_bpf_message(enum wasm_bpf_message_operation operation, char *text, int size);

/* Operation 0: the number of a signal that came and was not asked for yet, or 0. */
WASM_BPF_IMPORT(wasm_bpf_signal)
int wasm_bpf_signal(int operation, int signal);

WASM_BPF_IMPORT(wasm_bpf_perf_event_open)
int wasm_bpf_perf_event_open(void *attr, int pid, int cpu, int group_fd, uint32_t flags);

WASM_BPF_IMPORT(wasm_bpf_ioctl)
int wasm_bpf_ioctl(int fd, uint32_t request, intptr_t argument);

WASM_BPF_IMPORT(wasm_bpf_socket)
int wasm_bpf_socket(int domain, int type, int protocol);

WASM_BPF_IMPORT(wasm_bpf_bind)
int wasm_bpf_bind(int fd, const void *address, int size);

WASM_BPF_IMPORT(wasm_bpf_setsockopt)
int wasm_bpf_setsockopt(int fd, int level, int name, const void *value, int size);

WASM_BPF_IMPORT(wasm_bpf_if_nametoindex)
int wasm_bpf_if_nametoindex(const char *name);

/* name has room for 16 bytes. */
WASM_BPF_IMPORT(wasm_bpf_if_indextoname)
int wasm_bpf_if_indextoname(int index, char *name);

/* ---- error numbers ---------------------------------------------------------------------------------------------------- */

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

/* A host function's result as a C library function has it: -1 and errno. */
static inline int wasm_bpf__libc(int ret)
{
    if (ret >= 0)
        return ret;
    errno = -wasm_bpf__errno(ret);
    return -1;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_HOST_H */
