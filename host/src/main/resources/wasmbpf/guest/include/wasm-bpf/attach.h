/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* wasm-bpf/attach.h: attaching programs, and the links that come of it. NULL and errno where it fails. */
#ifndef WASM_BPF_ATTACH_H
#define WASM_BPF_ATTACH_H

#include <unistd.h>
#include <wasm-bpf/object.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Members are the library's. */
struct bpf_link {
    int handle; /* 0: opened by path */
    int fd;     /* of one opened by path */
    char *pin_path;
    bool disconnected;
};

static inline struct bpf_link *wasm_bpf__link(int handle, int fd)
{
    struct bpf_link *link = (struct bpf_link *)calloc(1, sizeof(*link));
    if (!link) {
        if (handle)
            wasm_bpf_link(handle, WASM_BPF_LINK_DESTROY, 0);
        errno = ENOMEM;
        return NULL;
    }
    link->handle = handle;
    link->fd = fd;
    return link;
}

static inline struct bpf_link *wasm_bpf__attach(const struct bpf_program *prog, enum wasm_bpf_attach_kind kind,
                                                struct wasm_bpf_attach_options *options)
{
    if (!prog) {
        libbpf_err(-22);
        return NULL;
    }
    if (options)
        options->size = sizeof(*options);
    int handle = wasm_bpf_attach(prog->obj->handle, kind, prog->index, options);
    if (handle < 0) {
        wasm_bpf__err(handle);
        return NULL;
    }
    return wasm_bpf__link(handle, -1);
}

/* ---- links ---------------------------------------------------------------------------------------------------------- */

/* Detaches, unless the link is pinned, disconnected, or was opened by path. Takes NULL. */
static inline int bpf_link__destroy(struct bpf_link *link)
{
    int err = 0;
    if (!link || (uintptr_t)link >= (uintptr_t)-4095)
        return 0;
    if (link->handle && !link->disconnected)
        err = wasm_bpf__err(wasm_bpf_link(link->handle, WASM_BPF_LINK_DESTROY, 0));
    else if (!link->handle)
        close(link->fd);
    free(link->pin_path);
    free(link);
    return err;
}

static inline int bpf_link__fd(const struct bpf_link *link)
{
    if (!link->handle)
        return link->fd;
    return libbpf_err(wasm_bpf_link(link->handle, WASM_BPF_LINK_FD, 0));
}

/* Detaches at once, even if it is pinned. */
static inline int bpf_link__detach(struct bpf_link *link)
{
    if (!link->handle)
        return bpf_link_detach(link->fd);
    return wasm_bpf__err(wasm_bpf_link(link->handle, WASM_BPF_LINK_DETACH, 0));
}

/* Destroying it no longer detaches. */
static inline void bpf_link__disconnect(struct bpf_link *link)
{
    if (link->handle && !link->disconnected)
        wasm_bpf_link(link->handle, WASM_BPF_LINK_DISCONNECT, 0);
    link->disconnected = true;
}

/* Puts another program of an object in its place, at once. */
static inline int bpf_link__update_program(struct bpf_link *link, struct bpf_program *prog)
{
    int fd = bpf_program__fd(prog);
    if (fd < 0)
        return fd;
    if (!link->handle)
        return bpf_link_update(link->fd, fd, NULL);
    return wasm_bpf__err(wasm_bpf_link(link->handle, WASM_BPF_LINK_UPDATE, fd));
}

/* Puts another struct_ops map, of SEC(".struct_ops.link"), in the place of the link's. */
static inline int bpf_link__update_map(struct bpf_link *link, const struct bpf_map *map)
{
    int fd = bpf_map__fd(map);
    if (fd < 0)
        return fd;
    if (!link->handle)
        return libbpf_err(-22);
    return wasm_bpf__err(wasm_bpf_link(link->handle, WASM_BPF_LINK_UPDATE_MAP, fd));
}

static inline int bpf_link__pin(struct bpf_link *link, const char *path)
{
    if (link->pin_path)
        return libbpf_err(-16);
    int err = link->handle ? wasm_bpf__err(wasm_bpf_link(link->handle, WASM_BPF_LINK_PIN, (intptr_t)path))
                           : bpf_obj_pin(link->fd, path);
    if (!err)
        link->pin_path = strdup(path);
    return err;
}

