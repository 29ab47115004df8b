#!/bin/sh
# Rebuilds abi.bpf.o and guest.wasm; needs clang with the bpf and wasm32 targets, wasm-ld and libbpf's headers.
cd "$(dirname "$0")" || exit 1
clang=${CLANG:-clang-19}
inc=/usr/include/$(uname -m)-linux-gnu
"$clang" -g -O2 -target bpf -I"$inc" -ffile-prefix-map="$PWD"=. -c abi.bpf.c -o abi.bpf.o &&
"$clang" --target=wasm32 -nostdlib -O2 -mbulk-memory -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=8192,--initial-memory=262144 guest.c -o guest.wasm
