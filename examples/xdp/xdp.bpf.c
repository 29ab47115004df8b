// SPDX-License-Identifier: GPL-2.0
/* Counts packets by IP protocol before the network stack sees them, and can drop those to one UDP port. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "xdp.h"

/* By protocol number; what is not IPv4 counts as 255, which is reserved. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 256);
    __type(key, unsigned int);
    __type(value, struct counter);
} counters SEC(".maps");

/* Set before the load; 0 drops nothing. */
const volatile unsigned short drop_port = 0;

/* Lives in .bss, where user space reads it as it changes. */
unsigned long long dropped;

SEC("xdp")
int count(struct xdp_md *ctx)
{
    void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
    struct ethhdr *eth = data;
    struct iphdr *ip = (void *)(eth + 1);
    unsigned int protocol = 255;
    int verdict = XDP_PASS;
    struct counter *counter;

    if ((void *)(ip + 1) <= end && eth->h_proto == bpf_htons(ETH_P_IP)) {
        protocol = ip->protocol;
        if (drop_port && protocol == IPPROTO_UDP && ip->ihl == 5) {
            struct udphdr *udp = (void *)(ip + 1);

            if ((void *)(udp + 1) <= end && udp->dest == bpf_htons(drop_port)) {
                __sync_fetch_and_add(&dropped, 1);
                verdict = XDP_DROP;
            }
        }
    }
    counter = bpf_map_lookup_elem(&counters, &protocol);
    if (counter) {
        counter->packets++;
        counter->bytes += end - data;
    }
    return verdict;
}

char LICENSE[] SEC("license") = "GPL";