/* The file must lie under a folder that wasm-bpf was given with --dir. */
static inline int bpf_link__unpin(struct bpf_link *link)
{
    if (!link->pin_path)
        return libbpf_err(-22);
    if (remove(link->pin_path))
        return -errno;
    free(link->pin_path);
    link->pin_path = NULL;
    return 0;
}

static inline const char *bpf_link__pin_path(const struct bpf_link *link)
{
    return link->pin_path;
}

static inline struct bpf_link *bpf_link__open(const char *path)
{
    int fd = bpf_obj_get(path);
    struct bpf_link *link = fd < 0 ? NULL : wasm_bpf__link(0, fd);
    if (link)
        link->pin_path = strdup(path);
    return link;
}

/* ---- where the section says, or a target ---------------------------------------------------------------------------- */

/* Where its section says. EOPNOTSUPP if it does not. */
static inline struct bpf_link *bpf_program__attach(const struct bpf_program *prog)
{
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_AUTO, NULL);
}

/* Where to attach a program instead of where its section says: an interface, a cgroup path, path:symbol ...; this and
 * the next are wasm-bpf's own. They count when the skeleton is attached. */
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

/* ---- probes --------------------------------------------------------------------------------------------------------- */

struct bpf_perf_event_opts {
    size_t sz;
    __u64 bpf_cookie;
    bool force_ioctl_attach;
    size_t : 0;
};
#define bpf_perf_event_opts__last_field force_ioctl_attach

static inline struct bpf_link *bpf_program__attach_perf_event_opts(const struct bpf_program *prog, int pfd,
                                                                   const struct bpf_perf_event_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.fd = pfd;
    o.cookie = WASM_BPF__OPT(opts, bpf_cookie, 0);
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_PERF_EVENT, &o);
}

static inline struct bpf_link *bpf_program__attach_perf_event(const struct bpf_program *prog, int pfd)
{
    return bpf_program__attach_perf_event_opts(prog, pfd, NULL);
}

enum probe_attach_mode {
    PROBE_ATTACH_MODE_DEFAULT = 0,
    PROBE_ATTACH_MODE_LEGACY,
    PROBE_ATTACH_MODE_PERF,
    PROBE_ATTACH_MODE_LINK,
};

struct bpf_kprobe_opts {
    size_t sz;
    __u64 bpf_cookie;
    size_t offset;
    bool retprobe;
    enum probe_attach_mode attach_mode; /* the host chooses */
    size_t : 0;
};
#define bpf_kprobe_opts__last_field attach_mode

static inline struct bpf_link *bpf_program__attach_kprobe_opts(const struct bpf_program *prog, const char *func_name,
                                                               const struct bpf_kprobe_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.text = func_name;
    o.offset = WASM_BPF__OPT(opts, offset, 0);
    o.cookie = WASM_BPF__OPT(opts, bpf_cookie, 0);
    o.flags = WASM_BPF__OPT(opts, retprobe, false) ? 1 : 0;
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_KPROBE, &o);
}

static inline struct bpf_link *bpf_program__attach_kprobe(const struct bpf_program *prog, bool retprobe,
                                                          const char *func_name)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.text = func_name;
    o.flags = retprobe ? 1 : 0;
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_KPROBE, &o);
}

struct bpf_kprobe_multi_opts {
    size_t sz;
    const char **syms;
    const __u64 *addrs; /* kernel addresses have 64 bits whatever a long has */
    const __u64 *cookies;
    size_t cnt;
    bool retprobe;
    bool session; /* the program's section or expected attach type says so */
    bool unique_match;
    size_t : 0;
};
#define bpf_kprobe_multi_opts__last_field unique_match

static inline struct bpf_link *bpf_program__attach_kprobe_multi_opts(const struct bpf_program *prog,
                                                                     const char *pattern,
                                                                     const struct bpf_kprobe_multi_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.text = pattern;
    o.count = pattern ? 0 : (uint32_t)WASM_BPF__OPT(opts, cnt, 0);
    o.symbols = WASM_BPF__OPT(opts, syms, NULL);
    o.addresses = WASM_BPF__OPT(opts, addrs, NULL);
    o.cookies = WASM_BPF__OPT(opts, cookies, NULL);
    o.flags = WASM_BPF__OPT(opts, retprobe, false) ? 1 : 0;
    if ((!pattern && (!o.count || !!o.symbols == !!o.addresses)) || (pattern && (o.symbols || o.addresses))) {
        libbpf_err(-22);
        return NULL;
    }
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_KPROBE_MULTI, &o);
}

