#!/bin/sh
# Rebuilds abi.bpf.o and guest.wasm; needs clang with the bpf and wasm32 targets, wasm-ld and libbpf's headers.
cd "$(dirname "$0")" || exit 1
clang=${CLANG:-clang-19}
inc=/usr/include/$(uname -m)-linux-gnu
"$clang" -g -O2 -target bpf -I"$inc" -ffile-prefix-map="$PWD"=. -c abi.bpf.c -o abi.bpf.o &&
"$clang" --target=wasm32 -O2 -mbulk-memory -c guest.c -o guest.o &&
# No -O at the link: with one, clang runs whatever wasm-opt it finds.
"$clang" --target=wasm32 -nostdlib -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=8192,--initial-memory=262144 guest.o -o guest.wasm &&
rm guest.o
