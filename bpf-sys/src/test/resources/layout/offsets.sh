#!/bin/sh
# offsets.sh INCLUDE_DIR: offsets and sizes of the members of the structs bpf-sys declares, as the C compiler has them.
set -e
dir=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 - "$dir" > "$tmp/o.c" <<'PY'
import re, sys
STRUCTS = ["union bpf_attr", "union bpf_iter_link_info", "struct bpf_map_info", "struct bpf_prog_info",
           "struct bpf_btf_info", "struct bpf_link_info", "struct perf_event_attr"]
text = "".join(open(f"{sys.argv[1]}/linux/{h}").read() for h in ("bpf.h", "perf_event.h"))
text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)

def members(body, prefix):
    """Dotted names of the members of a struct body; members of anonymous structs belong to the outer one."""
    i = 0
    while i < len(body):
        m = re.compile(r"\s*(struct|union)\s*\{").match(body, i)
        if m:
            depth, j = 1, m.end()
            while depth:
                depth += {"{": 1, "}": -1}.get(body[j], 0)
                j += 1
            inner, end = body[m.end():j - 1], body.index(";", j)
            name = body[j:end].strip()
            if name:
                yield prefix + name, True
            yield from members(inner, prefix + name + "." if name else prefix)
            i = end + 1
            continue
        m = re.compile(r"\s*([^;{}]+);").match(body, i)
        if not m:
            return
        for name in re.sub(r"\[[^]]*\]", "", m[1]).split(",") :
            name = name.split()[-1] if name.split() else ""
            if ":" not in m[1] and not name.startswith("__reserved"):
                yield prefix + name.lstrip("*"), False
        i = m.end()

print('#include <stdio.h>\n#include <stddef.h>\n#include <linux/bpf.h>\n#include <linux/perf_event.h>\nint main(void) {')
for s in STRUCTS:
    at = re.search(re.escape(s) + r"\s*\{", text)
    depth, j = 1, at.end()
    while depth:
        depth += {"{": 1, "}": -1}.get(text[j], 0)
        j += 1
    for name, nested in members(text[at.end():j - 1], ""):
        if not nested:
            print(f'printf("%s %s %zu %zu\\n", "{s.replace(" ", "-")}", "{name}", offsetof({s}, {name}), '
                  f'sizeof((({s} *)0)->{name}));')
print("return 0; }")
PY
gcc -I"$dir" -o "$tmp/o" "$tmp/o.c"
"$tmp/o"