struct bpf_ksyscall_opts {
    size_t sz;
    __u64 bpf_cookie;
    bool retprobe;
    size_t : 0;
};
#define bpf_ksyscall_opts__last_field retprobe

static inline struct bpf_link *bpf_program__attach_ksyscall(const struct bpf_program *prog, const char *syscall_name,
                                                            const struct bpf_ksyscall_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.text = syscall_name;
    o.cookie = WASM_BPF__OPT(opts, bpf_cookie, 0);
    o.flags = WASM_BPF__OPT(opts, retprobe, false) ? 1 : 0;
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_KSYSCALL, &o);
}

struct bpf_uprobe_opts {
    size_t sz;
    size_t ref_ctr_offset;
    __u64 bpf_cookie;
    bool retprobe;
    const char *func_name;
    enum probe_attach_mode attach_mode; /* the host chooses */
    size_t : 0;
};
#define bpf_uprobe_opts__last_field attach_mode

/* pid 0: this process, which is the host's; -1: all. binary_path: a path of the host's, or a name to look for. */
static inline struct bpf_link *bpf_program__attach_uprobe_opts(const struct bpf_program *prog, pid_t pid,
                                                               const char *binary_path, size_t func_offset,
                                                               const struct bpf_uprobe_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.text = binary_path;
    o.text2 = WASM_BPF__OPT(opts, func_name, NULL);
    o.offset = func_offset;
    o.pid = pid;
    o.ref_ctr_offset = WASM_BPF__OPT(opts, ref_ctr_offset, 0);
    o.cookie = WASM_BPF__OPT(opts, bpf_cookie, 0);
    o.flags = WASM_BPF__OPT(opts, retprobe, false) ? 1 : 0;
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_UPROBE, &o);
}

static inline struct bpf_link *bpf_program__attach_uprobe(const struct bpf_program *prog, bool retprobe, pid_t pid,
                                                          const char *binary_path, size_t func_offset)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.text = binary_path;
    o.offset = func_offset;
    o.pid = pid;
    o.flags = retprobe ? 1 : 0;
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_UPROBE, &o);
}

struct bpf_uprobe_multi_opts {
    size_t sz;
    const char **syms;
    const unsigned long *offsets;
    const unsigned long *ref_ctr_offsets;
    const __u64 *cookies;
    size_t cnt;
    bool retprobe;
    bool session;
    size_t : 0;
};
#define bpf_uprobe_multi_opts__last_field session

static inline uint64_t *wasm_bpf__wide(const unsigned long *numbers, size_t count)
{
    uint64_t *wide = numbers ? (uint64_t *)malloc(count * sizeof(*wide)) : NULL;
    for (size_t i = 0; wide && i < count; i++)
        wide[i] = numbers[i];
    return wide;
}

/* Functions by pattern, or places by offset: names in opts->syms are not taken. */
static inline struct bpf_link *bpf_program__attach_uprobe_multi(const struct bpf_program *prog, pid_t pid,
                                                                const char *binary_path, const char *func_pattern,
                                                                const struct bpf_uprobe_multi_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    size_t count = func_pattern ? 0 : WASM_BPF__OPT(opts, cnt, 0);
    uint64_t *offsets = wasm_bpf__wide(WASM_BPF__OPT(opts, offsets, NULL), count);
    uint64_t *ref_ctr_offsets = wasm_bpf__wide(WASM_BPF__OPT(opts, ref_ctr_offsets, NULL), count);
    struct bpf_link *link = NULL;
    o.text = binary_path;
    o.text2 = func_pattern;
    o.pid = pid;
    o.count = (uint32_t)count;
    o.addresses = offsets;
    o.ref_ctr_offsets = ref_ctr_offsets;
    o.cookies = WASM_BPF__OPT(opts, cookies, NULL);
    o.flags = WASM_BPF__OPT(opts, retprobe, false) ? 1 : 0;
    bool places = WASM_BPF__OPT(opts, syms, NULL) != NULL || WASM_BPF__OPT(opts, offsets, NULL) != NULL ||
                  WASM_BPF__OPT(opts, ref_ctr_offsets, NULL) != NULL || WASM_BPF__OPT(opts, cookies, NULL) != NULL ||
                  WASM_BPF__OPT(opts, cnt, 0) != 0;
    if (func_pattern ? places : !offsets)
        libbpf_err(-22);
    else
        link = wasm_bpf__attach(prog, WASM_BPF_ATTACH_UPROBE_MULTI, &o);
    free(offsets);
    free(ref_ctr_offsets);
    return link;
}

