/* What iter.bpf.c and iter.c share. Fixed-width members, each at a multiple of its size. */
#ifndef ITER_H
#define ITER_H

/* The values of map users, by user id. */
struct counts {
    unsigned int processes;
    unsigned int threads;
};

/* What iterator tcp writes for each socket. */
struct tcp_socket {
    unsigned char local[16];    /* 4 bytes of IPv4, or 16 */
    unsigned char remote[16];
    unsigned int uid;
    unsigned short local_port;  /* host order */
    unsigned short remote_port;
    unsigned short family;      /* AF_INET or AF_INET6, in Linux's numbers */
    unsigned short state;
};

#endif
