/* SPDX-License-Identifier: (LGPL-2.1 OR BSD-2-Clause) */
/* linux/limits.h for wasm-bpf guests. */
#ifndef _UAPI_LINUX_LIMITS_H
#define _UAPI_LINUX_LIMITS_H

#include <limits.h>

#ifndef NAME_MAX
#define NAME_MAX 255
#endif
#ifndef PATH_MAX
#define PATH_MAX 4096
#endif
#ifndef XATTR_NAME_MAX
#define XATTR_NAME_MAX 255
#endif

#endif /* _UAPI_LINUX_LIMITS_H */
