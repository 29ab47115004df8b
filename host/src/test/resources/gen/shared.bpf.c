// SPDX-License-Identifier: GPL-2.0
/* Has the types of shared.h that its programs would use. */
typedef long ssize_t;
#include "shared.h"
#include <wasm-bpf/event.bpf.h>

WASM_BPF_EVENT(struct event);
WASM_BPF_EVENT(histogram_t);
WASM_BPF_EVENT(struct outer);
WASM_BPF_EVENT(struct point);
