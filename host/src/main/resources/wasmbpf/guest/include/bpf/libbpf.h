/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * bpf/libbpf.h for wasm-bpf guests: libbpf's API over the host's functions, header only, so that user space written for
 * libbpf compiles as it is. Functions behave as libbpf 1.x's; docs/compat.md lists what is not there and why.
 */
#ifndef __LIBBPF_LIBBPF_H
#define __LIBBPF_LIBBPF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf_common.h>
#include <bpf/libbpf_legacy.h>

#include <wasm-bpf/attach.h>
#include <wasm-bpf/buffers.h>
#include <wasm-bpf/names.h>
#include <wasm-bpf/netlink.h>
#include <wasm-bpf/object.h>
#include <wasm-bpf/pin.h>
#include <wasm-bpf/print.h>
#include <wasm-bpf/probes.h>
#include <wasm-bpf/skeleton.h>

enum libbpf_tristate { TRI_NO = 0, TRI_YES = 1, TRI_MODULE = 2 };

#endif /* __LIBBPF_LIBBPF_H */
