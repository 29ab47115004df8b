/**
 * A WebAssembly engine: WebAssembly 3.0, threads' instructions on one thread, wide arithmetic, custom page sizes and
 * the legacy exceptions. Knows nobody.
 *
 * <p>The way of a module: {@link wasmbpf.wasm.WasmModule#decode}, then {@link wasmbpf.wasm.Instance#instantiate} with
 * an {@link wasmbpf.wasm.ImportLinker}, then calls of {@link wasmbpf.wasm.WasmFunction}s. A function body is validated
 * and lowered in one pass at its first call ({@code FuncValidator} drives {@code Lowering}), and run by {@code
 * Interpreter}.
 *
 * <h2>Where values are</h2>
 * Numbers of open calls lie in slots of eight bytes outside the heap ({@code GuestStack}), a callee's parameters being
 * its caller's topmost operands; references lie in an array beside them with the same slot numbers. Linear memories are
 * outside the heap as well, at addresses that never change. Globals that are numbers lie in one array per instance, at places
 * that both tiers write into their code; those that are references, in a field each. Lowered code is another array per
 * instance ({@code CodeSpace}). The fields a tier may read directly are {@code LinearMemory.base} (constant) and {@code size}
 * (changes by any call and by memory.grow), {@code WasmGlobal.numbers}, {@code cell} and {@code ref}, {@code
 * WasmTable.elements} and {@code size}, {@code Instance.functions}. A table is written by its methods only: they make
 * {@code CallCache} forget.
 *
 * <h2>How a compiled tier plugs in</h2>
 * {@link wasmbpf.wasm.InstanceOptions#tier} gives the instance a {@link wasmbpf.wasm.Tier}. Each guest function is one
 * {@code GuestFunction} for ever: what changes is its {@code compiled} field. Without it {@code enter} interprets and
 * counts: after {@code callThreshold} calls, and once {@code Tier.affords} says so, it asks {@code Tier.compile}, whose
 * {@code CompiledCode} runs this and every later call; after {@code loopThreshold} iterations it asks {@code Tier.compileLoop} for code that takes over
 * the interpreter's frame at that loop and finishes the call. Compiled code called by compiled code need not touch the
 * guest stack: it may link directly, as long as it counts the depth and, before it calls anything else, sets up a
 * frame past its caller's ({@code frame} and {@code depth} are handed down for that). A trap is thrown as {@link
 * wasmbpf.wasm.Trap}; each compiled frame adds itself by {@code addFrame} of what passes. The generator of bytecode itself is
 * package {@code wasmbpf.wasm.compile}; it knows the public types of modules and validation only, and names the run
 * time's members as text, since its classes are defined into this package.
 */
package wasmbpf.wasm;