struct bpf_usdt_opts {
    size_t sz;
    __u64 usdt_cookie;
    size_t : 0;
};
#define bpf_usdt_opts__last_field usdt_cookie

static inline struct bpf_link *bpf_program__attach_usdt(const struct bpf_program *prog, pid_t pid,
                                                        const char *binary_path, const char *usdt_provider,
                                                        const char *usdt_name, const struct bpf_usdt_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.text = binary_path;
    o.text2 = usdt_provider;
    o.text3 = usdt_name;
    o.pid = pid;
    o.cookie = WASM_BPF__OPT(opts, usdt_cookie, 0);
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_USDT, &o);
}

struct bpf_tracepoint_opts {
    size_t sz;
    __u64 bpf_cookie;
};
#define bpf_tracepoint_opts__last_field bpf_cookie

static inline struct bpf_link *bpf_program__attach_tracepoint_opts(const struct bpf_program *prog,
                                                                   const char *tp_category, const char *tp_name,
                                                                   const struct bpf_tracepoint_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.text = tp_category;
    o.text2 = tp_name;
    o.cookie = WASM_BPF__OPT(opts, bpf_cookie, 0);
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_TRACEPOINT, &o);
}

static inline struct bpf_link *bpf_program__attach_tracepoint(const struct bpf_program *prog, const char *tp_category,
                                                              const char *tp_name)
{
    return bpf_program__attach_tracepoint_opts(prog, tp_category, tp_name, NULL);
}

struct bpf_raw_tracepoint_opts {
    size_t sz;
    __u64 cookie;
    size_t : 0;
};
#define bpf_raw_tracepoint_opts__last_field cookie

static inline struct bpf_link *bpf_program__attach_raw_tracepoint_opts(const struct bpf_program *prog,
                                                                       const char *tp_name,
                                                                       struct bpf_raw_tracepoint_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.text = tp_name;
    o.cookie = WASM_BPF__OPT(opts, cookie, 0);
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_RAW_TRACEPOINT, &o);
}

static inline struct bpf_link *bpf_program__attach_raw_tracepoint(const struct bpf_program *prog, const char *tp_name)
{
    return bpf_program__attach_raw_tracepoint_opts(prog, tp_name, NULL);
}

struct bpf_trace_opts {
    size_t sz;
    __u64 cookie;
};
#define bpf_trace_opts__last_field cookie

static inline struct bpf_link *bpf_program__attach_trace_opts(const struct bpf_program *prog,
                                                              const struct bpf_trace_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.cookie = WASM_BPF__OPT(opts, cookie, 0);
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_TRACE, &o);
}

static inline struct bpf_link *bpf_program__attach_trace(const struct bpf_program *prog)
{
    return bpf_program__attach_trace_opts(prog, NULL);
}

static inline struct bpf_link *bpf_program__attach_lsm(const struct bpf_program *prog)
{
    return bpf_program__attach_trace_opts(prog, NULL);
}

/* ---- cgroups, networks ---------------------------------------------------------------------------------------------- */

/* Where among the others of a hook. */
#define WASM_BPF__PLACE(o, opts)                                                                                       \
    ((o).kind_flags = WASM_BPF__OPT(opts, flags, 0), (o).relative_fd = (int32_t)WASM_BPF__OPT(opts, relative_fd, 0),   \
     (o).relative_id = WASM_BPF__OPT(opts, relative_id, 0),                                                            \
     (o).ref_ctr_offset = WASM_BPF__OPT(opts, expected_revision, 0))

struct bpf_cgroup_opts {
    size_t sz;
    __u32 flags;
    __u32 relative_fd;
    __u32 relative_id;
    __u64 expected_revision;
    size_t : 0;
};
#define bpf_cgroup_opts__last_field expected_revision

static inline struct bpf_link *bpf_program__attach_cgroup_opts(const struct bpf_program *prog, int cgroup_fd,
                                                               const struct bpf_cgroup_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.fd = cgroup_fd;
    WASM_BPF__PLACE(o, opts);
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_CGROUP, &o);
}

/* cgroup_fd: of a directory opened under one that wasm-bpf was given with --dir. */
static inline struct bpf_link *bpf_program__attach_cgroup(const struct bpf_program *prog, int cgroup_fd)
{
    return bpf_program__attach_cgroup_opts(prog, cgroup_fd, NULL);
}

