#!/bin/sh
# Rebuilds api.* and attach.*; needs clang with the bpf and wasm32 targets, wasm-ld, wasi-libc and libbpf's headers.
cd "$(dirname "$0")" || exit 1
clang=${CLANG:-clang-19}
strip=${STRIP:-llvm-strip-19}
include=${INCLUDE:-../../../main/resources/wasmbpf/guest/include}
build=$(mktemp -d) && trap 'rm -rf "$build"' EXIT
set -e
for name in api attach; do
  "$clang" -target bpf -D__TARGET_ARCH_x86 -g -O2 -fdebug-compilation-dir=. -idirafter "/usr/include/$(uname -m)-linux-gnu" \
    -c $name.bpf.c -o $name.bpf.o
  "$strip" -g $name.bpf.o
  "${WASM_BPF:-../../../../../wasm-bpf}" gen skeleton $name.bpf.o > "$build/$name.skel.h"
  "$clang" --target=wasm32-wasi --sysroot="${SYSROOT:-/usr}" -O2 -Wall -Wextra -I"$include" -I"$build" -c $name.c -o "$build/$name.o"
  "$clang" --target=wasm32-wasi --sysroot="${SYSROOT:-/usr}" -Wl,--export-table,--allow-undefined,--strip-debug "$build/$name.o" -o $name.wasm
done
