#!/bin/sh
# Rebuilds the guests; needs clang with the wasm32 target, wasm-ld, wasi-libc and compiler-rt for wasm32-wasi.
set -e
cd "$(dirname "$0")"
clang=${CLANG:-clang-19}

# build MODULE SOURCE [FLAG...]
build() {
  module=$1 source=$2
  shift 2
  "$clang" --target=wasm32-wasi --sysroot="${WASI_SYSROOT:-/usr}" -O2 "$@" -c "$source" -o guest.o
  "$clang" --target=wasm32-wasi --sysroot="${WASI_SYSROOT:-/usr}" -Wl,--strip-debug guest.o -o "$module"
  rm guest.o
}
for guest in tool filter finishes wrapped; do
  build $guest.wasm $guest.c
done
build wrapped-named.wasm wrapped.c '-DWRAPPER="events"' '-DCALLBACK="on-event"'
build wrapped-without.wasm wrapped.c '-DWRAPPER="callback-wrapper"'
