// SPDX-License-Identifier: GPL-2.0
/* A socket filter that reports IPv4 packets and lets the socket itself have none of them. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <stddef.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "sockfilter.h"

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 18);
} packets SEC(".maps");

/* Set before the load; 0 is any. */
const volatile unsigned int wanted_port = 0;

SEC("socket")
int report(struct __sk_buff *skb)
{
    struct packet packet = {};
    unsigned short ports[2] = {}, fragment = 0;
    struct iphdr ip;

    if (skb->pkt_type == PACKET_OUTGOING || skb->protocol != bpf_htons(ETH_P_IP))
        return 0;
    if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)))
        return 0;
    fragment = bpf_ntohs(ip.frag_off) & 0x1fff;
    if ((ip.protocol == IPPROTO_TCP || ip.protocol == IPPROTO_UDP) && fragment == 0)
        bpf_skb_load_bytes(skb, ETH_HLEN + ip.ihl * 4, ports, sizeof(ports));
    if (wanted_port && bpf_ntohs(ports[0]) != wanted_port && bpf_ntohs(ports[1]) != wanted_port)
        return 0;

    packet.source = ip.saddr;
    packet.target = ip.daddr;
    packet.source_port = ports[0];
    packet.target_port = ports[1];
    packet.length = skb->len;
    packet.protocol = ip.protocol;
    bpf_ringbuf_output(&packets, &packet, sizeof(packet), 0);
    return 0;
}

char LICENSE[] SEC("license") = "GPL";
