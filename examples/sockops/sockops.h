/* What sockops.bpf.c and sockops.c share. Fixed-width members, each at a multiple of its size. */
#ifndef SOCKOPS_H
#define SOCKOPS_H

enum { CONNECTED, ACCEPTED, CLOSED };

struct event {
    unsigned int what;
    unsigned int srtt_us;        /* smoothed round trip time, microseconds */
    unsigned long long sent;     /* bytes that the other end acknowledged */
    unsigned long long received;
    unsigned int retransmitted;  /* segments */
    unsigned short local_port;   /* host order */
    unsigned short remote_port;
    unsigned char local[16];     /* IPv6; of IPv4 as ::ffff:a.b.c.d */
    unsigned char remote[16];
};

#endif
