// Runs a WASI command with Node's engine, the reference for programs that have no native build here:
//   node node-wasi.mjs MODULE [ARGS...]            folder w is open to it, as w and as /
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

const [module, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args: [module, ...args], preopens: { w: "w", "/": "w" }, returnOnExit: true });
const { instance } = await WebAssembly.instantiate(readFileSync(module), { wasi_snapshot_preview1: wasi.wasiImport });
process.exitCode = wasi.start(instance);
