// SPDX-License-Identifier: GPL-2.0
/* Reports the IPv4 packets that go in and out of an interface, and lets all of them pass. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "tc.h"

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 18);
} packets SEC(".maps");

static int report(struct __sk_buff *skb, unsigned int egress)
{
    void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
    struct ethhdr *eth = data;
    struct iphdr *ip = (void *)(eth + 1);
    struct packet *p;

    if (skb->protocol != bpf_htons(ETH_P_IP) || (void *)(ip + 1) > end)
        return TC_ACT_UNSPEC;
    p = bpf_ringbuf_reserve(&packets, sizeof(*p), 0);
    if (!p)
        return TC_ACT_UNSPEC;
    p->length = skb->len;
    p->egress = egress;
    p->source = ip->saddr;
    p->target = ip->daddr;
    p->protocol = ip->protocol;
    p->ttl = ip->ttl;
    bpf_ringbuf_submit(p, 0);
    return TC_ACT_UNSPEC; /* whatever else is attached decides */
}

SEC("tc")
int ingress(struct __sk_buff *skb)
{
    return report(skb, 0);
}

SEC("tc")
int egress(struct __sk_buff *skb)
{
    return report(skb, 1);
}

char LICENSE[] SEC("license") = "GPL";
