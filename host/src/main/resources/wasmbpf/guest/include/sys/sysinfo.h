/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* sys/sysinfo.h for wasm-bpf guests: how many CPUs there are. */
#ifndef WASM_BPF_SYS_SYSINFO_H
#define WASM_BPF_SYS_SYSINFO_H

#include <wasm-bpf/host.h>

static inline int get_nprocs_conf(void)
{
    return (int)wasm_bpf_query(WASM_BPF_POSSIBLE_CPUS);
}

static inline int get_nprocs(void)
{
    return (int)wasm_bpf_query(WASM_BPF_ONLINE_CPUS);
}

#endif /* WASM_BPF_SYS_SYSINFO_H */
