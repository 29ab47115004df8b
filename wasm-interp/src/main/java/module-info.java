/** A WebAssembly engine: decoder, validator, interpreter and a compiler to JVM bytecode. Usable alone. */
module wasmbpf.wasm {
    // CPU time of threads, for profiles.
    requires java.management;
    exports wasmbpf.wasm;
}
