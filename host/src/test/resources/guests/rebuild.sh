#!/bin/sh
# Rebuilds tool.wasm; needs clang with the wasm32 target, wasm-ld, wasi-libc and compiler-rt for wasm32-wasi.
cd "$(dirname "$0")" || exit 1
clang=${CLANG:-clang-19}
"$clang" --target=wasm32-wasi --sysroot="${WASI_SYSROOT:-/usr}" -O2 -c tool.c -o tool.o &&
"$clang" --target=wasm32-wasi --sysroot="${WASI_SYSROOT:-/usr}" -Wl,--strip-debug tool.o -o tool.wasm && rm tool.o
