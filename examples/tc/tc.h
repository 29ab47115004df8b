/* What tc.bpf.c hands to tc.c for each packet. Fixed-width members, each at a multiple of its size. */
#ifndef TC_H
#define TC_H

struct packet {
    unsigned int length;
    unsigned int egress;     /* 1: sent, 0: received */
    unsigned int source;     /* IPv4, network order */
    unsigned int target;
    unsigned int protocol;
    unsigned int ttl;
};

#endif
