/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * fcntl.h for wasm-bpf guests: the C library's. Its O_ flags are its own: what a BPF program tells of a call to open has
 * Linux's, of which only those that WASI has no name for are here.
 */
#include_next <fcntl.h>

#ifndef O_TMPFILE
#define O_TMPFILE 020200000
#endif
#ifndef O_PATH
#define O_PATH 010000000
#endif
#ifndef O_DIRECT
#define O_DIRECT 040000
#endif
