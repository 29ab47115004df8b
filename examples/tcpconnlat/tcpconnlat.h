/* What tcpconnlat.bpf.c hands to tcpconnlat.c for each connection. Fixed-width members, each at a multiple of its size. */
#ifndef TCPCONNLAT_H
#define TCPCONNLAT_H

struct event {
    unsigned long long nanos;    /* from the SYN to its answer */
    int pid;
    unsigned short family;       /* AF_INET or AF_INET6, in Linux's numbers */
    unsigned short source_port;  /* host order */
    unsigned short target_port;
    unsigned short refused;
    unsigned char source[16];    /* 4 bytes of IPv4, or 16 */
    unsigned char target[16];
    char comm[16];
};

#endif
