/* What xdp.bpf.c counts by protocol, as xdp.c reads it: one of these a CPU. */
#ifndef XDP_H
#define XDP_H

struct counter {
    unsigned long long packets;
    unsigned long long bytes;
};

#endif
