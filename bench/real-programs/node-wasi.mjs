// Runs a WASI command with Node's engine, the reference for programs that have no native build here:
//   node node-wasi.mjs MODULE [ARGS...]            folder w is open to it, as w and as /
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

const [module, ...args] = process.argv.slice(2);
const compiled = await WebAssembly.compile(readFileSync(module));
const old = WebAssembly.Module.imports(compiled).some(i => i.module === "wasi_unstable");
const wasi = new WASI({ version: old ? "unstable" : "preview1", args: [module, ...args], preopens: { w: "w", "/": "w" }, returnOnExit: true });
const instance = await WebAssembly.instantiate(compiled, { [old ? "wasi_unstable" : "wasi_snapshot_preview1"]: wasi.wasiImport });
process.exitCode = wasi.start(instance);
