/** The loader, the wasm_bpf host functions, WASI and the command line. */
module wasmbpf.host {
    requires transitive wasmbpf.elf;
    requires transitive wasmbpf.btf;
    requires transitive wasmbpf.core;
    requires transitive wasmbpf.sys;
    requires transitive wasmbpf.wasm;
    // sun.misc.Signal, the documented way to SIGINT and SIGTERM; only the command line uses it.
    requires jdk.unsupported;

    exports wasmbpf.host;
    exports wasmbpf.host.abi;
    exports wasmbpf.host.attach;
    exports wasmbpf.host.buffer;
    exports wasmbpf.host.inspect;
    exports wasmbpf.host.load;
    exports wasmbpf.host.object;
    exports wasmbpf.host.wasi;
}
