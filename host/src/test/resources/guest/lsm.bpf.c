// Denies one process to remove directories of one name.
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct qstr {
    const unsigned char *name;
} __attribute__((preserve_access_index));

struct dentry {
    struct qstr d_name;
} __attribute__((preserve_access_index));

const volatile int target = 0;
__u64 hits = 0;

static bool own(struct dentry *dentry)
{
    static const char name[] = "wasmbpf_own";
    char found[sizeof(name)] = {};

    if (bpf_get_current_pid_tgid() >> 32 != target)
        return false;
    bpf_probe_read_kernel_str(found, sizeof(found), BPF_CORE_READ(dentry, d_name.name));
    for (int i = 0; i < sizeof(name); i++)
        if (found[i] != name[i])
            return false;
    return true;
}

SEC("?lsm/inode_rmdir")
int BPF_PROG(lsm, void *dir, struct dentry *dentry)
{
    if (!own(dentry))
        return 0;
    __sync_fetch_and_add(&hits, 1);
    return -1;
}

SEC("?lsm.s/inode_rmdir")
int BPF_PROG(lsm_sleepable, void *dir, struct dentry *dentry)
{
    if (!own(dentry))
        return 0;
    __sync_fetch_and_add(&hits, 1);
    return -1;
}

// Of processes of a cgroup: 0 denies.
SEC("?lsm_cgroup/socket_create")
int BPF_PROG(lsm_cgroup, int family, int type, int protocol)
{
    if (family != 1)
        return 1;
    __sync_fetch_and_add(&hits, 1);
    return 0;
}
