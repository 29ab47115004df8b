/** BTF, .BTF.ext and C layout computed from them. */
module wasmbpf.btf {
    requires transitive wasmbpf.elf;

    exports wasmbpf.btf;
}
