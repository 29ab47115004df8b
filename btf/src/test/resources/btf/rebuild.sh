#!/bin/sh
# Rebuilds the objects of this folder and the bpftool texts the tests compare with. Needs clang-19 and bpftool >= 7.8
# (libbpf 1.8): older ones pad structs differently. BPFTOOL names it; VMLINUX a vmlinux BTF whose dumps are digested.
set -e
cd "$(dirname "$0")"
BPFTOOL=${BPFTOOL:-bpftool}
clang-19 -target bpfel -O2 -g -ffile-prefix-map="$PWD"=. -c kinds.bpf.c -o kinds.bpf.o
clang-19 -target bpfeb -O2 -g -ffile-prefix-map="$PWD"=. -c kinds.bpf.c -o kinds.bpfeb.o
"$BPFTOOL" btf dump file kinds.bpf.o format c unsorted > kinds.bpf.o.h.txt
"$BPFTOOL" btf dump file kinds.bpf.o format raw > kinds.bpf.o.raw.txt
# base.btf and split.btf are written by SplitBtfTest.base() and split().
"$BPFTOOL" -B base.btf btf dump file split.btf format raw > split.btf.raw.txt
"$BPFTOOL" -B base.btf btf dump file split.btf format c unsorted > split.btf.h.txt
if [ -n "$VMLINUX" ]; then
    {
        echo "# bpftool btf dump file vmlinux-6.18.44.btf format c unsorted | sha256sum; the same with format raw"
        "$BPFTOOL" btf dump file "$VMLINUX" format c unsorted | sha256sum | cut -c1-64
        "$BPFTOOL" btf dump file "$VMLINUX" format raw | sha256sum | cut -c1-64
    } > vmlinux-6.18.44.sha256.txt
fi
for f in ../../../../../host/src/test/resources/oracle/*.bpf.o; do
    name=$(basename "$f")
    {
        echo "# bpftool btf dump file $name format c unsorted | sha256sum; the same with format raw"
        "$BPFTOOL" btf dump file "$f" format c unsorted | sha256sum | cut -c1-64
        "$BPFTOOL" btf dump file "$f" format raw | sha256sum | cut -c1-64
    } > "$name.sha256.txt"
done
