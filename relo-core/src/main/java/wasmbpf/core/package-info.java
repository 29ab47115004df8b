/** CO-RE relocation, after libbpf's relo_core.c. Knows {@code wasmbpf.btf} only. */
package wasmbpf.core;
