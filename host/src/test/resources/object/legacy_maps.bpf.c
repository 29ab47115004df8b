/* Map definitions and section names that libbpf refuses and other loaders take. */
#include "bpf.h"
struct bpf_map_def { u32 type, key_size, value_size, max_entries, map_flags; };
struct bpf_map_def SEC("maps") counts = { .type = 1, .key_size = 4, .value_size = 8, .max_entries = 64, .map_flags = 1 };
struct bpf_map_def SEC("maps") events = { .type = 4, .key_size = 4, .value_size = 4 };
static struct bpf_map_def SEC("maps") own = { .type = 2, .key_size = 4, .value_size = 16, .max_entries = 3 };
char _license[] SEC("license") = "GPL";
u32 _version SEC("version") = 0x060c03;
SEC("classifier/filter") int filter(void *ctx) { u32 key = 1; u64 *v = bpf_map_lookup_elem(&counts, &key); return v ? (int)*v : 0; }
SEC("socket1") int socket_one(void *ctx) { u32 key = 2; return bpf_map_lookup_elem(&events, &key) != 0; }
SEC("?xdp_pass") int pass(void *ctx) { u32 key = 0; return bpf_map_lookup_elem(&own, &key) ? 2 : 1; }
