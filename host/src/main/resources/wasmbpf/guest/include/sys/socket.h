/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * sys/socket.h for wasm-bpf guests: the C library's types, with the kernel's numbers, which BPF programs tell user space
 * too; sockets to put BPF programs on.
 */
#include_next <sys/socket.h>

#ifndef WASM_BPF_SYS_SOCKET_H
#define WASM_BPF_SYS_SOCKET_H

#include <string.h>
#include <wasm-bpf/host.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __EMSCRIPTEN__ /* its C library has Linux's numbers, and functions that these take the place of */
#define WASM_BPF__LIBC_AF_INET AF_INET
#define WASM_BPF__LIBC_AF_INET6 AF_INET6
#define WASM_BPF__SOCKET_CALL __attribute__((weak))
#else
#define WASM_BPF__SOCKET_CALL static inline

/* The C library's own numbers of address families, for its functions. */
enum { WASM_BPF__LIBC_AF_INET = AF_INET, WASM_BPF__LIBC_AF_INET6 = AF_INET6 };

#undef AF_UNSPEC
#undef AF_UNIX
#undef AF_INET
#undef AF_INET6
#undef SOCK_STREAM
#undef SOCK_DGRAM
#undef SOCK_NONBLOCK
#undef SOCK_CLOEXEC
#undef SOL_SOCKET

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_LOCAL AF_UNIX
#define AF_INET 2
#define AF_INET6 10
#define AF_NETLINK 16
#define AF_PACKET 17
#define AF_VSOCK 40
#define AF_XDP 44
#define PF_UNSPEC AF_UNSPEC
#define PF_UNIX AF_UNIX
#define PF_LOCAL AF_LOCAL
#define PF_INET AF_INET
#define PF_INET6 AF_INET6
#define PF_NETLINK AF_NETLINK
#define PF_PACKET AF_PACKET

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_SEQPACKET 5
#define SOCK_NONBLOCK 04000
#define SOCK_CLOEXEC 02000000

#define SOL_SOCKET 1
#define SOL_PACKET 263
#define SO_REUSEADDR 2
#define SO_RCVBUF 8
#define SO_REUSEPORT 15
#define SO_BINDTODEVICE 25
#define SO_ATTACH_FILTER 26
#define SO_DETACH_FILTER 27
#define SO_DETACH_BPF SO_DETACH_FILTER
#define SO_ATTACH_BPF 50
#define SO_ATTACH_REUSEPORT_EBPF 52
#endif

WASM_BPF__SOCKET_CALL int socket(int domain, int type, int protocol)
{
    return wasm_bpf__libc(wasm_bpf_socket(domain, type, protocol));
}

WASM_BPF__SOCKET_CALL int bind(int fd, const struct sockaddr *address, socklen_t size)
{
    return wasm_bpf__libc(wasm_bpf_bind(fd, address, (int)size));
}

/* A program in the value of SO_ATTACH_BPF is named by this module's descriptor of it. */
static inline int wasm_bpf__setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    return wasm_bpf__libc(wasm_bpf_setsockopt(fd, level, name, value, (int)size));
}
#define setsockopt(fd, level, name, value, size) wasm_bpf__setsockopt(fd, level, name, value, size)

#ifdef __cplusplus
}
#endif

#endif /* WASM_BPF_SYS_SOCKET_H */
