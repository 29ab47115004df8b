// What QuickJS asks of an engine: a large switch, closures, regular expressions, big numbers, promises, exceptions.
function* squares(n) { for (let i = 0; i < n; i++) yield i * i; }
print([...squares(10)].join());
class Shape { constructor(n) { this.n = n; } get area() { return this.n ** 2; } static of(n) { return new this(n); } }
print(Shape.of(7).area, JSON.stringify({ a: [1, 2.5, null, "\u00e9"], b: { c: true } }));
print((2n ** 200n).toString(), (123456789n * 987654321n % 1000007n).toString());
print("2026-11-26".replace(/(\d+)-(\d+)-(\d+)/, "$3.$2.$1"), /(?<=a)b+/u.exec("aabbb")[0]);
try { null.x; } catch (e) { print(e instanceof TypeError, e.message); }
function depth(n) { return n == 0 ? 0 : 1 + depth(n - 1); }
print(depth(300));
const m = new Map();
for (let i = 0; i < 20000; i++) m.set("k" + i % 997, i);
print(m.size, m.get("k996"));
const a = new Float64Array(1000).map((_, i) => Math.sin(i));
print(a.reduce((x, y) => x + y).toFixed(10), Math.max(...a).toPrecision(15));
print([5, 1, 4].toSorted().join(), Object.entries({ x: 1 }).flat().join(), parseInt("zz", 36), (0.1 + 0.2).toString());
let h = 0;
for (let i = 0; i < 200000; i++) h = (h * 31 + i) | 0;
print(h, new Date(0).toISOString());
Promise.all([1, Promise.resolve(2)]).then(v => print("resolved", v.join())).finally(() => print("end"));
