#!/bin/sh
# Builds the workloads into ../resources. Needs clang with a wasm32 back end, wasm-ld, and the headers and libraries of
# wasi-libc (Debian: clang lld wasi-libc libclang-rt-dev-wasm32).
set -e
cd "$(dirname "$0")"
CC=${CC:-clang}
for source in *.c; do
    name=${source%.c}
    # Two steps: with -O at link time clang wants wasm-opt.
    $CC --target=wasm32-wasi --sysroot="${SYSROOT:-/usr}" -O2 -Wall -c "$source" -o "/tmp/$name.$$.o"
    $CC --target=wasm32-wasi --sysroot="${SYSROOT:-/usr}" -nostartfiles -Wl,--no-entry "/tmp/$name.$$.o" \
        -o "../resources/wasmbpf/bench/$name.wasm"
    rm "/tmp/$name.$$.o"
done
