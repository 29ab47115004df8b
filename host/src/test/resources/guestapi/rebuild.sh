#!/bin/sh
# Rebuilds api.bpf.o and api.wasm; needs clang with the bpf and wasm32 targets, wasm-ld, wasi-libc and libbpf's headers.
cd "$(dirname "$0")" || exit 1
clang=${CLANG:-clang-19}
strip=${STRIP:-llvm-strip-19}
include=${INCLUDE:-../../../main/resources/wasmbpf/guest/include}
build=$(mktemp -d) && trap 'rm -rf "$build"' EXIT
set -e
"$clang" -target bpf -g -O2 -fdebug-compilation-dir=. -idirafter "/usr/include/$(uname -m)-linux-gnu" -c api.bpf.c -o api.bpf.o
"$strip" -g api.bpf.o
"${WASM_BPF:-../../../../../wasm-bpf}" gen skeleton api.bpf.o > "$build/api.skel.h"
"$clang" --target=wasm32-wasi --sysroot="${SYSROOT:-/usr}" -O2 -Wall -Wextra -I"$include" -I"$build" -c api.c -o "$build/api.o"
"$clang" --target=wasm32-wasi --sysroot="${SYSROOT:-/usr}" -Wl,--export-table,--allow-undefined,--strip-debug "$build/api.o" -o api.wasm
