// SPDX-License-Identifier: GPL-2.0
/* Iterators over the kernel's tasks, over the elements of a map, and over its TCP sockets. */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "iter.h"

#define AF_INET 2
#define AF_INET6 10

struct seq_file;

struct bpf_iter_meta {
    struct seq_file *seq;
    __u64 session_id;
    __u64 seq_num;
} __attribute__((preserve_access_index));

struct cred {
    struct {
        unsigned int val;
    } uid;
} __attribute__((preserve_access_index));

struct task_struct {
    int pid;
    int tgid;
    char comm[16];
    const struct cred *cred;
    struct task_struct *real_parent;
} __attribute__((preserve_access_index));

struct in6_addr {
    union {
        __u8 u6_addr8[16];
    } in6_u;
} __attribute__((preserve_access_index));

struct sock_common {
    __u32 skc_daddr;
    __u32 skc_rcv_saddr;
    __u16 skc_dport;
    __u16 skc_num;
    unsigned short skc_family;
    volatile unsigned char skc_state;
    struct in6_addr skc_v6_daddr;
    struct in6_addr skc_v6_rcv_saddr;
} __attribute__((preserve_access_index));

/* Contexts: the kernel's structs of these names; task, key, value are NULL at the end. */
struct bpf_iter__task {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
} __attribute__((preserve_access_index));

struct bpf_iter__bpf_map_elem {
    struct bpf_iter_meta *meta;
    struct bpf_map *map;
    void *key;
    void *value;
} __attribute__((preserve_access_index));

struct bpf_iter__tcp {
    struct bpf_iter_meta *meta;
    struct sock_common *sk_common;
    unsigned int uid;
} __attribute__((preserve_access_index));

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4096);
    __type(key, __u32);
    __type(value, struct counts);
} users SEC(".maps");

/* Prints a line for each process, and counts processes and threads by user. */
SEC("iter/task")
int tasks(struct bpf_iter__task *ctx)
{
    struct seq_file *seq = ctx->meta->seq;
    struct task_struct *task = ctx->task;
    struct counts none = {}, *counts;
    __u32 uid;

    if (!task)
        return 0;
    if (ctx->meta->seq_num == 0)
        BPF_SEQ_PRINTF(seq, "%7s %7s %6s %s\n", "PID", "PPID", "UID", "COMM");
    uid = task->cred->uid.val;
    counts = bpf_map_lookup_elem(&users, &uid);
    if (!counts) {
        bpf_map_update_elem(&users, &uid, &none, BPF_NOEXIST);
        counts = bpf_map_lookup_elem(&users, &uid);
    }
    if (counts)
        counts->threads++;
    if (task->pid != task->tgid)
        return 0;
    if (counts)
        counts->processes++;
    BPF_SEQ_PRINTF(seq, "%7d %7d %6u %s\n", task->pid, task->real_parent->tgid, uid, task->comm);
    return 0;
}

/* Prints a line for each element of the map it is attached to, whose key and value fit these types. */
SEC("iter/bpf_map_elem")
int elements(struct bpf_iter__bpf_map_elem *ctx)
{
    const __u32 *uid = ctx->key;
    const struct counts *counts = ctx->value;

    /* The last call is for no element, and its number is 0 too where there was one. */
    if (uid && ctx->meta->seq_num == 0)
        BPF_SEQ_PRINTF(ctx->meta->seq, "%6s %9s %7s\n", "UID", "PROCESSES", "THREADS");
    if (uid && counts)
        BPF_SEQ_PRINTF(ctx->meta->seq, "%6u %9u %7u\n", *uid, counts->processes, counts->threads);
    return 0;
}

/* Writes a struct for each TCP socket: an iterator's output need not be text. */
SEC("iter/tcp")
int tcp(struct bpf_iter__tcp *ctx)
{
    struct sock_common *sk = ctx->sk_common;
    struct tcp_socket s = {};

    if (!sk)
        return 0;
    s.family = sk->skc_family;
    s.state = sk->skc_state;
    s.uid = ctx->uid;
    s.local_port = sk->skc_num;
    s.remote_port = bpf_ntohs(sk->skc_dport);
    if (s.family == AF_INET6) {
        BPF_CORE_READ_INTO(&s.local, sk, skc_v6_rcv_saddr.in6_u.u6_addr8);
        BPF_CORE_READ_INTO(&s.remote, sk, skc_v6_daddr.in6_u.u6_addr8);
    } else {
        __builtin_memcpy(s.local, &(__u32){ sk->skc_rcv_saddr }, 4);
        __builtin_memcpy(s.remote, &(__u32){ sk->skc_daddr }, 4);
    }
    bpf_seq_write(ctx->meta->seq, &s, sizeof(s));
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
