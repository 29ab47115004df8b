// node node.mjs MODULE ARGUMENT SECONDS: what wasmbpf.bench.table.EngineRun does, with Node's engine.
import { readFileSync } from "node:fs";

const [file, argument, seconds] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(file));
const imports = {};
for (const i of WebAssembly.Module.imports(module)) (imports[i.module] ??= {})[i.name] = () => 52;
const { run } = new WebAssembly.Instance(module, imports).exports;
const cpuMs = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e3; };
const first = cpuMs();
let best = Infinity, result;
for (let runs = 0; runs < 5 || cpuMs() - first < seconds * 1e3; runs++) {
  const before = cpuMs();
  result = run(Number(argument));
  best = Math.min(best, cpuMs() - before);
}
console.log(`RESULT ${result}\nCPU-MS ${best}`);
