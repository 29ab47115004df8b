/** CO-RE relocation, after libbpf's relo_core.c. */
module wasmbpf.core {
    requires transitive wasmbpf.btf;

    exports wasmbpf.core;
}
