#!/bin/sh
# Rebuilds the binaries of this folder and the readelf texts the tests compare with. Needs clang-19, lld-19, llvm-19, gcc.
set -e
cd "$(dirname "$0")"
clang-19 -target bpfel -O2 -g -ffile-prefix-map="$PWD"=. -c probe.bpf.c -o probe.bpf.o
clang-19 -target bpfeb -O2 -g -ffile-prefix-map="$PWD"=. -c probe.bpf.c -o probe.bpfeb.o
gcc -O1 -shared -fPIC -nostartfiles -Wl,--version-script=versions.map -Wl,--build-id=sha1 versions.c -o versions.so
clang-19 -target aarch64_be-linux-gnu -O1 -c plain.c -o plain.aarch64be.o
clang-19 -target i386-linux-gnu -O1 -c plain.c -o plain.i386.o
clang-19 -target powerpc-linux-gnu -O1 -c plain.c -o plain.ppc32.o
for f in probe.bpf.o probe.bpfeb.o versions.so plain.aarch64be.o plain.i386.o plain.ppc32.o; do
    llvm-readelf-19 --elf-output-style=GNU -W -h -S -s -r -l -n -V --dyn-syms "$f" > "$f.readelf.txt"
done
