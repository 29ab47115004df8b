/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* linux/if_link.h for wasm-bpf guests: how XDP is attached. */
#ifndef _UAPI_LINUX_IF_LINK_H
#define _UAPI_LINUX_IF_LINK_H

#include <linux/types.h>

#define XDP_FLAGS_UPDATE_IF_NOEXIST (1U << 0)
#define XDP_FLAGS_SKB_MODE (1U << 1)
#define XDP_FLAGS_DRV_MODE (1U << 2)
#define XDP_FLAGS_HW_MODE (1U << 3)
#define XDP_FLAGS_REPLACE (1U << 4)
#define XDP_FLAGS_MODES (XDP_FLAGS_SKB_MODE | XDP_FLAGS_DRV_MODE | XDP_FLAGS_HW_MODE)
#define XDP_FLAGS_MASK (XDP_FLAGS_UPDATE_IF_NOEXIST | XDP_FLAGS_MODES | XDP_FLAGS_REPLACE)

enum {
    XDP_ATTACHED_NONE = 0,
    XDP_ATTACHED_DRV,
    XDP_ATTACHED_SKB,
    XDP_ATTACHED_HW,
    XDP_ATTACHED_MULTI,
};

#endif /* _UAPI_LINUX_IF_LINK_H */
