/* What sockfilter.bpf.c hands to sockfilter.c for each packet: addresses and ports in network order. */
#ifndef SOCKFILTER_H
#define SOCKFILTER_H

struct packet {
    unsigned int source;
    unsigned int target;
    unsigned short source_port;
    unsigned short target_port;
    unsigned int length;     /* of the packet, from its Ethernet header on */
    unsigned int protocol;
};

#endif
