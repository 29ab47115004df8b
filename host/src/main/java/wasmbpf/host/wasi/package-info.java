/**
 * WASI preview 1 for one guest: one file per family of functions over one {@link wasmbpf.host.wasi.FdTable}. Knows
 * {@code wasmbpf.wasm} and {@code wasmbpf.sys}; the bpf side ({@code wasmbpf.host.abi}) knows it, never the reverse.
 */
package wasmbpf.host.wasi;