static inline struct bpf_link *wasm_bpf__attach_to(const struct bpf_program *prog, enum wasm_bpf_attach_kind kind, int fd)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.fd = fd;
    return wasm_bpf__attach(prog, kind, &o);
}

static inline struct bpf_link *bpf_program__attach_netns(const struct bpf_program *prog, int netns_fd)
{
    return wasm_bpf__attach_to(prog, WASM_BPF_ATTACH_NETNS, netns_fd);
}

static inline struct bpf_link *bpf_program__attach_sockmap(const struct bpf_program *prog, int map_fd)
{
    return wasm_bpf__attach_to(prog, WASM_BPF_ATTACH_SOCKMAP, map_fd);
}

static inline struct bpf_link *bpf_program__attach_xdp(const struct bpf_program *prog, int ifindex)
{
    return wasm_bpf__attach_to(prog, WASM_BPF_ATTACH_XDP, ifindex);
}

struct bpf_tcx_opts {
    size_t sz;
    __u32 flags;
    __u32 relative_fd;
    __u32 relative_id;
    __u64 expected_revision;
    size_t : 0;
};
#define bpf_tcx_opts__last_field expected_revision

static inline struct bpf_link *bpf_program__attach_tcx(const struct bpf_program *prog, int ifindex,
                                                       const struct bpf_tcx_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.fd = ifindex;
    WASM_BPF__PLACE(o, opts);
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_TCX, &o);
}

struct bpf_netkit_opts {
    size_t sz;
    __u32 flags;
    __u32 relative_fd;
    __u32 relative_id;
    __u64 expected_revision;
    size_t : 0;
};
#define bpf_netkit_opts__last_field expected_revision

static inline struct bpf_link *bpf_program__attach_netkit(const struct bpf_program *prog, int ifindex,
                                                          const struct bpf_netkit_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.fd = ifindex;
    WASM_BPF__PLACE(o, opts);
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_NETKIT, &o);
}

struct bpf_netfilter_opts {
    size_t sz;
    __u32 pf;
    __u32 hooknum;
    __s32 priority;
    __u32 flags;
};
#define bpf_netfilter_opts__last_field flags

static inline struct bpf_link *bpf_program__attach_netfilter(const struct bpf_program *prog,
                                                             const struct bpf_netfilter_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.family = WASM_BPF__OPT(opts, pf, 0);
    o.hook = WASM_BPF__OPT(opts, hooknum, 0);
    o.priority = WASM_BPF__OPT(opts, priority, 0);
    o.kind_flags = WASM_BPF__OPT(opts, flags, 0);
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_NETFILTER, &o);
}

/* ---- others --------------------------------------------------------------------------------------------------------- */

struct bpf_iter_attach_opts {
    size_t sz;
    union bpf_iter_link_info *link_info;
    __u32 link_info_len;
};
#define bpf_iter_attach_opts__last_field link_info_len

/* bpf_iter_create(bpf_link__fd(link)) gives a descriptor to read its output from. */
static inline struct bpf_link *bpf_program__attach_iter(const struct bpf_program *prog,
                                                        const struct bpf_iter_attach_opts *opts)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    o.info = WASM_BPF__OPT(opts, link_info, NULL);
    o.info_size = WASM_BPF__OPT(opts, link_info_len, 0);
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_ITER, &o);
}

/* Without a target, the one it was loaded for. */
static inline struct bpf_link *bpf_program__attach_freplace(const struct bpf_program *prog, int target_fd,
                                                            const char *attach_func_name)
{
    struct wasm_bpf_attach_options o;
    memset(&o, 0, sizeof(o));
    if (!!target_fd != !!attach_func_name) {
        libbpf_err(-22);
        return NULL;
    }
    if (!target_fd)
        return bpf_program__attach_trace(prog);
    o.fd = target_fd;
    o.text = attach_func_name;
    return wasm_bpf__attach(prog, WASM_BPF_ATTACH_FREPLACE, &o);
}

static inline struct bpf_link *bpf_map__attach_struct_ops(const struct bpf_map *map)
{
    int handle = wasm_bpf_attach(map->obj->handle, WASM_BPF_ATTACH_STRUCT_OPS, map->index, NULL);
    if (handle < 0) {
        wasm_bpf__err(handle);
        return NULL;
    }
    return wasm_bpf__link(handle, -1);
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_ATTACH_H */
