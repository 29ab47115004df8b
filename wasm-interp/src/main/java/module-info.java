/** A WebAssembly engine: decoder, validator, interpreter and a compiler to JVM bytecode. Usable alone. */
module wasmbpf.wasm {
    exports wasmbpf.wasm;
}
