#!/bin/sh
# Rebuilds the guests; needs clang with the wasm32 target, wasm-ld, wasi-libc and compiler-rt for wasm32-wasi.
set -e
cd "$(dirname "$0")"
clang=${CLANG:-clang-19}
for guest in tool filter finishes; do
  "$clang" --target=wasm32-wasi --sysroot="${WASI_SYSROOT:-/usr}" -O2 -c $guest.c -o $guest.o
  "$clang" --target=wasm32-wasi --sysroot="${WASI_SYSROOT:-/usr}" -Wl,--strip-debug $guest.o -o $guest.wasm
  rm $guest.o
done
