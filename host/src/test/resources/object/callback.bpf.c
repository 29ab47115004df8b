/* A function that runs after bpf_throw, named by a tag, and one that is called first. */
#include "bpf.h"
char _license[] SEC("license") = "GPL";
extern void bpf_throw(u64 cookie) __ksym;
__noinline int helper(int a) { return a * 2; }
__noinline int on_throw(u64 cookie) { return (int)cookie + helper(1); }
__attribute__((btf_decl_tag("exception_callback:on_throw"))) SEC("tc") int with_callback(void *ctx) { bpf_throw(3); return helper(5); }
SEC("tc") int without(void *ctx) { return 0; }
