// SPDX-License-Identifier: GPL-2.0
/* Denies removing and renaming directories of one name. */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "lsm.h"

/* The name is read where d_name points, short or long. The array that short ones lie in was d_iname and became
 * d_shortname in 6.14: a program that reads it loads on one side of that only. */
struct qstr {
    const unsigned char *name;
} __attribute__((preserve_access_index));

struct inode {
    unsigned short i_mode;
} __attribute__((preserve_access_index));

struct dentry {
    struct qstr d_name;
    struct inode *d_inode;
} __attribute__((preserve_access_index));

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 16);
} denials SEC(".maps");

/* Set before the load. */
const volatile char protected_name[NAME_SIZE] = "";

#define S_IFMT 0170000
#define S_IFDIR 0040000

static int denies(struct dentry *dentry, unsigned int what)
{
    char name[NAME_SIZE] = "";
    struct denial *d;

    if ((BPF_CORE_READ(dentry, d_inode, i_mode) & S_IFMT) != S_IFDIR)
        return 0;
    bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(dentry, d_name.name));
    for (int i = 0; i < NAME_SIZE; i++) {
        if (name[i] != protected_name[i])
            return 0;
        if (!name[i])
            break;
    }
    d = bpf_ringbuf_reserve(&denials, sizeof(*d), 0);
    if (d) {
        d->what = what;
        d->pid = bpf_get_current_pid_tgid() >> 32;
        d->uid = bpf_get_current_uid_gid();
        bpf_get_current_comm(d->comm, sizeof(d->comm));
        bpf_ringbuf_submit(d, 0);
    }
    return -EPERM;
}

SEC("lsm/inode_rmdir")
int BPF_PROG(rmdir, struct inode *dir, struct dentry *dentry, int ret)
{
    return ret ? ret : denies(dentry, REMOVE);
}

SEC("lsm/inode_rename")
int BPF_PROG(rename, struct inode *old_dir, struct dentry *old, struct inode *new_dir, struct dentry *new, int ret)
{
    return ret ? ret : denies(old, RENAME);
}

char LICENSE[] SEC("license") = "GPL";
