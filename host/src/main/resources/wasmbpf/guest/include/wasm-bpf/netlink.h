/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* wasm-bpf/netlink.h: what libbpf does by netlink. What it attaches stays when the program ends. */
#ifndef WASM_BPF_NETLINK_H
#define WASM_BPF_NETLINK_H

#include <wasm-bpf/print.h>

#ifdef __cplusplus
extern "C" {
#endif

enum bpf_tc_attach_point {
    BPF_TC_INGRESS = 1 << 0,
    BPF_TC_EGRESS = 1 << 1,
    BPF_TC_CUSTOM = 1 << 2,
    BPF_TC_QDISC = 1 << 3,
};

#define BPF_TC_PARENT(a, b) ((((a) << 16) & 0xFFFF0000U) | ((b)&0x0000FFFFU))

enum bpf_tc_flags { BPF_TC_F_REPLACE = 1 << 0 };

struct bpf_tc_hook {
    size_t sz;
    int ifindex;
    enum bpf_tc_attach_point attach_point; /* ingress, egress or both */
    __u32 parent;
    __u32 handle;
    const char *qdisc;
    size_t : 0;
};
#define bpf_tc_hook__last_field qdisc

struct bpf_tc_opts {
    size_t sz;
    int prog_fd;
    __u32 flags;
    __u32 prog_id;
    __u32 handle;
    __u32 priority;
    size_t : 0;
};
#define bpf_tc_opts__last_field priority

static inline int wasm_bpf__tc(enum wasm_bpf_netlink_operation operation, const struct bpf_tc_hook *hook,
                               struct bpf_tc_opts *opts)
{
    struct wasm_bpf_netlink_options o;
    if (!hook || hook->parent)
        return libbpf_err(-22);
    memset(&o, 0, sizeof(o));
    o.size = sizeof(o);
    o.ifindex = hook->ifindex;
    o.attach_point = hook->attach_point;
    if (opts) {
        o.prog_fd = opts->prog_fd;
        o.flags = opts->flags;
        o.handle = opts->handle;
        o.priority = opts->priority;
    }
    int err = wasm_bpf_netlink(operation, &o);
    if (!err && opts && operation != WASM_BPF_TC_DETACH) {
        opts->handle = o.handle;
        opts->priority = o.priority;
        opts->prog_id = o.prog_id;
    }
    return wasm_bpf__err(err);
}

/* Makes the clsact discipline; -EEXIST if it is there. */
static inline int bpf_tc_hook_create(struct bpf_tc_hook *hook)
{
    return wasm_bpf__tc(WASM_BPF_TC_HOOK_CREATE, hook, NULL);
}

/* Both attach points: removes the discipline; one: its filters. */
static inline int bpf_tc_hook_destroy(struct bpf_tc_hook *hook)
{
    return wasm_bpf__tc(WASM_BPF_TC_HOOK_DESTROY, hook, NULL);
}

static inline int bpf_tc_attach(const struct bpf_tc_hook *hook, struct bpf_tc_opts *opts)
{
    if (!opts || !opts->prog_fd || opts->prog_id)
        return libbpf_err(-22);
    return wasm_bpf__tc(WASM_BPF_TC_ATTACH, hook, opts);
}

static inline int bpf_tc_detach(const struct bpf_tc_hook *hook, const struct bpf_tc_opts *opts)
{
    if (!opts || opts->prog_fd || opts->flags || opts->prog_id || !opts->handle || !opts->priority)
        return libbpf_err(-22);
    return wasm_bpf__tc(WASM_BPF_TC_DETACH, hook, (struct bpf_tc_opts *)opts);
}

static inline int bpf_tc_query(const struct bpf_tc_hook *hook, struct bpf_tc_opts *opts)
{
    if (!opts || opts->prog_fd || opts->flags || opts->prog_id || !opts->handle || !opts->priority)
        return libbpf_err(-22);
    return wasm_bpf__tc(WASM_BPF_TC_QUERY, hook, opts);
}

struct bpf_xdp_attach_opts {
    size_t sz;
    int old_prog_fd;
    size_t : 0;
};
#define bpf_xdp_attach_opts__last_field old_prog_fd

struct bpf_xdp_query_opts {
    size_t sz;
    __u32 prog_id;
    __u32 drv_prog_id;
    __u32 hw_prog_id;
    __u32 skb_prog_id;
    __u8 attach_mode;
    size_t : 0;
};
#define bpf_xdp_query_opts__last_field attach_mode

static inline int bpf_xdp_attach(int ifindex, int prog_fd, __u32 flags, const struct bpf_xdp_attach_opts *opts)
{
    struct wasm_bpf_netlink_options o;
    memset(&o, 0, sizeof(o));
    o.size = sizeof(o);
    o.ifindex = ifindex;
    o.prog_fd = prog_fd;
    o.flags = flags;
    o.old_prog_fd = WASM_BPF__OPT(opts, old_prog_fd, 0);
    if (!o.old_prog_fd)
        o.old_prog_fd = -1;
    return wasm_bpf__err(wasm_bpf_netlink(WASM_BPF_XDP_ATTACH, &o));
}

static inline int bpf_xdp_detach(int ifindex, __u32 flags, const struct bpf_xdp_attach_opts *opts)
{
    return bpf_xdp_attach(ifindex, -1, flags, opts);
}

static inline int bpf_xdp_query(int ifindex, int flags, struct bpf_xdp_query_opts *opts)
{
    struct wasm_bpf_netlink_options o;
    memset(&o, 0, sizeof(o));
    o.size = sizeof(o);
    o.ifindex = ifindex;
    o.flags = (uint32_t)flags;
    int err = wasm_bpf_netlink(WASM_BPF_XDP_QUERY, &o);
    if (!err) {
        opts->prog_id = o.prog_id;
        opts->drv_prog_id = o.drv_prog_id;
        opts->hw_prog_id = o.hw_prog_id;
        opts->skb_prog_id = o.skb_prog_id;
        opts->attach_mode = (__u8)o.attach_mode;
    }
    return wasm_bpf__err(err);
}

/* The id of the program there, by mode where flags (XDP_FLAGS_SKB_MODE 2, DRV_MODE 4, HW_MODE 8) say one. */
static inline int bpf_xdp_query_id(int ifindex, int flags, __u32 *prog_id)
{
    struct bpf_xdp_query_opts opts;
    memset(&opts, 0, sizeof(opts));
    opts.sz = sizeof(opts);
    int err = bpf_xdp_query(ifindex, flags, &opts);
    if (!err)
        *prog_id = flags & 8   ? opts.hw_prog_id
                   : flags & 4 ? opts.drv_prog_id
                   : flags & 2 ? opts.skb_prog_id
                               : opts.prog_id;
    return err;
}

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_NETLINK_H */
