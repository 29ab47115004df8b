/** A WebAssembly engine. Knows nobody. */
package wasmbpf.wasm;
