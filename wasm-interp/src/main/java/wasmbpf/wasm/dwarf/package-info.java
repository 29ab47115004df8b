/**
 * Reading of DWARF 2 to 5 as compilers put it into custom sections of WebAssembly modules, as far as stack traces need
 * it: source lines, and the functions that were inlined at an address. Addresses are offsets in the contents of the code
 * section ("DWARF for WebAssembly"). Knows nobody.
 *
 * <p>Nothing here can make a module invalid. Debug information is read only when someone asks for it; damage ends the
 * reading of the unit it is in ({@code DwarfException}, which does not leave this package), and work is bounded by the
 * size of the sections ({@code Budget}).
 */
package wasmbpf.wasm.dwarf;
