/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/*
 * wasm-bpf/event.bpf.h, for the BPF side: keeps a type in the object's BTF that nothing else would keep there, so that
 *
 *     wasm-bpf btf dump file foo.bpf.o format c
 *
 * prints it for the module. clang drops a struct that a program only fills through a pointer to the stack or a buffer:
 *
 *     struct event { int pid; long when; };
 *     WASM_BPF_EVENT(struct event);
 *
 * It stands in a section that loaders skip: no map comes of it.
 */
#ifndef WASM_BPF_EVENT_BPF_H
#define WASM_BPF_EVENT_BPF_H

#define WASM_BPF__CONCAT_(a, b) a##b
#define WASM_BPF__CONCAT(a, b) WASM_BPF__CONCAT_(a, b)
#define WASM_BPF_EVENT(type)                                                                                           \
    const type *WASM_BPF__CONCAT(__wasm_bpf_event_, __COUNTER__) __attribute__((section(".wasm_bpf_events"), used))

#endif /* WASM_BPF_EVENT_BPF_H */
