// Ways to attach that the machine of the tests may lack: loaded and attached on a stand-in kernel.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define PROGRAM(name, section)  \
    SEC(section)                \
    int name(void *ctx)         \
    {                           \
        return 0;               \
    }

PROGRAM(on_kprobe, "kprobe/do_unlinkat+0x10")
PROGRAM(on_kretprobe, "kretprobe/do_unlinkat")
PROGRAM(on_ksyscall, "ksyscall/nanosleep")
PROGRAM(on_multi, "kprobe.multi/tcp_*")
PROGRAM(on_one, "kretprobe.multi/do_unlinkat")
PROGRAM(on_session, "kprobe.session/tcp_v4_connect")
PROGRAM(on_fentry, "fentry/do_unlinkat")
PROGRAM(on_fexit, "fexit/do_unlinkat")
PROGRAM(on_lsm, "lsm/file_open")
PROGRAM(on_tp_btf, "tp_btf/sched_switch")
PROGRAM(on_uprobe, "uprobe/libc.so.6:a64l")
PROGRAM(on_xdp, "xdp")
PROGRAM(on_tc, "tc")
PROGRAM(on_netkit, "netkit/primary")
PROGRAM(on_cgroup, "cgroup/sock_create")
PROGRAM(on_lsm_cgroup, "lsm_cgroup/socket_bind")
PROGRAM(on_parser, "sk_skb/stream_parser")
PROGRAM(on_freplace, "?freplace/f")
