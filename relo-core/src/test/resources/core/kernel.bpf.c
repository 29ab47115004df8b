// Real types of Linux, against the BTF of 6.18.44.
#include "core.h"

struct local_root;
struct list_head { struct list_head *next; } CORE;
struct kuid { u32 val; } CORE;
struct cred { struct { u32 val; } uid; } CORE;
struct nsproxy { void *uts_ns; } CORE;
struct mm_struct { struct { u64 start_code; }; } CORE;
struct task_struct___old { long state; } CORE;
struct task_struct {
	unsigned int __state;
	int pid;
	int tgid;
	char comm[16];
	struct task_struct *real_parent;
	struct list_head children;
	struct cred *cred;
	struct mm_struct *mm;
	u32 sched_reset_on_fork : 1;
	u32 in_iowait : 1;
	struct nsproxy *nsproxy;
	u64 start_time;
} CORE;
struct sk_buff { unsigned int len; u8 ip_summed : 2; u16 protocol; unsigned char *data; u16 vlan_tci; } CORE;
struct sock_common { u32 skc_daddr; u16 skc_dport; u16 skc_family; u8 skc_reuse : 4; } CORE;
struct sock { struct sock_common __sk_common; u16 sk_protocol; } CORE;
struct iphdr { u8 ihl : 4; u8 version : 4; u32 daddr; } CORE;
struct request { unsigned int __data_len; } CORE;
struct request___gone { void *rq_disk; } CORE;
enum bpf_map_type { BPF_MAP_TYPE_RINGBUF = 1, BPF_MAP_TYPE_NEVER = 2 };
enum bpf_func_id___x { BPF_FUNC_get_current_task_btf = 99 };
typedef struct { int counter; } atomic_t;
typedef struct { u32 val; } kuid_t;
struct bpf_ringbuf;
struct trace_event_raw_sys_enter { long id; unsigned long args[6]; } CORE;
struct file { void *f_op; u64 f_pos; } CORE;
struct inode { u64 i_ino; } CORE;
struct dentry { struct dentry *d_parent; struct { u32 hash; } d_name; } CORE;
struct path { struct dentry *dentry; } CORE;

SEC("socket") int task(struct task_struct *t)
{
	PUT(t->pid);
	PUT(t->tgid);
	PUT(t->comm[5]);
	PUT(t->real_parent->tgid);
	PUT(&t->children);
	PUT(t->cred->uid.val);
	PUT(t->mm->start_code);
	PUT(t->start_time);
	PUT(FIELD(t->__state, EXISTS));
	PUT(FIELD(((struct task_struct___old *)t)->state, EXISTS));
	PUT(((struct task_struct___old *)t)->state);
	PUT(FIELD(t->in_iowait, BYTE_OFFSET));
	PUT(FIELD(t->in_iowait, BYTE_SIZE));
	PUT(FIELD(t->in_iowait, LSHIFT_U64));
	PUT(FIELD(t->in_iowait, RSHIFT_U64));
	PUT(FIELD(t->sched_reset_on_fork, LSHIFT_U64));
	PUT(TYPE_SIZE(struct task_struct));
	PUT(TYPE_ID_KERNEL(struct task_struct));
	return 0;
}

SEC("socket") int network(struct sk_buff *skb)
{
	struct sock *sk = (void *)skb;
	struct iphdr *ip = (void *)skb;

	PUT(skb->len);
	PUT(skb->protocol);
	PUT(skb->data);
	PUT(FIELD(skb->ip_summed, BYTE_OFFSET));
	PUT(FIELD(skb->ip_summed, LSHIFT_U64));
	PUT(FIELD(skb->vlan_tci, EXISTS));
	PUT(sk->__sk_common.skc_daddr);
	PUT(sk->__sk_common.skc_dport);
	PUT(FIELD(sk->__sk_common.skc_reuse, RSHIFT_U64));
	PUT(FIELD(sk->sk_protocol, BYTE_SIZE));
	PUT(FIELD(ip->version, LSHIFT_U64));
	PUT(ip->daddr);
	return 0;
}

SEC("socket") int others(struct file *f)
{
	struct trace_event_raw_sys_enter *enter = (void *)f;
	struct request *rq = (void *)f;
	struct path *path = (void *)f;
	struct inode *inode = (void *)f;

	PUT(f->f_pos);
	PUT(f->f_op);
	PUT(enter->args[3]);
	PUT(enter->id);
	PUT(rq->__data_len);
	PUT(FIELD(((struct request___gone *)rq)->rq_disk, EXISTS));
	PUT(path->dentry->d_parent);
	PUT(path->dentry->d_name.hash);
	PUT(inode->i_ino);
	PUT(ENUM_VALUE(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF));
	PUT(ENUM_EXISTS(enum bpf_map_type, BPF_MAP_TYPE_NEVER));
	PUT(ENUM_VALUE(enum bpf_func_id___x, BPF_FUNC_get_current_task_btf));
	PUT(TYPE_EXISTS(struct bpf_ringbuf));
	PUT(TYPE_MATCHES(atomic_t));
	PUT(TYPE_MATCHES(kuid_t));
	PUT(TYPE_SIZE(kuid_t));
	return 0;
}
